import type * as sdk from "@aws-sdk/client-cloudwatch";
import { regions } from "../../../contract/regions";
import type { AlarmCall } from "../application-auto-scaling/wishes";
import type { Call } from "../call";
import { type AlarmState, metricOf } from "./alarm";

export function alarmArn(call: Call, name: string): string {
  return `arn:aws:cloudwatch:${call.region}:${call.accountId}:alarm:${name}`;
}

export function isScalingPolicy(arn: string): boolean {
  return /^arn:aws:autoscaling:[a-z0-9-]+:\d{12}:scalingPolicy:/.test(arn);
}

/** The actions of the state an alarm is in. */
export function actionsOf({ actionsEnabled, state, input }: AlarmState): readonly string[] {
  if (!actionsEnabled) return [];
  const { OKActions, AlarmActions, InsufficientDataActions } = input;
  return { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions }[state] ?? [];
}

/** What its scaling policies are told of an alarm. */
export function scalingCalls(alarm: AlarmState): AlarmCall[] {
  return actionsOf(alarm)
    .filter(isScalingPolicy)
    .map((policyArn) => ({
      policyArn,
      alarmName: alarm.input.AlarmName ?? "",
      metricValue: alarm.latest,
      threshold: alarm.input.Threshold ?? 0,
    }));
}

/** An alarm as DescribeAlarms tells it. */
export function shownAlarm(alarm: AlarmState): sdk.MetricAlarm {
  const { arn, input, state, reason, updatedMs, configuredMs, transitionedMs, actionsEnabled } = alarm;
  const { Tags: _tags, ...rest } = input;
  return {
    ...rest,
    AlarmArn: arn,
    ActionsEnabled: actionsEnabled,
    OKActions: input.OKActions ?? [],
    AlarmActions: input.AlarmActions ?? [],
    InsufficientDataActions: input.InsufficientDataActions ?? [],
    Dimensions: input.Dimensions ?? [],
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: new Date(updatedMs),
    StateTransitionedTimestamp: new Date(transitionedMs),
    AlarmConfigurationUpdatedTimestamp: new Date(configuredMs),
  };
}

/** What an alarm publishes to its topics, members in the order of CloudWatch's own messages. */
export function alarmDocument(call: Call, alarm: AlarmState, from: AlarmState["state"]): string {
  const { input } = alarm;
  return JSON.stringify({
    AlarmName: input.AlarmName,
    AlarmDescription: input.AlarmDescription ?? null,
    AWSAccountId: call.accountId,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredMs).toISOString(),
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: new Date(alarm.transitionedMs).toISOString(),
    Region: regions.find(({ code }) => code === call.region)?.name ?? call.region,
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: input.OKActions ?? [],
    AlarmActions: input.AlarmActions ?? [],
    InsufficientDataActions: input.InsufficientDataActions ?? [],
    Trigger: {
      ...(input.Metrics === undefined || input.Metrics.length === 0 ? metricTrigger(alarm) : {}),
      Period: input.Period,
      EvaluationPeriods: input.EvaluationPeriods,
      ...(input.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: input.DatapointsToAlarm }),
      ComparisonOperator: input.ComparisonOperator,
      Threshold: input.Threshold,
      TreatMissingData: input.TreatMissingData ?? "missing",
      EvaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile ?? "",
      ...(input.Metrics === undefined || input.Metrics.length === 0 ? {} : { Metrics: input.Metrics }),
    },
  });
}

function metricTrigger({ input }: AlarmState) {
  const { namespace, name, dimensions } = metricOf(input);
  return {
    MetricName: name,
    Namespace: namespace,
    StatisticType: "Statistic",
    Statistic: input.Statistic?.toUpperCase(),
    Unit: input.Unit ?? null,
    Dimensions: dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
  };
}
