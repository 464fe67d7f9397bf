import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metrics } from "../contract/metrics";
import type { ScalingPlan } from "../contract/scaling";
import { childOf, endpointName, type RegionContext, regionalName, variantName } from "./context";
import { alarmArgs, dimensionsOf } from "./metric-alarm";

export interface BacklogScalingArgs {
  readonly context: RegionContext;
  readonly plan: ScalingPlan;
  readonly endpoint: pulumi.Resource;
  /** From `AsyncEndpoint.scaledType`: its replacement takes the target and its policies away first. */
  readonly scaledType: pulumi.Resource;
}

/**
 * A scaling plan turned into Application Auto Scaling and CloudWatch resources:
 *
 * 1. the scalable target, from the minimum (0) to the maximum;
 * 2. the wake pair: an alarm on a backlog without capacity and the step it fires. Target tracking alone does not wake
 *    an endpoint for few requests, because a backlog per instance says nothing without an instance;
 * 3. target tracking on the backlog per instance, which adds instances and, with `withBacklog`, takes them away;
 * 4. with `whenIdle`, the idle pair: back to the fewest instances only after minutes with nothing queued or running, so
 *    that a long request is never cut;
 * 5. scheduled actions, which move the target's bounds by the clock. A later deployment that changes the target sets the
 *    plan's own bounds again, until the next scheduled action.
 *
 * Cost: the two alarms, and the instances; Application Auto Scaling itself is free.
 */
export class BacklogScaling extends pulumi.ComponentResource {
  constructor(name: string, args: BacklogScalingArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:BacklogScaling", name, {}, opts);
    const target = this.createTarget(name, args);
    this.createWake(name, args, target);
    this.createTracking(name, args, target);
    this.createIdle(name, args, target);
    this.createSchedule(name, args, target);
    this.registerOutputs({});
  }

  private createTarget(name: string, args: BacklogScalingArgs): aws.appautoscaling.Target {
    const { context, plan, endpoint, scaledType } = args;
    const resourceId = `endpoint/${endpointName(context)}/variant/${variantName}`;
    return new aws.appautoscaling.Target(
      name,
      {
        region: context.region,
        serviceNamespace: "sagemaker",
        scalableDimension: "sagemaker:variant:DesiredInstanceCount",
        // Plain text that depends on another resource: a URN is known in every preview.
        resourceId: scaledType.urn.apply(() => resourceId),
        minCapacity: plan.minInstances,
        maxCapacity: plan.maxInstances,
        tags: context.tags,
      },
      childOf(this, { dependsOn: endpoint }),
    );
  }

  private createWake(name: string, { context, plan }: BacklogScalingArgs, target: aws.appautoscaling.Target): void {
    if (plan.wake === undefined) return;
    const policy = new aws.appautoscaling.Policy(
      `${name}-wake`,
      {
        ...onTarget(context, target),
        policyType: "StepScaling",
        stepScalingPolicyConfiguration: {
          adjustmentType: "ChangeInCapacity",
          metricAggregationType: "Average",
          cooldown: plan.wake.cooldownSeconds,
          stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: plan.wake.addInstances }],
        },
      },
      childOf(this),
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-wake-alarm`,
      {
        ...alarmArgs(context, "wake", { ...plan.wake.alarm, periods: plan.wake.alarm.minutes }),
        alarmDescription: `Requests wait for ${endpointName(context)} and no instance is there: brings the first.`,
        alarmActions: [policy.arn],
      },
      childOf(this),
    );
  }

  private createTracking(name: string, { context, plan }: BacklogScalingArgs, target: aws.appautoscaling.Target): void {
    const { backlog } = plan;
    const metric = metrics[backlog.metric];
    new aws.appautoscaling.Policy(
      `${name}-backlog`,
      {
        ...onTarget(context, target),
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: {
          targetValue: backlog.targetValue,
          scaleOutCooldown: backlog.scaleOutCooldownSeconds,
          scaleInCooldown: backlog.scaleInCooldownSeconds,
          disableScaleIn: backlog.disableScaleIn,
          customizedMetricSpecification: {
            namespace: metric.namespace,
            metricName: metric.name,
            statistic: "Average",
            dimensions: Object.entries(dimensionsOf(context, backlog.metric)).map(([dimension, value]) => ({
              name: dimension,
              value,
            })),
          },
        },
      },
      childOf(this),
    );
  }

  private createIdle(name: string, { context, plan }: BacklogScalingArgs, target: aws.appautoscaling.Target): void {
    if (plan.idle === undefined) return;
    const policy = new aws.appautoscaling.Policy(
      `${name}-idle`,
      {
        ...onTarget(context, target),
        policyType: "StepScaling",
        stepScalingPolicyConfiguration: {
          adjustmentType: "ExactCapacity",
          metricAggregationType: "Maximum",
          cooldown: plan.idle.cooldownSeconds,
          stepAdjustments: [{ metricIntervalUpperBound: "0", scalingAdjustment: plan.idle.toInstances }],
        },
      },
      childOf(this),
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-idle-alarm`,
      {
        ...alarmArgs(context, "idle", { ...plan.idle.alarm, periods: plan.idle.alarm.minutes }),
        alarmDescription: `Nothing is queued or running at ${endpointName(context)}: goes back to ${plan.idle.toInstances}.`,
        alarmActions: [policy.arn],
      },
      childOf(this),
    );
  }

  private createSchedule(name: string, { context, plan }: BacklogScalingArgs, target: aws.appautoscaling.Target): void {
    for (const bounds of plan.schedule) {
      new aws.appautoscaling.ScheduledAction(
        `${name}-at-${bounds.name}`,
        {
          ...onTarget(context, target),
          name: regionalName(context, "scheduledAction", bounds.name),
          schedule: bounds.schedule,
          timezone: bounds.timezone,
          scalableTargetAction: {
            ...(bounds.minInstances === undefined ? {} : { minCapacity: bounds.minInstances }),
            ...(bounds.maxInstances === undefined ? {} : { maxCapacity: bounds.maxInstances }),
          },
        },
        childOf(this),
      );
    }
  }
}

function onTarget(context: RegionContext, target: aws.appautoscaling.Target) {
  return {
    region: context.region,
    serviceNamespace: target.serviceNamespace,
    scalableDimension: target.scalableDimension,
    resourceId: target.resourceId,
  };
}
