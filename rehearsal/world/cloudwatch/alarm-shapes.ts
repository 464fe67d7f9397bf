import type * as sdk from "@aws-sdk/client-cloudwatch";
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
  const { arn, input, state, reason, updatedMs, transitionedMs, actionsEnabled } = alarm;
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
    AlarmConfigurationUpdatedTimestamp: new Date(updatedMs),
  };
}

/** What an alarm publishes to its topics. */
export function alarmDocument(call: Call, alarm: AlarmState): string {
  const { namespace, name, dimensions } = metricOf(alarm.input);
  return JSON.stringify({
    AlarmName: alarm.input.AlarmName,
    AlarmDescription: alarm.input.AlarmDescription ?? null,
    AWSAccountId: call.accountId,
    AlarmArn: alarm.arn,
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: new Date(alarm.transitionedMs).toISOString(),
    Region: call.region,
    Trigger: {
      MetricName: name,
      Namespace: namespace,
      Dimensions: dimensions.map(({ Name, Value }) => ({ name: Name, value: Value })),
      Period: alarm.input.Period,
      EvaluationPeriods: alarm.input.EvaluationPeriods,
      ComparisonOperator: alarm.input.ComparisonOperator,
      Threshold: alarm.input.Threshold,
    },
  });
}
