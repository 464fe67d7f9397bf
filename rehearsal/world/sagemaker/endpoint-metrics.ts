import type { Dimension, MetricDatum } from "@aws-sdk/client-cloudwatch";
import { type MetricName, metrics } from "../../../contract/metrics";
import type { Assumed } from "../assumptions";
import type { HostUse } from "./host-use";

/** What an endpoint looks like at the end of a minute. */
export interface Snapshot {
  readonly backlog: number;
  /** One for each instance in service; undefined where nothing is measured. */
  readonly hosts: ReadonlyArray<HostUse | undefined>;
  readonly oldestAgeSeconds: number;
  readonly hasBacklogWithoutCapacity: boolean;
}

/**
 * Counts what happens at an endpoint within a minute and tells it in CloudWatch's form at the minute's end. At zero
 * instances the host's metrics are not told.
 */
export class EndpointMetrics {
  private counts = new Map<MetricName, number>();
  private samples = new Map<MetricName, number[]>();
  private highestBacklog = 0;

  constructor(
    private readonly endpointName: string,
    private readonly variantName: string,
    private readonly assumed: Assumed,
  ) {}

  count(metric: MetricName, by = 1): void {
    this.counts.set(metric, (this.counts.get(metric) ?? 0) + by);
  }

  sample(metric: MetricName, value: number): void {
    const list = this.samples.get(metric);
    if (list === undefined) this.samples.set(metric, [value]);
    else list.push(value);
  }

  /** Notes the backlog whenever it changes, so that a minute's highest is not missed. */
  backlog(size: number): void {
    this.highestBacklog = Math.max(this.highestBacklog, size);
  }

  /** The minute's data by namespace; begins the next minute. */
  take(minuteStartMs: number, now: Snapshot): ReadonlyMap<string, MetricDatum[]> {
    const data = new Map<string, MetricDatum[]>();
    const add = (
      metric: MetricName,
      value: Pick<MetricDatum, "Value" | "Values" | "Counts" | "StatisticValues">,
    ): void => {
      const { namespace, name, unit } = metrics[metric];
      const list = data.get(namespace) ?? [];
      list.push({
        MetricName: metric === "InvocationsProcessed" ? this.assumed.processedMetric : name,
        Dimensions: this.dimensions(metric),
        Timestamp: new Date(minuteStartMs),
        Unit: unit,
        ...value,
      });
      data.set(namespace, list);
    };
    const highest = Math.max(this.highestBacklog, now.backlog);
    add("ApproximateBacklogSize", spread([now.backlog, highest]));
    add("HasBacklogWithoutCapacity", { Value: now.hasBacklogWithoutCapacity ? 1 : 0 });
    add("ApproximateAgeOfOldestRequest", { Value: now.oldestAgeSeconds });
    if (now.hosts.length === 0 && this.assumed.backlogPerInstanceAtZero === "backlog")
      add("ApproximateBacklogSizePerInstance", { Value: now.backlog });
    if (now.hosts.length > 0) {
      add("ApproximateBacklogSizePerInstance", { Value: now.backlog / now.hosts.length });
      const { hostCpuBusyPercent, hostCpuIdlePercent, hostMemoryPercent, hostDiskPercent } = this.assumed;
      const assumed = {
        cpu: highest > 0 ? hostCpuBusyPercent : hostCpuIdlePercent,
        memory: hostMemoryPercent,
        disk: hostDiskPercent,
      };
      const hosts = now.hosts.map((host) => host ?? assumed);
      add("CPUUtilization", spread(hosts.map(({ cpu }) => cpu)));
      add("MemoryUtilization", spread(hosts.map(({ memory }) => memory)));
      add("DiskUtilization", spread(hosts.map(({ disk }) => disk)));
    }
    for (const [metric, value] of this.counts) add(metric, { Value: value });
    for (const [metric, values] of this.samples) add(metric, spread(values));
    this.counts = new Map();
    this.samples = new Map();
    this.highestBacklog = now.backlog;
    return data;
  }

  private dimensions(metric: MetricName): Dimension[] {
    const values = { EndpointName: this.endpointName, VariantName: this.variantName };
    return metrics[metric].dimensions.map((name) => ({ Name: name, Value: values[name] }));
  }
}

function spread(values: readonly number[]): Pick<MetricDatum, "StatisticValues"> {
  return {
    StatisticValues: {
      SampleCount: values.length,
      Sum: values.reduce((sum, value) => sum + value, 0),
      Minimum: Math.min(...values),
      Maximum: Math.max(...values),
    },
  };
}
