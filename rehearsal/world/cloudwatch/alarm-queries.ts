import type * as sdk from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../aws-error";
import type { Answer } from "../call";
import { pageOf } from "../paging";
import type { AlarmState } from "./alarm";

/** CloudWatch API reference, DescribeAlarms, read 2026-11-25. */
const recordsPerPageMax = 100;
const historyKept = 1000;

/** The alarms a DescribeAlarms asks for, by their names. @throws AwsError ValidationError, InvalidNextToken */
export function alarmPage(
  alarms: readonly AlarmState[],
  asked: sdk.DescribeAlarmsCommandInput,
  perPage: number,
): { readonly items: AlarmState[]; readonly next?: string } {
  if (asked.AlarmNames !== undefined && asked.AlarmNamePrefix !== undefined)
    throw new AwsError("ValidationError", "AlarmNames and AlarmNamePrefix cannot be specified together.");
  const isForMetrics = asked.AlarmTypes?.includes("MetricAlarm") ?? true;
  const found = alarms.filter(
    ({ input, state }) =>
      isForMetrics &&
      // Composite alarms are not played, so that no alarm has children or parents.
      asked.ChildrenOfAlarmName === undefined &&
      asked.ParentsOfAlarmName === undefined &&
      (asked.AlarmNames ?? [input.AlarmName]).includes(input.AlarmName ?? "") &&
      (input.AlarmName ?? "").startsWith(asked.AlarmNamePrefix ?? "") &&
      (asked.StateValue ?? state) === state &&
      (asked.ActionPrefix === undefined ||
        actionsOfAll(input).some((each) => each.startsWith(asked.ActionPrefix ?? ""))),
  );
  found.sort((left, right) => ((left.input.AlarmName ?? "") < (right.input.AlarmName ?? "") ? -1 : 1));
  return pageOf(found, ({ arn }) => arn, {
    size: Math.min(asked.MaxRecords ?? perPage, recordsPerPageMax),
    token: asked.NextToken,
    invalidToken: "InvalidNextToken",
  });
}

/** The alarms on exactly one metric. */
export function alarmsOfMetric(
  alarms: readonly AlarmState[],
  asked: sdk.DescribeAlarmsForMetricCommandInput,
): AlarmState[] {
  return alarms.filter(
    ({ input }) =>
      input.MetricName === asked.MetricName &&
      input.Namespace === asked.Namespace &&
      namesOf(input.Dimensions) === namesOf(asked.Dimensions) &&
      (asked.Statistic ?? input.Statistic) === input.Statistic &&
      (asked.Period ?? input.Period) === input.Period &&
      (asked.Unit ?? input.Unit) === input.Unit,
  );
}

/** What happened to alarms, the newest first unless asked otherwise. @throws AwsError InvalidNextToken */
export function historyPage(
  alarms: readonly AlarmState[],
  asked: sdk.DescribeAlarmHistoryCommandInput,
  perPage: number,
): Answer<sdk.DescribeAlarmHistoryCommandOutput> {
  const found = alarms
    .filter(({ input }) => (asked.AlarmName ?? input.AlarmName) === input.AlarmName)
    .flatMap(({ input, history }) => history.map((item, index) => ({ ...item, index, name: input.AlarmName ?? "" })))
    .filter(
      ({ atMs, type }) =>
        (asked.HistoryItemType ?? type) === type &&
        atMs >= (asked.StartDate?.getTime() ?? Number.NEGATIVE_INFINITY) &&
        atMs <= (asked.EndDate?.getTime() ?? Number.POSITIVE_INFINITY),
    )
    .sort((left, right) => left.atMs - right.atMs || left.index - right.index);
  if (asked.ScanBy !== "TimestampAscending") found.reverse();
  const { items, next } = pageOf(found, ({ name, index }) => `${name}/${index}`, {
    size: Math.min(asked.MaxRecords ?? perPage, recordsPerPageMax),
    token: asked.NextToken,
    invalidToken: "InvalidNextToken",
  });
  return {
    AlarmHistoryItems: items.map(({ name, atMs, type, summary }) => ({
      AlarmName: name,
      AlarmType: "MetricAlarm" as const,
      HistoryItemType: type,
      Timestamp: new Date(atMs),
      HistorySummary: summary,
    })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

/** Adds to an alarm's history; the oldest goes when it is full. */
export function remember({ history }: AlarmState, atMs: number, type: sdk.HistoryItemType, summary: string): void {
  history.push({ atMs, type, summary });
  if (history.length > historyKept) history.shift();
}

function actionsOfAll({ OKActions, AlarmActions, InsufficientDataActions }: sdk.PutMetricAlarmCommandInput): string[] {
  return [...(OKActions ?? []), ...(AlarmActions ?? []), ...(InsufficientDataActions ?? [])];
}

function namesOf(dimensions: readonly sdk.Dimension[] | undefined): string {
  return (dimensions ?? [])
    .map(({ Name, Value }) => `${Name}=${Value}`)
    .sort()
    .join("\n");
}
