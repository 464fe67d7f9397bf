import type * as sdk from "@aws-sdk/client-application-auto-scaling";
import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Call } from "../call";
import type { World } from "../world";

/**
 * Makes, or brings up to date, the pair of alarms that Application Auto Scaling owns for a target tracking policy.
 *
 * @param made the pair of an earlier call, which keeps its names
 */
export async function putTrackingAlarms(
  world: World,
  call: Call,
  policyArn: string,
  id: string,
  configuration: sdk.TargetTrackingScalingPolicyConfiguration,
  made: readonly sdk.Alarm[],
): Promise<sdk.Alarm[]> {
  const alarms =
    made.length > 0
      ? [...made]
      : (["High", "Low"] as const).map((side) => {
          const AlarmName = `TargetTracking-${id}-Alarm${side}-${world.ids.uuid()}`;
          return { AlarmName, AlarmARN: `arn:aws:cloudwatch:${call.region}:${call.accountId}:alarm:${AlarmName}` };
        });
  const { TargetValue = 0 } = configuration;
  const shared = {
    ...metricOf(configuration, id),
    AlarmActions: [policyArn],
    AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policyArn}.`,
  };
  const [high, low] = alarms;
  await world.cloudwatch.putMetricAlarm(call, {
    ...shared,
    AlarmName: high?.AlarmName,
    EvaluationPeriods: world.assumed.trackingHighMinutes,
    Threshold: TargetValue,
    ComparisonOperator: "GreaterThanThreshold",
  });
  await world.cloudwatch.putMetricAlarm(call, {
    ...shared,
    AlarmName: low?.AlarmName,
    EvaluationPeriods: world.assumed.trackingLowMinutes,
    Threshold: TargetValue * world.assumed.trackingLowShare,
    ComparisonOperator: "LessThanThreshold",
  });
  return alarms;
}

/** Whether an alarm of a tracking policy is the one that asks for more. */
export function asksForMore(alarmName: string): boolean {
  return alarmName.includes("-AlarmHigh-");
}

function metricOf(
  {
    CustomizedMetricSpecification: custom,
    PredefinedMetricSpecification: predefined,
  }: sdk.TargetTrackingScalingPolicyConfiguration,
  id: string,
) {
  if (custom?.Metrics !== undefined && custom.Metrics.length > 0) return { Metrics: custom.Metrics.map(onAMinute) };
  const [, endpointName = "", , variantName = ""] = id.split("/");
  const ofTheVariant = [
    { Name: "EndpointName", Value: endpointName },
    { Name: "VariantName", Value: variantName },
  ];
  return {
    Namespace: custom?.Namespace ?? "AWS/SageMaker",
    MetricName: custom?.MetricName ?? predefinedName(predefined?.PredefinedMetricType),
    Dimensions:
      custom === undefined ? ofTheVariant : (custom.Dimensions?.map(({ Name, Value }) => ({ Name, Value })) ?? []),
    Statistic: (custom?.Statistic ?? "Average") as "Average",
    Period: 60,
  };
}

/** A policy's metric names no period: its alarms look at minutes. */
function onAMinute({
  Id,
  Label,
  Expression,
  MetricStat,
  ReturnData,
}: sdk.TargetTrackingMetricDataQuery): MetricDataQuery {
  return {
    Id,
    ...(Label === undefined ? {} : { Label }),
    ...(Expression === undefined ? {} : { Expression }),
    ...(MetricStat === undefined
      ? {}
      : {
          MetricStat: {
            Metric: {
              Namespace: MetricStat.Metric?.Namespace,
              MetricName: MetricStat.Metric?.MetricName,
              Dimensions: MetricStat.Metric?.Dimensions?.map(({ Name, Value }) => ({ Name, Value })) ?? [],
            },
            Period: 60,
            Stat: MetricStat.Stat,
          },
        }),
    ...(ReturnData === undefined ? {} : { ReturnData }),
  };
}

function predefinedName(type: string | undefined): string {
  return type === "SageMakerVariantInvocationsPerInstance" ? "InvocationsPerInstance" : (type ?? "");
}
