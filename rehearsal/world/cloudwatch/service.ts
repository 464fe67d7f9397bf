import type * as sdk from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { Partitions } from "../partitions";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";
import { type AlarmState, judge, metricOf } from "./alarm";
import { MetricStore, type StatisticName } from "./metric-store";

interface RegionState {
  readonly metrics: MetricStore;
  readonly alarms: Map<string, AlarmState>;
  readonly dashboards: Map<string, { body: string; modifiedMs: number }>;
}

const statistics = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];
const comparisons = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
const historyKept = 1000;
const dataPointsMax = 100_800;

/** Metrics by the minute, alarms that are judged each minute and act, dashboards. */
export class CloudWatch {
  private readonly regions = new Partitions<RegionState>(() => ({
    metrics: new MetricStore(),
    alarms: new Map(),
    dashboards: new Map(),
  }));
  private readonly tags = new TagStore();

  constructor(private readonly world: World) {}

  async putMetricData(
    call: Call,
    input: sdk.PutMetricDataCommandInput,
  ): Promise<Answer<sdk.PutMetricDataCommandOutput>> {
    this.world.iam.require(
      call,
      {
        action: "cloudwatch:PutMetricData",
        resource: "*",
        context: { "cloudwatch:namespace": input.Namespace ?? "" },
      },
      "AccessDenied",
      403,
    );
    const { metrics } = this.regions.of(call);
    for (const datum of input.MetricData ?? []) {
      const identity = {
        namespace: input.Namespace ?? "",
        name: datum.MetricName ?? "",
        dimensions: datum.Dimensions ?? [],
      };
      const atMs = datum.Timestamp?.getTime() ?? this.world.clock.now();
      const set = datum.StatisticValues;
      if (set !== undefined) {
        metrics.add(identity, atMs, {
          sum: set.Sum ?? 0,
          count: set.SampleCount ?? 0,
          min: set.Minimum ?? 0,
          max: set.Maximum ?? 0,
        });
        continue;
      }
      const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
      values.forEach((value, index) => {
        const count = datum.Counts?.[index] ?? 1;
        metrics.add(identity, atMs, { sum: value * count, count, min: value, max: value });
      });
    }
    return {};
  }

  async getMetricData(
    call: Call,
    input: sdk.GetMetricDataCommandInput,
  ): Promise<Answer<sdk.GetMetricDataCommandOutput>> {
    const startMs = required(input.StartTime, "StartTime").getTime();
    const endMs = required(input.EndTime, "EndTime").getTime();
    const results = (input.MetricDataQueries ?? []).map(({ Id, Label, MetricStat, Expression }) => {
      if (MetricStat === undefined) {
        throw new AwsError(
          "ValidationError",
          `Expression "${Expression}" of query ${Id}: metric math is not played by this rehearsal.`,
        );
      }
      const points = this.points(
        call,
        MetricStat.Metric ?? {},
        MetricStat.Stat ?? "Average",
        MetricStat.Period ?? 60,
        startMs,
        endMs,
      );
      if (input.ScanBy !== "TimestampAscending") points.reverse();
      return {
        Id,
        Label: Label ?? MetricStat.Metric?.MetricName,
        Timestamps: points.map(({ atMs }) => new Date(atMs)),
        Values: points.map(({ value }) => value),
        StatusCode: "Complete" as const,
      };
    });
    return { MetricDataResults: results, Messages: [] };
  }

  async getMetricStatistics(
    call: Call,
    input: sdk.GetMetricStatisticsCommandInput,
  ): Promise<Answer<sdk.GetMetricStatisticsCommandOutput>> {
    const startMs = required(input.StartTime, "StartTime").getTime();
    const endMs = required(input.EndTime, "EndTime").getTime();
    const byTime = new Map<number, sdk.Datapoint>();
    for (const statistic of input.Statistics ?? []) {
      for (const { atMs, value } of this.points(call, input, statistic, input.Period ?? 60, startMs, endMs)) {
        byTime.set(atMs, { ...(byTime.get(atMs) ?? { Timestamp: new Date(atMs) }), [statistic]: value });
      }
    }
    return { Label: input.MetricName, Datapoints: [...byTime.values()] };
  }

  async listMetrics(call: Call, input: sdk.ListMetricsCommandInput): Promise<Answer<sdk.ListMetricsCommandOutput>> {
    const found = this.regions
      .of(call)
      .metrics.identities()
      .filter(
        ({ namespace, name }) => (input.Namespace ?? namespace) === namespace && (input.MetricName ?? name) === name,
      );
    return {
      Metrics: found.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensions.map((each) => ({ Name: each.Name, Value: each.Value })),
      })),
    };
  }

  async putMetricAlarm(
    call: Call,
    input: sdk.PutMetricAlarmCommandInput,
  ): Promise<Answer<sdk.PutMetricAlarmCommandOutput>> {
    const name = required(input.AlarmName, "AlarmName");
    this.validateAlarm(input);
    const { alarms } = this.regions.of(call);
    const existing = alarms.get(name);
    const nowMs = this.world.clock.now();
    if (existing !== undefined) {
      existing.input = input;
      existing.actionsEnabled = input.ActionsEnabled ?? true;
      existing.updatedMs = nowMs;
    } else {
      alarms.set(name, {
        arn: alarmArn(call, name),
        input,
        state: "INSUFFICIENT_DATA",
        reason: "Unchecked: Initial alarm creation",
        updatedMs: nowMs,
        transitionedMs: nowMs,
        actionsEnabled: input.ActionsEnabled ?? true,
        latest: undefined,
        history: [{ atMs: nowMs, summary: `Alarm "${name}" created` }],
      });
    }
    this.tags.put(alarmArn(call, name), fromTagList(input.Tags));
    return {};
  }

  async describeAlarms(
    call: Call,
    input: sdk.DescribeAlarmsCommandInput,
  ): Promise<Answer<sdk.DescribeAlarmsCommandOutput>> {
    const found = [...this.regions.of(call).alarms.values()].filter(
      ({ input: made, state }) =>
        (input.AlarmNames ?? [made.AlarmName]).includes(made.AlarmName ?? "") &&
        (made.AlarmName ?? "").startsWith(input.AlarmNamePrefix ?? "") &&
        (input.StateValue ?? state) === state,
    );
    return { MetricAlarms: found.map(shown), CompositeAlarms: [] };
  }

  async describeAlarmsForMetric(
    call: Call,
    input: sdk.DescribeAlarmsForMetricCommandInput,
  ): Promise<Answer<sdk.DescribeAlarmsForMetricCommandOutput>> {
    const found = [...this.regions.of(call).alarms.values()].filter(
      ({ input: made }) => made.MetricName === input.MetricName && made.Namespace === input.Namespace,
    );
    return { MetricAlarms: found.map(shown) };
  }

  async describeAlarmHistory(
    call: Call,
    input: sdk.DescribeAlarmHistoryCommandInput,
  ): Promise<Answer<sdk.DescribeAlarmHistoryCommandOutput>> {
    const items = [...this.regions.of(call).alarms.values()]
      .filter(({ input: made }) => (input.AlarmName ?? made.AlarmName) === made.AlarmName)
      .flatMap(({ input: made, history }) =>
        history.map(({ atMs, summary }) => ({
          AlarmName: made.AlarmName,
          AlarmType: "MetricAlarm" as const,
          HistoryItemType: "StateUpdate" as const,
          Timestamp: new Date(atMs),
          HistorySummary: summary,
        })),
      );
    return { AlarmHistoryItems: items.reverse().slice(0, input.MaxRecords ?? 100) };
  }

  async setAlarmState(
    call: Call,
    input: sdk.SetAlarmStateCommandInput,
  ): Promise<Answer<sdk.SetAlarmStateCommandOutput>> {
    const alarm = this.alarm(call, input.AlarmName);
    await this.moveTo(call, alarm, input.StateValue as AlarmState["state"], input.StateReason ?? "");
    return {};
  }

  async enableAlarmActions(
    call: Call,
    input: sdk.EnableAlarmActionsCommandInput,
  ): Promise<Answer<sdk.EnableAlarmActionsCommandOutput>> {
    for (const name of input.AlarmNames ?? []) this.alarm(call, name).actionsEnabled = true;
    return {};
  }

  async disableAlarmActions(
    call: Call,
    input: sdk.DisableAlarmActionsCommandInput,
  ): Promise<Answer<sdk.DisableAlarmActionsCommandOutput>> {
    for (const name of input.AlarmNames ?? []) this.alarm(call, name).actionsEnabled = false;
    return {};
  }

  async deleteAlarms(call: Call, input: sdk.DeleteAlarmsCommandInput): Promise<Answer<sdk.DeleteAlarmsCommandOutput>> {
    for (const name of input.AlarmNames ?? []) {
      this.regions.of(call).alarms.delete(name);
      this.tags.forget(alarmArn(call, name));
    }
    return {};
  }

  async putDashboard(call: Call, input: sdk.PutDashboardCommandInput): Promise<Answer<sdk.PutDashboardCommandOutput>> {
    const body = required(input.DashboardBody, "DashboardBody");
    try {
      JSON.parse(body);
    } catch {
      throw new AwsError(
        "InvalidParameterInput",
        "The dashboard body is invalid, there are 1 validation errors: it is not valid JSON",
      );
    }
    this.regions
      .of(call)
      .dashboards.set(required(input.DashboardName, "DashboardName"), { body, modifiedMs: this.world.clock.now() });
    return { DashboardValidationMessages: [] };
  }

  async getDashboard(call: Call, input: sdk.GetDashboardCommandInput): Promise<Answer<sdk.GetDashboardCommandOutput>> {
    const found = this.regions.of(call).dashboards.get(input.DashboardName ?? "");
    if (found === undefined)
      throw new AwsError("ResourceNotFound", `Dashboard ${input.DashboardName} does not exist`, 404);
    return {
      DashboardName: input.DashboardName,
      DashboardBody: found.body,
      DashboardArn: `arn:aws:cloudwatch::${call.accountId}:dashboard/${input.DashboardName}`,
    };
  }

  async listDashboards(
    call: Call,
    _input: sdk.ListDashboardsCommandInput,
  ): Promise<Answer<sdk.ListDashboardsCommandOutput>> {
    return {
      DashboardEntries: [...this.regions.of(call).dashboards.keys()].map((DashboardName) => ({ DashboardName })),
    };
  }

  async deleteDashboards(
    call: Call,
    input: sdk.DeleteDashboardsCommandInput,
  ): Promise<Answer<sdk.DeleteDashboardsCommandOutput>> {
    for (const name of input.DashboardNames ?? []) this.regions.of(call).dashboards.delete(name);
    return {};
  }

  async tagResource(_call: Call, input: sdk.TagResourceCommandInput): Promise<Answer<sdk.TagResourceCommandOutput>> {
    this.tags.put(input.ResourceARN ?? "", fromTagList(input.Tags));
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
    return { Tags: toTagList(this.tags.of(input.ResourceARN ?? "")) };
  }

  /** Judges every alarm. An alarm that stays in ALARM goes on calling its scaling policies, whose cooldowns decide. */
  async onMinute(nowMs: number): Promise<void> {
    for (const { accountId, region, state } of this.regions.all()) {
      const call: Call = { accountId, region, principal: { kind: "service", service: "cloudwatch.amazonaws.com" } };
      for (const alarm of [...state.alarms.values()]) {
        const verdict = judge(alarm, state.metrics, nowMs);
        alarm.latest = verdict.latest;
        if (verdict.state !== alarm.state) await this.moveTo(call, alarm, verdict.state, verdict.reason);
        else if (alarm.state === "ALARM") await this.act(call, alarm, (action) => isScalingPolicy(action));
      }
    }
  }

  private async moveTo(call: Call, alarm: AlarmState, state: AlarmState["state"], reason: string): Promise<void> {
    const nowMs = this.world.clock.now();
    const from = alarm.state;
    Object.assign(alarm, { state, reason, updatedMs: nowMs, ...(from === state ? {} : { transitionedMs: nowMs }) });
    alarm.history.push({ atMs: nowMs, summary: `Alarm updated from ${from} to ${state}` });
    if (alarm.history.length > historyKept) alarm.history.shift();
    this.world.journal.add(nowMs, call, {
      kind: "alarm",
      alarmName: alarm.input.AlarmName ?? "",
      from,
      to: state,
      reason,
    });
    await this.act(call, alarm, () => true);
  }

  private async act(call: Call, alarm: AlarmState, wanted: (action: string) => boolean): Promise<void> {
    if (!alarm.actionsEnabled) return;
    const { OKActions, AlarmActions, InsufficientDataActions, Threshold } = alarm.input;
    const actions =
      { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions }[alarm.state] ?? [];
    const asCloudWatch: Call = {
      ...call,
      principal: { kind: "service", service: "cloudwatch.amazonaws.com", sourceArn: alarm.arn },
    };
    for (const action of actions.filter(wanted)) {
      try {
        if (isScalingPolicy(action)) {
          await this.world.applicationAutoScaling.onAlarm(asCloudWatch, {
            policyArn: action,
            alarmName: alarm.input.AlarmName ?? "",
            metricValue: alarm.latest,
            threshold: Threshold ?? 0,
          });
        } else
          await this.world.sns.publish(asCloudWatch, {
            TopicArn: action,
            Message: alarmDocument(call, alarm),
            Subject: `${alarm.state}: "${alarm.input.AlarmName}"`,
          });
      } catch (cause) {
        if (!(cause instanceof AwsError)) throw cause;
        alarm.history.push({
          atMs: this.world.clock.now(),
          summary: `Failed to execute action ${action}: ${cause.message}`,
        });
      }
    }
  }

  private points(
    call: Call,
    metric: {
      Namespace?: string | undefined;
      MetricName?: string | undefined;
      Dimensions?: sdk.Dimension[] | undefined;
    },
    statistic: string,
    periodSeconds: number,
    startMs: number,
    endMs: number,
  ): Array<{ atMs: number; value: number }> {
    checkStatistic(statistic);
    if (periodSeconds < 60 || periodSeconds % 60 !== 0)
      throw new AwsError("ValidationError", `Period ${periodSeconds} must be a multiple of 60.`);
    const { metrics } = this.regions.of(call);
    const identity = {
      namespace: metric.Namespace ?? "",
      name: metric.MetricName ?? "",
      dimensions: metric.Dimensions ?? [],
    };
    const step = periodSeconds * 1000;
    const first = Math.floor(startMs / step) * step;
    if ((endMs - first) / step > dataPointsMax)
      throw new AwsError("ValidationError", `The range has more than ${dataPointsMax} periods.`);
    const found: Array<{ atMs: number; value: number }> = [];
    for (let atMs = first; atMs < endMs; atMs += step) {
      const value = metrics.statistic(identity, statistic as StatisticName, atMs, atMs + step);
      if (value !== undefined) found.push({ atMs, value });
    }
    return found;
  }

  private validateAlarm(input: sdk.PutMetricAlarmCommandInput): void {
    // Kept and told, but never judged: see judge.
    if ((input.Metrics ?? []).length > 0) return;
    required(input.MetricName, "MetricName");
    required(input.Namespace, "Namespace");
    required(input.Threshold, "Threshold");
    checkStatistic(required(input.Statistic ?? input.ExtendedStatistic, "Statistic"));
    if (!comparisons.includes(required(input.ComparisonOperator, "ComparisonOperator"))) {
      throw new AwsError(
        "ValidationError",
        `Value '${input.ComparisonOperator}' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [${comparisons.join(", ")}]`,
      );
    }
    const period = required(input.Period, "Period");
    const periods = required(input.EvaluationPeriods, "EvaluationPeriods");
    if (period % 60 !== 0 || period < 60)
      throw new AwsError(
        "ValidationError",
        `Period must be 10, 30 or a multiple of 60; this rehearsal plays multiples of 60, not ${period}.`,
      );
    if (period * periods > 7 * 86_400)
      throw new AwsError(
        "ValidationError",
        "Metrics cannot be checked across more than 7 days (EvaluationPeriods * Period must be <= 604800).",
      );
    if ((input.DatapointsToAlarm ?? 1) > periods)
      throw new AwsError("ValidationError", "DatapointsToAlarm cannot be greater than EvaluationPeriods.");
    for (const action of [
      ...(input.AlarmActions ?? []),
      ...(input.OKActions ?? []),
      ...(input.InsufficientDataActions ?? []),
    ]) {
      if (!isScalingPolicy(action) && !/^arn:aws:sns:[a-z0-9-]+:\d{12}:.+$/.test(action)) {
        throw new AwsError("ValidationError", `Invalid arn syntax: ${action}`);
      }
    }
  }

  private alarm(call: Call, name: string | undefined): AlarmState {
    const alarm = this.regions.of(call).alarms.get(name ?? "");
    if (alarm === undefined) throw new AwsError("ResourceNotFound", `Unknown alarm: ${name}`, 404);
    return alarm;
  }
}

function isScalingPolicy(arn: string): boolean {
  return /^arn:aws:autoscaling:[a-z0-9-]+:\d{12}:scalingPolicy:/.test(arn);
}

function checkStatistic(statistic: string): void {
  if (!statistics.includes(statistic))
    throw new AwsError(
      "ValidationError",
      `Statistic ${statistic} is not played by this rehearsal: use one of ${statistics.join(", ")}.`,
    );
}

function shown({ arn, input, state, reason, updatedMs, transitionedMs, actionsEnabled }: AlarmState): sdk.MetricAlarm {
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

function alarmDocument(call: Call, alarm: AlarmState): string {
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

function alarmArn(call: Call, name: string): string {
  return `arn:aws:cloudwatch:${call.region}:${call.accountId}:alarm:${name}`;
}

function required<Value>(value: Value | undefined, member: string): Value {
  if (value === undefined || value === "")
    throw new AwsError("MissingParameter", `The request must contain the parameter ${member}.`);
  return value;
}
