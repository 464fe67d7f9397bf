import type * as sdk from "@aws-sdk/client-cloudwatch";
import type { AlarmCall } from "../application-auto-scaling/wishes";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { Partitions } from "../partitions";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";
import { type AlarmState, judge } from "./alarm";
import { alarmPage, alarmsOfMetric, historyPage, remember } from "./alarm-queries";
import { actionsOf, alarmArn, alarmDocument, isScalingPolicy, scalingCalls, shownAlarm } from "./alarm-shapes";
import { validateAlarm } from "./alarm-validation";
import { Dashboards } from "./dashboards";
import { getMetricData, getMetricStatistics, listMetrics } from "./metric-queries";
import { MetricStore } from "./metric-store";
import { required } from "./parameters";

interface RegionState {
  readonly metrics: MetricStore;
  readonly alarms: Map<string, AlarmState>;
}

/** Metrics by the minute, alarms that are judged each minute and act, dashboards. */
export class CloudWatch {
  private readonly regions = new Partitions<RegionState>(() => ({
    metrics: new MetricStore(),
    alarms: new Map(),
  }));
  private readonly tags = new TagStore();
  private readonly dashboards: Dashboards;

  constructor(private readonly world: World) {
    this.dashboards = new Dashboards(world);
  }

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
        const [sum, count] = [set.Sum ?? 0, set.SampleCount ?? 0];
        metrics.add(identity, atMs, { sum, count, min: set.Minimum ?? 0, max: set.Maximum ?? 0 }, datum.Unit);
        continue;
      }
      const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
      values.forEach((value, index) => {
        const count = datum.Counts?.[index] ?? 1;
        metrics.add(identity, atMs, { sum: value * count, count, min: value, max: value }, datum.Unit);
      });
    }
    return {};
  }

  async getMetricData(
    call: Call,
    input: sdk.GetMetricDataCommandInput,
  ): Promise<Answer<sdk.GetMetricDataCommandOutput>> {
    return getMetricData(this.regions.of(call).metrics, input);
  }

  async getMetricStatistics(
    call: Call,
    input: sdk.GetMetricStatisticsCommandInput,
  ): Promise<Answer<sdk.GetMetricStatisticsCommandOutput>> {
    return getMetricStatistics(this.regions.of(call).metrics, input);
  }

  async listMetrics(call: Call, input: sdk.ListMetricsCommandInput): Promise<Answer<sdk.ListMetricsCommandOutput>> {
    return listMetrics(this.regions.of(call).metrics, input, this.world.clock.now());
  }

  async putMetricAlarm(
    call: Call,
    input: sdk.PutMetricAlarmCommandInput,
  ): Promise<Answer<sdk.PutMetricAlarmCommandOutput>> {
    const name = required(input.AlarmName, "AlarmName");
    validateAlarm(input);
    const { alarms } = this.regions.of(call);
    const existing = alarms.get(name);
    const nowMs = this.world.clock.now();
    if (existing !== undefined) {
      existing.input = input;
      existing.actionsEnabled = input.ActionsEnabled ?? true;
      existing.configuredMs = nowMs;
      remember(existing, nowMs, "ConfigurationUpdate", `Alarm "${name}" updated`);
    } else {
      alarms.set(name, {
        arn: alarmArn(call, name),
        input,
        state: "INSUFFICIENT_DATA",
        reason: "Unchecked: Initial alarm creation",
        updatedMs: nowMs,
        configuredMs: nowMs,
        transitionedMs: nowMs,
        actionsEnabled: input.ActionsEnabled ?? true,
        latest: undefined,
        history: [{ atMs: nowMs, type: "ConfigurationUpdate", summary: `Alarm "${name}" created` }],
      });
    }
    // Tags given for an alarm that is there are ignored, as the API reference says.
    if (existing === undefined) this.tags.put(alarmArn(call, name), fromTagList(input.Tags));
    return {};
  }

  async describeAlarms(
    call: Call,
    input: sdk.DescribeAlarmsCommandInput,
  ): Promise<Answer<sdk.DescribeAlarmsCommandOutput>> {
    const { items, next } = alarmPage(
      [...this.regions.of(call).alarms.values()],
      input,
      this.world.assumed.alarmsPerPage,
    );
    return {
      MetricAlarms: items.map(shownAlarm),
      CompositeAlarms: [],
      ...(next === undefined ? {} : { NextToken: next }),
    };
  }

  async describeAlarmsForMetric(
    call: Call,
    input: sdk.DescribeAlarmsForMetricCommandInput,
  ): Promise<Answer<sdk.DescribeAlarmsForMetricCommandOutput>> {
    return { MetricAlarms: alarmsOfMetric([...this.regions.of(call).alarms.values()], input).map(shownAlarm) };
  }

  async describeAlarmHistory(
    call: Call,
    input: sdk.DescribeAlarmHistoryCommandInput,
  ): Promise<Answer<sdk.DescribeAlarmHistoryCommandOutput>> {
    return historyPage([...this.regions.of(call).alarms.values()], input, this.world.assumed.alarmsPerPage);
  }

  async setAlarmState(
    call: Call,
    input: sdk.SetAlarmStateCommandInput,
  ): Promise<Answer<sdk.SetAlarmStateCommandOutput>> {
    const alarm = this.alarm(call, input.AlarmName);
    await this.scale(
      call,
      await this.moveTo(call, alarm, input.StateValue as AlarmState["state"], input.StateReason ?? ""),
    );
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
    return this.dashboards.put(call, input);
  }

  async getDashboard(call: Call, input: sdk.GetDashboardCommandInput): Promise<Answer<sdk.GetDashboardCommandOutput>> {
    return this.dashboards.get(call, input);
  }

  async listDashboards(
    call: Call,
    input: sdk.ListDashboardsCommandInput,
  ): Promise<Answer<sdk.ListDashboardsCommandOutput>> {
    return this.dashboards.list(call, input);
  }

  async deleteDashboards(
    call: Call,
    input: sdk.DeleteDashboardsCommandInput,
  ): Promise<Answer<sdk.DeleteDashboardsCommandOutput>> {
    return this.dashboards.delete(call, input);
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

  /** Every alarm there is, with where it is. */
  alarms(): Array<{ readonly accountId: string; readonly region: string; readonly alarm: AlarmState }> {
    return [...this.regions.all()].flatMap(({ accountId, region, state }) =>
      [...state.alarms.values()].map((alarm) => ({ accountId, region, alarm })),
    );
  }

  /**
   * Judges every alarm. One that stays in ALARM goes on calling its scaling policies, whose cooldowns decide; those of a
   * minute are called together.
   */
  async onMinute(nowMs: number): Promise<void> {
    for (const { accountId, region, state } of this.regions.all()) {
      const call: Call = { accountId, region, principal: { kind: "service", service: "cloudwatch.amazonaws.com" } };
      const scaling: AlarmCall[] = [];
      for (const alarm of [...state.alarms.values()]) {
        const verdict = judge(alarm, state.metrics, nowMs, this.world.assumed.alarmExtraPeriods);
        alarm.latest = verdict.latest;
        if (verdict.state !== alarm.state)
          scaling.push(...(await this.moveTo(call, alarm, verdict.state, verdict.reason())));
        else if (alarm.state === "ALARM") scaling.push(...scalingCalls(alarm));
      }
      await this.scale(call, scaling);
    }
  }

  /** @returns the scaling policies to be called now */
  private async moveTo(
    call: Call,
    alarm: AlarmState,
    state: AlarmState["state"],
    reason: string,
  ): Promise<AlarmCall[]> {
    const nowMs = this.world.clock.now();
    const from = alarm.state;
    this.world.keeper?.changed("cloudwatch", call.region);
    Object.assign(alarm, { state, reason, updatedMs: nowMs, ...(from === state ? {} : { transitionedMs: nowMs }) });
    remember(alarm, nowMs, "StateUpdate", `Alarm updated from ${from} to ${state}`);
    this.world.journal.add(nowMs, call, {
      kind: "alarm",
      alarmName: alarm.input.AlarmName ?? "",
      from,
      to: state,
      reason,
    });
    await this.tellTopics(call, alarm, from);
    return scalingCalls(alarm);
  }

  private async tellTopics(call: Call, alarm: AlarmState, from: AlarmState["state"]): Promise<void> {
    const nowMs = this.world.clock.now();
    const asAlarm: Call = {
      ...call,
      principal: { kind: "service", service: "cloudwatch.amazonaws.com", sourceArn: alarm.arn },
    };
    for (const action of actionsOf(alarm).filter((each) => !isScalingPolicy(each))) {
      try {
        await this.world.sns.publish(asAlarm, {
          TopicArn: action,
          Message: alarmDocument(call, alarm, from),
          Subject: `${alarm.state}: "${alarm.input.AlarmName}" in ${call.region}`,
        });
        remember(alarm, nowMs, "Action", `Successfully executed action ${action}`);
      } catch (cause) {
        if (!(cause instanceof AwsError)) throw cause;
        remember(alarm, nowMs, "Action", `Failed to execute action ${action}. Received error: "${cause.message}"`);
      }
    }
  }

  private async scale(call: Call, alarms: readonly AlarmCall[]): Promise<void> {
    if (alarms.length === 0) return;
    const missing = await this.world.applicationAutoScaling.onAlarms(call, alarms);
    for (const { alarmName, policyArn } of alarms) {
      const alarm = this.regions.of(call).alarms.get(alarmName);
      if (alarm !== undefined && missing.includes(policyArn))
        remember(
          alarm,
          this.world.clock.now(),
          "Action",
          `Failed to execute action ${policyArn}. Received error: "No scaling policy ${policyArn}"`,
        );
    }
  }

  private alarm(call: Call, name: string | undefined): AlarmState {
    const alarm = this.regions.of(call).alarms.get(name ?? "");
    if (alarm === undefined) throw new AwsError("ResourceNotFound", `Unknown alarm: ${name}`, 404);
    return alarm;
  }
}
