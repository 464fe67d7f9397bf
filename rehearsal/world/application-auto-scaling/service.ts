import type * as sdk from "@aws-sdk/client-application-auto-scaling";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { pageOf } from "../paging";
import { Partitions } from "../partitions";
import { TagStore } from "../tags";
import type { World } from "../world";
import { Capacity, type TargetState } from "./capacity";
import { decide, type Wish } from "./decision";
import { pageAsked, policiesPageSize } from "./pages";
import { dimension, isPlayed, resourceIdOf } from "./resource";
import { ScheduledActions } from "./scheduled-actions";
import { checkSteps } from "./step-scaling";
import { putTrackingAlarms } from "./tracking-alarms";
import { type AlarmCall, wishOf } from "./wishes";

interface PolicyState {
  readonly arn: string;
  readonly createdMs: number;
  input: sdk.PutScalingPolicyCommandInput;
  alarms: sdk.Alarm[];
}

interface RegionState {
  readonly targets: Map<string, TargetState>;
  readonly policies: Map<string, PolicyState>;
  readonly scheduled: ScheduledActions;
}

/** Application Auto Scaling for SageMaker variants: targets, policies, scheduled actions, and what they did. */
export class ApplicationAutoScaling {
  private readonly regions = new Partitions<RegionState>(() => ({
    targets: new Map(),
    policies: new Map(),
    scheduled: new ScheduledActions(),
  }));
  private readonly tags = new TagStore();
  private lastMinuteMs: number;

  private readonly capacity: Capacity;

  constructor(private readonly world: World) {
    this.capacity = new Capacity(world);
    this.lastMinuteMs = world.clock.now();
  }

  async registerScalableTarget(
    call: Call,
    input: sdk.RegisterScalableTargetCommandInput,
  ): Promise<Answer<sdk.RegisterScalableTargetCommandOutput>> {
    const { targets } = this.regions.of(call);
    const id = resourceIdOf(input);
    const existing = targets.get(id);
    const min = input.MinCapacity ?? existing?.min;
    const max = input.MaxCapacity ?? existing?.max;
    if (min === undefined || max === undefined)
      throw new AwsError(
        "ValidationException",
        "MinCapacity and MaxCapacity are required to register a scalable target",
      );
    if (min < 0) throw new AwsError("ValidationException", `Minimum capacity cannot be less than zero (${min})`);
    if (max < min)
      throw new AwsError(
        "ValidationException",
        `Maximum capacity cannot be less than minimum capacity (${max} < ${min})`,
      );
    const variant = await this.capacity.variant(call, id);
    if (min === 0 && !variant.async)
      throw new AwsError(
        "ValidationException",
        "Minimum capacity must be greater than or equal to 1 for this resource",
      );
    const target: TargetState = existing ?? {
      arn: `arn:aws:application-autoscaling:${call.region}:${call.accountId}:scalable-target/${this.world.ids.hex(32)}`,
      createdMs: this.world.clock.now(),
      resourceId: id,
      min,
      max,
      roleArn: `arn:aws:iam::${call.accountId}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
      suspended: {},
      memory: {},
    };
    Object.assign(target, { min, max, suspended: input.SuspendedState ?? target.suspended });
    targets.set(id, target);
    this.tags.put(target.arn, input.Tags ?? {});
    return { ScalableTargetARN: target.arn };
  }

  async describeScalableTargets(
    call: Call,
    input: sdk.DescribeScalableTargetsCommandInput,
  ): Promise<Answer<sdk.DescribeScalableTargetsCommandOutput>> {
    const found = [...this.regions.of(call).targets.values()].filter(
      ({ resourceId }) =>
        isPlayed(input) && (input.ResourceIds === undefined || input.ResourceIds.includes(resourceId)),
    );
    const { items, next } = pageOf(found, ({ resourceId }) => resourceId, pageAsked(input));
    return {
      ...(next === undefined ? {} : { NextToken: next }),
      ScalableTargets: items.map((target) => ({
        ServiceNamespace: "sagemaker" as const,
        ScalableDimension: dimension,
        ResourceId: target.resourceId,
        MinCapacity: target.min,
        MaxCapacity: target.max,
        RoleARN: target.roleArn,
        ScalableTargetARN: target.arn,
        CreationTime: new Date(target.createdMs),
        SuspendedState: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: false,
          ...target.suspended,
        },
      })),
    };
  }

  async deregisterScalableTarget(
    call: Call,
    input: sdk.DeregisterScalableTargetCommandInput,
  ): Promise<Answer<sdk.DeregisterScalableTargetCommandOutput>> {
    const state = this.regions.of(call);
    const target = this.target(call, input);
    for (const policy of [...state.policies.values()].filter((each) => each.input.ResourceId === target.resourceId)) {
      await this.removePolicy(call, policy);
    }
    state.scheduled.deleteAllOf(target.resourceId);
    state.targets.delete(target.resourceId);
    this.tags.forget(target.arn);
    return {};
  }

  async putScalingPolicy(
    call: Call,
    input: sdk.PutScalingPolicyCommandInput,
  ): Promise<Answer<sdk.PutScalingPolicyCommandOutput>> {
    const { policies } = this.regions.of(call);
    const target = this.target(call, input);
    const name = input.PolicyName ?? "";
    const key = `${target.resourceId}\n${name}`;
    const type = input.PolicyType ?? "StepScaling";
    const step = input.StepScalingPolicyConfiguration;
    if (type === "StepScaling") {
      if (step === undefined)
        throw new AwsError(
          "ValidationException",
          "StepScalingPolicyConfiguration is required for a StepScaling policy",
        );
      checkSteps(step.StepAdjustments ?? []);
    } else if (input.TargetTrackingScalingPolicyConfiguration === undefined) {
      throw new AwsError(
        "ValidationException",
        "TargetTrackingScalingPolicyConfiguration is required for a TargetTrackingScaling policy",
      );
    }
    const existing = policies.get(key);
    const state: PolicyState = existing ?? {
      arn: `arn:aws:autoscaling:${call.region}:${call.accountId}:scalingPolicy:${this.world.ids.uuid()}:resource/sagemaker/${target.resourceId}:policyName/${name}`,
      createdMs: this.world.clock.now(),
      input,
      alarms: [],
    };
    state.input = { ...input, PolicyType: type };
    policies.set(key, state);
    if (type === "TargetTrackingScaling") {
      const tracking = input.TargetTrackingScalingPolicyConfiguration ?? { TargetValue: undefined };
      state.alarms = await putTrackingAlarms(this.world, call, state.arn, target.resourceId, tracking, state.alarms);
    } else await this.removeAlarms(call, state);
    return { PolicyARN: state.arn, Alarms: state.alarms };
  }

  async describeScalingPolicies(
    call: Call,
    input: sdk.DescribeScalingPoliciesCommandInput,
  ): Promise<Answer<sdk.DescribeScalingPoliciesCommandOutput>> {
    const found = [...this.regions.of(call).policies.values()].filter(
      ({ input: made }) =>
        isPlayed(input) &&
        (input.ResourceId ?? made.ResourceId) === made.ResourceId &&
        (input.PolicyNames ?? [made.PolicyName]).includes(made.PolicyName ?? ""),
    );
    const { items, next } = pageOf(found, ({ arn }) => arn, pageAsked(input, policiesPageSize));
    return {
      ...(next === undefined ? {} : { NextToken: next }),
      ScalingPolicies: items.map(({ arn, createdMs, input: made, alarms }) => ({
        PolicyARN: arn,
        PolicyName: made.PolicyName,
        ServiceNamespace: made.ServiceNamespace,
        ResourceId: made.ResourceId,
        ScalableDimension: made.ScalableDimension,
        PolicyType: made.PolicyType,
        ...(made.StepScalingPolicyConfiguration === undefined
          ? {}
          : { StepScalingPolicyConfiguration: made.StepScalingPolicyConfiguration }),
        ...(made.TargetTrackingScalingPolicyConfiguration === undefined
          ? {}
          : { TargetTrackingScalingPolicyConfiguration: made.TargetTrackingScalingPolicyConfiguration }),
        Alarms: alarms,
        CreationTime: new Date(createdMs),
      })),
    };
  }

  async deleteScalingPolicy(
    call: Call,
    input: sdk.DeleteScalingPolicyCommandInput,
  ): Promise<Answer<sdk.DeleteScalingPolicyCommandOutput>> {
    const policy = this.regions.of(call).policies.get(`${input.ResourceId}\n${input.PolicyName}`);
    if (policy === undefined)
      throw notFound(
        `No scaling policy found for service namespace: sagemaker, resource ID: ${input.ResourceId}, scalable dimension: ${dimension}`,
      );
    await this.removePolicy(call, policy);
    return {};
  }

  async putScheduledAction(
    call: Call,
    input: sdk.PutScheduledActionCommandInput,
  ): Promise<Answer<sdk.PutScheduledActionCommandOutput>> {
    const target = this.target(call, input);
    this.regions
      .of(call)
      .scheduled.put(
        input,
        this.world.clock.now(),
        () =>
          `arn:aws:autoscaling:${call.region}:${call.accountId}:scheduledAction:${this.world.ids.uuid()}:resource/sagemaker/${target.resourceId}:scheduledActionName/${input.ScheduledActionName}`,
      );
    return {};
  }

  async describeScheduledActions(
    call: Call,
    input: sdk.DescribeScheduledActionsCommandInput,
  ): Promise<Answer<sdk.DescribeScheduledActionsCommandOutput>> {
    const found = isPlayed(input) ? this.regions.of(call).scheduled.describe(input) : [];
    const { items, next } = pageOf(found, ({ ScheduledActionARN = "" }) => ScheduledActionARN, pageAsked(input));
    return { ScheduledActions: items, ...(next === undefined ? {} : { NextToken: next }) };
  }

  async deleteScheduledAction(
    call: Call,
    input: sdk.DeleteScheduledActionCommandInput,
  ): Promise<Answer<sdk.DeleteScheduledActionCommandOutput>> {
    if (!this.regions.of(call).scheduled.delete(input)) {
      throw notFound(
        `No scheduled action found for service namespace: sagemaker, resource ID: ${input.ResourceId}, scalable dimension: ${dimension}`,
      );
    }
    return {};
  }

  async describeScalingActivities(
    call: Call,
    input: sdk.DescribeScalingActivitiesCommandInput,
  ): Promise<Answer<sdk.DescribeScalingActivitiesCommandOutput>> {
    return this.capacity.describe(call, input);
  }

  async tagResource(_call: Call, input: sdk.TagResourceCommandInput): Promise<Answer<sdk.TagResourceCommandOutput>> {
    this.tags.put(input.ResourceARN ?? "", input.Tags ?? {});
    return {};
  }

  async untagResource(
    _call: Call,
    input: sdk.UntagResourceCommandInput,
  ): Promise<Answer<sdk.UntagResourceCommandOutput>> {
    this.tags.remove(input.ResourceARN ?? "", input.TagKeys ?? []);
    return {};
  }

  async listTagsForResource(
    _call: Call,
    input: sdk.ListTagsForResourceCommandInput,
  ): Promise<Answer<sdk.ListTagsForResourceCommandOutput>> {
    return { Tags: this.tags.of(input.ResourceARN ?? "") };
  }

  /**
   * CloudWatch's call with every alarm that is, or goes on being, in ALARM at one time, so that of several policies of a
   * target the largest capacity wins.
   *
   * @returns the policies that are not there
   */
  async onAlarms(call: Call, alarms: readonly AlarmCall[]): Promise<string[]> {
    const { policies, targets } = this.regions.of(call);
    const missing: string[] = [];
    const wishes = new Map<TargetState, Wish[]>();
    for (const alarm of alarms) {
      const policy = [...policies.values()].find(({ arn }) => arn === alarm.policyArn);
      const target = targets.get(policy?.input.ResourceId ?? "");
      if (policy === undefined || target === undefined) {
        missing.push(alarm.policyArn);
        continue;
      }
      const wish = wishOf(policy.input, alarm);
      if (wish !== undefined) wishes.set(target, [...(wishes.get(target) ?? []), wish]);
    }
    for (const [target, asked] of wishes) {
      const { desired } = await this.capacity.variant(call, target.resourceId);
      const decision = decide(asked, {
        nowMs: this.world.clock.now(),
        desired,
        min: target.min,
        max: target.max,
        memory: target.memory,
        scaleOutSuspended: target.suspended.DynamicScalingOutSuspended === true,
        scaleInSuspended: target.suspended.DynamicScalingInSuspended === true,
      });
      if (decision === undefined) continue;
      const { alarmName, policyName } = decision.by;
      const cause = `monitor alarm ${alarmName} in state ALARM triggered policy ${policyName}`;
      if (await this.capacity.moveTo(call, target, decision.goal, cause)) target.memory = decision.memory;
    }
    return missing;
  }

  /** Runs what is scheduled for the minute and brings capacities within their bounds. */
  async onMinute(nowMs: number): Promise<void> {
    for (const { accountId, region, state } of this.regions.all()) {
      const call: Call = {
        accountId,
        region,
        principal: { kind: "service", service: "application-autoscaling.amazonaws.com" },
      };
      const reasons = new Map<TargetState, string>();
      for (const action of state.scheduled.due(this.lastMinuteMs, nowMs)) {
        const target = state.targets.get(action.resourceId);
        if (target === undefined || target.suspended.ScheduledScalingSuspended === true) continue;
        const min = action.minCapacity ?? target.min;
        const max = action.maxCapacity ?? target.max;
        const cause = `scheduled action name ${action.name} was triggered`;
        const failed = min > max ? `the minimum ${min} is above the maximum ${max}` : undefined;
        this.capacity.noteBounds(call, target, { min, max, cause, failed });
        if (failed !== undefined) continue;
        Object.assign(target, { min, max });
        reasons.set(target, cause);
      }
      for (const target of state.targets.values()) {
        const variant = await this.capacity.variant(call, target.resourceId).catch(() => undefined);
        if (variant === undefined) continue;
        const goal = Math.min(target.max, Math.max(target.min, variant.desired));
        const cause = reasons.get(target) ?? "the capacity was outside the target's bounds";
        if (goal !== variant.desired) await this.capacity.moveTo(call, target, goal, cause);
      }
    }
    this.lastMinuteMs = nowMs;
  }

  private async removePolicy(call: Call, policy: PolicyState): Promise<void> {
    this.regions.of(call).policies.delete(`${policy.input.ResourceId}\n${policy.input.PolicyName}`);
    await this.removeAlarms(call, policy);
  }

  /** A policy that tracks nothing has no alarms of its own. */
  private async removeAlarms(call: Call, policy: PolicyState): Promise<void> {
    const AlarmNames = policy.alarms.splice(0).map(({ AlarmName }) => AlarmName ?? "");
    await this.world.cloudwatch.deleteAlarms(call, { AlarmNames });
  }

  private target(call: Call, input: { ResourceId?: string | undefined }): TargetState {
    const target = this.regions.of(call).targets.get(input.ResourceId ?? "");
    if (target === undefined) {
      throw notFound(
        `No scalable target registered for service namespace: sagemaker, resource ID: ${input.ResourceId}, scalable dimension: ${dimension}`,
      );
    }
    return target;
  }
}

function notFound(message: string): AwsError {
  return new AwsError("ObjectNotFoundException", message);
}
