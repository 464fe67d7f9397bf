import { types } from "../../policies/async-resources";
import { but, configuration, model, named } from "./hand-written";
import { type StackResource, unknown } from "./verdict";

/** A whole asynchronous endpoint as a person would write it, resource by resource, with what scales and watches it. */

const region = "eu-west-1";
const scaling = {
  region,
  serviceNamespace: "sagemaker",
  scalableDimension: "sagemaker:variant:DesiredInstanceCount",
  resourceId: "endpoint/e/variant/primary",
} as const;
const topic = "arn:aws:sns:eu-west-1:123456789012:pager";

export const endpoint = named("endpoint", {
  type: types.endpoint,
  props: { region, name: "e", endpointConfigName: "c" },
});
export const settings = but(named("settings", configuration()), { name: "c" });
export const servedModel = but(named("model", model()), { name: "m" });
export const target = named("target", { type: types.target, props: { ...scaling, minCapacity: 0, maxCapacity: 4 } });

/** The step from zero; its ARN is unknown at preview, so that only dependencies say who fires it. */
export const wakeStep = named("wake", {
  type: types.scalingPolicy,
  props: {
    ...scaling,
    arn: unknown,
    policyType: "StepScaling",
    stepScalingPolicyConfiguration: {
      adjustmentType: "ChangeInCapacity",
      cooldown: 300,
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
    },
  },
});
export const wakeAlarm = alarm(
  "wake-alarm",
  "HasBacklogWithoutCapacity",
  { statistic: "Average", alarmActions: [unknown] },
  { alarmActions: ["wake"] },
);
export const idleStep = named("idle", {
  type: types.scalingPolicy,
  props: {
    ...scaling,
    arn: unknown,
    policyType: "StepScaling",
    stepScalingPolicyConfiguration: {
      adjustmentType: "ExactCapacity",
      cooldown: 300,
      stepAdjustments: [{ metricIntervalUpperBound: "0", scalingAdjustment: 0 }],
    },
  },
});
export const idleAlarm = alarm(
  "idle-alarm",
  "ApproximateBacklogSize",
  { statistic: "Maximum", comparisonOperator: "LessThanThreshold", alarmActions: [unknown], evaluationPeriods: 10 },
  { alarmActions: ["idle"] },
);

/** Target tracking on the backlog, with changes to its configuration. */
export function tracking(change: object = {}): StackResource {
  return named("tracking", {
    type: types.scalingPolicy,
    props: {
      ...scaling,
      arn: unknown,
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 5,
        scaleInCooldown: 900,
        scaleOutCooldown: 60,
        customizedMetricSpecification: {
          namespace: "AWS/SageMaker",
          metricName: "ApproximateBacklogSizePerInstance",
          statistic: "Average",
          dimensions: [{ name: "EndpointName", value: "e" }],
        },
        ...change,
      },
    },
  });
}

/** An alarm on the endpoint, with the dimensions AWS publishes queue metrics with. */
export function alarm(
  name: string,
  metricName: string,
  change: object = {},
  dependsOn: StackResource["dependsOn"] = {},
): StackResource {
  return named(
    name,
    {
      type: types.alarm,
      props: {
        region,
        name,
        namespace: "AWS/SageMaker",
        metricName,
        dimensions: { EndpointName: "e" },
        statistic: "Maximum",
        period: 60,
        evaluationPeriods: 1,
        threshold: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "missing",
        alarmActions: [topic],
        ...change,
      },
    },
    dependsOn,
  );
}

const perVariant = { dimensions: { EndpointName: "e", VariantName: "primary" }, statistic: "Sum" } as const;

export const ageAlarm = alarm("age", "ApproximateAgeOfOldestRequest", { threshold: 3600 });
export const failureAlarm = alarm("failures", "InvocationFailures", perVariant);
export const watchAlarms: readonly StackResource[] = [
  ageAlarm,
  failureAlarm,
  alarm("expired", "ExpiredRequests", perVariant),
  alarm("without-capacity", "HasBacklogWithoutCapacity", { statistic: "Average", evaluationPeriods: 20 }),
  alarm("notices", "NotificationFailures", perVariant),
  alarm("uploads", "ResponseUploadFailures", perVariant),
];

/** The stack, complying with every rule about scaling, alarms and regions. */
export const wholeStack: readonly StackResource[] = [
  servedModel,
  settings,
  endpoint,
  target,
  wakeStep,
  wakeAlarm,
  idleStep,
  idleAlarm,
  tracking(),
  ...watchAlarms,
];

/** The stack with the resource of that name changed. */
export function stackWith(name: string, change: object): StackResource[] {
  return stackWithEach({ [name]: change });
}

/** The stack with several resources changed, by their names. */
export function stackWithEach(changes: Readonly<Record<string, object>>): StackResource[] {
  return wholeStack.map((each) => but(each, changes[each.name] ?? {}));
}

/** The stack without the resources of those names. */
export function stackWithout(...names: readonly string[]): StackResource[] {
  return wholeStack.filter(({ name }) => !names.includes(name));
}

/** The same endpoint as a real-time one, which is none of the rules' affair. */
export const realTimeStack: readonly StackResource[] = stackWith("settings", { asyncInferenceConfig: undefined });
