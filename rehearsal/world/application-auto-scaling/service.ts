import type * as sdk from "@aws-sdk/client-application-auto-scaling";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { Partitions } from "../partitions";
import { TagStore } from "../tags";
import type { World } from "../world";
import { dueBetween, parseSchedule } from "./schedule";
import { checkSteps, stepCapacity, stepFor } from "./step-scaling";

interface TargetState {
  readonly arn: string;
  readonly createdMs: number;
  readonly resourceId: string;
  min: number;
  max: number;
  roleArn: string;
  suspended: sdk.SuspendedState;
  /** When each policy last acted, and by how much. */
  readonly lastOut: { atMs: number; by: number };
  readonly lastIn: { atMs: number };
  cooldownOutSeconds: number;
  cooldownInSeconds: number;
}

interface PolicyState {
  readonly arn: string;
  readonly createdMs: number;
  input: sdk.PutScalingPolicyCommandInput;
  alarms: sdk.Alarm[];
}

interface RegionState {
  readonly targets: Map<string, TargetState>;
  readonly policies: Map<string, PolicyState>;
  readonly scheduled: Map<
    string,
    { readonly arn: string; readonly createdMs: number; input: sdk.PutScheduledActionCommandInput }
  >;
  readonly activities: sdk.ScalingActivity[];
}

const dimension = "sagemaker:variant:DesiredInstanceCount";
const known: readonly string[] = [dimension, "sagemaker:inference-component:DesiredCopyCount"];
/** Application Auto Scaling's own default for sagemaker (its API's text, model of 2016-02-06). */
const cooldownSecondsDefault = 300;
const activitiesKept = 1000;
/** Target tracking's own alarms: general AWS behaviour, not documented for sagemaker. */
const highPeriods = 3;
const lowPeriods = 15;
const lowShare = 0.9;

/** Application Auto Scaling for SageMaker variants: targets, policies, scheduled actions, and what they did. */
export class ApplicationAutoScaling {
  private readonly regions = new Partitions<RegionState>(() => ({
    targets: new Map(),
    policies: new Map(),
    scheduled: new Map(),
    activities: [],
  }));
  private readonly tags = new TagStore();
  private lastMinuteMs: number;

  constructor(private readonly world: World) {
    this.lastMinuteMs = world.clock.now();
  }

  async registerScalableTarget(
    call: Call,
    input: sdk.RegisterScalableTargetCommandInput,
  ): Promise<Answer<sdk.RegisterScalableTargetCommandOutput>> {
    const { targets } = this.regions.of(call);
    const id = this.checkResource(input);
    const existing = targets.get(id);
    const min = input.MinCapacity ?? existing?.min;
    const max = input.MaxCapacity ?? existing?.max;
    if (min === undefined || max === undefined)
      throw new AwsError(
        "ValidationException",
        "MinCapacity and MaxCapacity are required to register a scalable target",
      );
    if (min < 0 || max < min)
      throw new AwsError(
        "ValidationException",
        `Maximum capacity cannot be less than minimum capacity (${max} < ${min})`,
      );
    const variant = await this.variant(call, id);
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
      lastOut: { atMs: Number.NEGATIVE_INFINITY, by: 0 },
      lastIn: { atMs: Number.NEGATIVE_INFINITY },
      cooldownOutSeconds: 0,
      cooldownInSeconds: 0,
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
      ({ resourceId }) => input.ResourceIds === undefined || input.ResourceIds.includes(resourceId),
    );
    return {
      ScalableTargets: found.map((target) => ({
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
    for (const [name, action] of state.scheduled)
      if (action.input.ResourceId === target.resourceId) state.scheduled.delete(name);
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
    if (type === "TargetTrackingScaling") await this.trackingAlarms(call, state, target.resourceId);
    return { PolicyARN: state.arn, Alarms: state.alarms };
  }

  async describeScalingPolicies(
    call: Call,
    input: sdk.DescribeScalingPoliciesCommandInput,
  ): Promise<Answer<sdk.DescribeScalingPoliciesCommandOutput>> {
    const found = [...this.regions.of(call).policies.values()].filter(
      ({ input: made }) =>
        (input.ResourceId ?? made.ResourceId) === made.ResourceId &&
        (input.PolicyNames ?? [made.PolicyName]).includes(made.PolicyName ?? ""),
    );
    return {
      ScalingPolicies: found.map(({ arn, createdMs, input: made, alarms }) => ({
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
    const name = input.ScheduledActionName ?? "";
    parseSchedule(input.Schedule ?? "");
    const { scheduled } = this.regions.of(call);
    const key = `${target.resourceId}\n${name}`;
    const existing = scheduled.get(key);
    if (existing !== undefined) existing.input = { ...existing.input, ...input };
    else {
      scheduled.set(key, {
        arn: `arn:aws:autoscaling:${call.region}:${call.accountId}:scheduledAction:${this.world.ids.uuid()}:resource/sagemaker/${target.resourceId}:scheduledActionName/${name}`,
        createdMs: this.world.clock.now(),
        input,
      });
    }
    return {};
  }

  async describeScheduledActions(
    call: Call,
    input: sdk.DescribeScheduledActionsCommandInput,
  ): Promise<Answer<sdk.DescribeScheduledActionsCommandOutput>> {
    const found = [...this.regions.of(call).scheduled.values()].filter(
      ({ input: made }) =>
        (input.ResourceId ?? made.ResourceId) === made.ResourceId &&
        (input.ScheduledActionNames ?? [made.ScheduledActionName]).includes(made.ScheduledActionName ?? ""),
    );
    return {
      ScheduledActions: found.map(
        ({ arn, createdMs, input: made }) =>
          ({ ...made, ScheduledActionARN: arn, CreationTime: new Date(createdMs) }) as sdk.ScheduledAction,
      ),
    };
  }

  async deleteScheduledAction(
    call: Call,
    input: sdk.DeleteScheduledActionCommandInput,
  ): Promise<Answer<sdk.DeleteScheduledActionCommandOutput>> {
    if (!this.regions.of(call).scheduled.delete(`${input.ResourceId}\n${input.ScheduledActionName}`)) {
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
    const found = this.regions
      .of(call)
      .activities.filter(({ ResourceId }) => (input.ResourceId ?? ResourceId) === ResourceId);
    return { ScalingActivities: [...found].reverse().slice(0, input.MaxResults ?? 50) };
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

  /** CloudWatch's call when an alarm is, or goes on being, in ALARM. */
  async onAlarm(
    call: Call,
    alarm: {
      readonly policyArn: string;
      readonly alarmName: string;
      readonly metricValue: number | undefined;
      readonly threshold: number;
    },
  ): Promise<void> {
    const { policies, targets } = this.regions.of(call);
    const policy = [...policies.values()].find(({ arn }) => arn === alarm.policyArn);
    const target = targets.get(policy?.input.ResourceId ?? "");
    if (policy === undefined || target === undefined) throw notFound(`No scaling policy ${alarm.policyArn}`);
    const { desired } = await this.variant(call, target.resourceId);
    const cause = `monitor alarm ${alarm.alarmName} in state ALARM triggered policy ${policy.input.PolicyName}`;
    const step = policy.input.StepScalingPolicyConfiguration;
    if (step !== undefined) {
      if (alarm.metricValue === undefined) return;
      const chosen = stepFor(step.StepAdjustments ?? [], alarm.metricValue - alarm.threshold);
      if (chosen === undefined) return;
      const cooldown = step.Cooldown ?? cooldownSecondsDefault;
      await this.moveTo(call, target, stepCapacity(step, chosen.ScalingAdjustment ?? 0, desired), cause, {
        out: cooldown,
        in: cooldown,
      });
      return;
    }
    const tracking = policy.input.TargetTrackingScalingPolicyConfiguration;
    if (tracking === undefined || alarm.metricValue === undefined) return;
    const high = alarm.alarmName.includes("-AlarmHigh-");
    if (!high && tracking.DisableScaleIn === true) return;
    const wanted = Math.ceil((desired * alarm.metricValue) / (tracking.TargetValue ?? 1));
    const goal = high ? Math.max(desired + 1, wanted) : Math.min(desired - 1, wanted);
    await this.moveTo(call, target, desired === 0 ? 0 : goal, cause, {
      out: tracking.ScaleOutCooldown ?? cooldownSecondsDefault,
      in: tracking.ScaleInCooldown ?? cooldownSecondsDefault,
    });
  }

  /** Brings capacities within their bounds and runs what is scheduled for the minute. */
  async onMinute(nowMs: number): Promise<void> {
    for (const { accountId, region, state } of this.regions.all()) {
      const call: Call = {
        accountId,
        region,
        principal: { kind: "service", service: "application-autoscaling.amazonaws.com" },
      };
      for (const { input } of state.scheduled.values()) {
        const target = state.targets.get(input.ResourceId ?? "");
        if (target === undefined || target.suspended.ScheduledScalingSuspended === true) continue;
        if (!dueBetween(parseSchedule(input.Schedule ?? ""), this.lastMinuteMs, nowMs)) continue;
        const { MinCapacity, MaxCapacity } = input.ScalableTargetAction ?? {};
        Object.assign(target, { min: MinCapacity ?? target.min, max: MaxCapacity ?? target.max });
      }
      for (const target of state.targets.values()) {
        const variant = await this.variant(call, target.resourceId).catch(() => undefined);
        if (variant === undefined || (variant.desired >= target.min && variant.desired <= target.max)) continue;
        await this.moveTo(call, target, variant.desired, "the capacity was outside the target's bounds", {
          out: 0,
          in: 0,
        });
      }
    }
    this.lastMinuteMs = nowMs;
  }

  private async moveTo(
    call: Call,
    target: TargetState,
    wanted: number,
    cause: string,
    cooldownSeconds: { readonly out: number; readonly in: number },
  ): Promise<void> {
    const nowMs = this.world.clock.now();
    const { desired, status, endpointName, variantName } = await this.variant(call, target.resourceId);
    const goal = Math.min(target.max, Math.max(target.min, wanted));
    if (goal === desired) return;
    const out = goal > desired;
    if (out ? target.suspended.DynamicScalingOutSuspended : target.suspended.DynamicScalingInSuspended) return;
    if (out && nowMs < target.lastOut.atMs + target.cooldownOutSeconds * 1000) return;
    // After a step out, too, nothing is taken away until the step's own cooldown is over.
    const quietUntilMs = Math.max(
      target.lastIn.atMs + target.cooldownInSeconds * 1000,
      target.lastOut.atMs + target.cooldownOutSeconds * 1000,
    );
    if (!out && nowMs < quietUntilMs) return;
    const activity: sdk.ScalingActivity = {
      ActivityId: this.world.ids.uuid(),
      ServiceNamespace: "sagemaker",
      ResourceId: target.resourceId,
      ScalableDimension: dimension,
      Description: `Setting desired instance count to ${goal}.`,
      Cause: cause,
      StartTime: new Date(nowMs),
      StatusCode: "Successful",
      StatusMessage: `Successfully set desired instance count to ${goal}.`,
    };
    try {
      if (status !== "InService") throw new AwsError("ValidationException", `the endpoint is ${status}`);
      await this.world.sagemaker.updateEndpointWeightsAndCapacities(call, {
        EndpointName: endpointName,
        DesiredWeightsAndCapacities: [{ VariantName: variantName, DesiredInstanceCount: goal }],
      });
    } catch (refusal) {
      if (!(refusal instanceof AwsError)) throw refusal;
      // The alarm stays in ALARM and asks again the next minute.
      this.note(call, {
        ...activity,
        StatusCode: "Failed",
        StatusMessage: `Failed to set desired instance count to ${goal}: ${refusal.message}`,
      });
      return;
    }
    if (out) {
      Object.assign(target.lastOut, { atMs: nowMs, by: goal - desired });
      target.cooldownOutSeconds = cooldownSeconds.out;
    } else {
      target.lastIn.atMs = nowMs;
      target.cooldownInSeconds = cooldownSeconds.in;
    }
    this.note(call, { ...activity, EndTime: new Date(nowMs) });
    this.world.journal.add(nowMs, call, {
      kind: "scaling",
      resourceId: target.resourceId,
      from: desired,
      to: goal,
      cause,
    });
  }

  private note(call: Call, activity: sdk.ScalingActivity): void {
    const { activities } = this.regions.of(call);
    activities.push(activity);
    if (activities.length > activitiesKept) activities.shift();
  }

  /** Target tracking is a pair of alarms that Application Auto Scaling makes and owns. */
  private async trackingAlarms(call: Call, policy: PolicyState, id: string): Promise<void> {
    const {
      CustomizedMetricSpecification: metric,
      PredefinedMetricSpecification: predefined,
      TargetValue = 0,
    } = policy.input.TargetTrackingScalingPolicyConfiguration ?? {};
    if (policy.alarms.length === 0) {
      policy.alarms = (["High", "Low"] as const).map((side) => {
        const AlarmName = `TargetTracking-${id}-Alarm${side}-${this.world.ids.uuid()}`;
        return { AlarmName, AlarmARN: `arn:aws:cloudwatch:${call.region}:${call.accountId}:alarm:${AlarmName}` };
      });
    }
    const [, endpointName = "", , variantName = ""] = id.split("/");
    const shared = {
      Namespace: metric?.Namespace ?? "AWS/SageMaker",
      MetricName: metric?.MetricName ?? predefinedName(predefined?.PredefinedMetricType),
      Dimensions:
        metric?.Dimensions?.map(({ Name, Value }) => ({ Name, Value })) ??
        (metric === undefined
          ? [
              { Name: "EndpointName", Value: endpointName },
              { Name: "VariantName", Value: variantName },
            ]
          : []),
      Statistic: (metric?.Statistic ?? "Average") as "Average",
      Period: 60,
      AlarmActions: [policy.arn],
      AlarmDescription: "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy.",
    };
    const [high, low] = policy.alarms;
    await this.world.cloudwatch.putMetricAlarm(call, {
      ...shared,
      AlarmName: high?.AlarmName,
      EvaluationPeriods: highPeriods,
      Threshold: TargetValue,
      ComparisonOperator: "GreaterThanThreshold",
    });
    await this.world.cloudwatch.putMetricAlarm(call, {
      ...shared,
      AlarmName: low?.AlarmName,
      EvaluationPeriods: lowPeriods,
      Threshold: TargetValue * lowShare,
      ComparisonOperator: "LessThanThreshold",
    });
  }

  private async removePolicy(call: Call, policy: PolicyState): Promise<void> {
    this.regions.of(call).policies.delete(`${policy.input.ResourceId}\n${policy.input.PolicyName}`);
    await this.world.cloudwatch.deleteAlarms(call, {
      AlarmNames: policy.alarms.map(({ AlarmName }) => AlarmName ?? ""),
    });
  }

  private async variant(call: Call, id: string) {
    const [, endpointName = "", , variantName = ""] = id.split("/");
    let answer: Awaited<ReturnType<World["sagemaker"]["describeEndpoint"]>>;
    try {
      answer = await this.world.sagemaker.describeEndpoint(call, { EndpointName: endpointName });
    } catch (cause) {
      throw cause instanceof AwsError ? new AwsError("ValidationException", `${cause.message}`) : cause;
    }
    const found = answer.ProductionVariants?.find(({ VariantName }) => VariantName === variantName);
    if (found === undefined)
      throw new AwsError("ValidationException", `The endpoint ${endpointName} has no variant ${variantName}`);
    return {
      endpointName,
      variantName,
      desired: found.DesiredInstanceCount ?? 0,
      status: answer.EndpointStatus,
      async: answer.AsyncInferenceConfig !== undefined,
    };
  }

  private checkResource(input: {
    ServiceNamespace?: string | undefined;
    ScalableDimension?: string | undefined;
    ResourceId?: string | undefined;
  }): string {
    if (input.ServiceNamespace !== "sagemaker")
      throw new AwsError(
        "ValidationException",
        `Service namespace ${input.ServiceNamespace} is not played by this rehearsal.`,
      );
    if (!known.includes(input.ScalableDimension ?? ""))
      throw new AwsError("ValidationException", `Unsupported scalable dimension: ${input.ScalableDimension}`);
    if (!/^endpoint\/[^/]+\/variant\/[^/]+$/.test(input.ResourceId ?? ""))
      throw new AwsError("ValidationException", `Unsupported resource ID: ${input.ResourceId}`);
    return input.ResourceId ?? "";
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

function predefinedName(type: string | undefined): string {
  return type === "SageMakerVariantInvocationsPerInstance" ? "InvocationsPerInstance" : (type ?? "");
}

function notFound(message: string): AwsError {
  return new AwsError("ObjectNotFoundException", message);
}
