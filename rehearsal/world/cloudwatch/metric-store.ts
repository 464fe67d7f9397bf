/** One minute of one metric. */
export interface MinuteStatistics {
  readonly startMs: number;
  sum: number;
  count: number;
  min: number;
  max: number;
}

export type StatisticName = "Average" | "Sum" | "Minimum" | "Maximum" | "SampleCount";

const minuteMs = 60_000;
/** CloudWatch keeps one-minute data for fifteen days. */
const minutesKept = 15 * 24 * 60;

/** The data of every metric of one region, by the minute. */
export class MetricStore {
  private readonly series = new Map<
    string,
    { readonly identity: MetricIdentity; readonly minutes: MinuteStatistics[] }
  >();

  add(identity: MetricIdentity, atMs: number, data: Omit<MinuteStatistics, "startMs">): void {
    const key = keyOf(identity);
    let entry = this.series.get(key);
    if (entry === undefined) {
      entry = { identity, minutes: [] };
      this.series.set(key, entry);
    }
    const startMs = Math.floor(atMs / minuteMs) * minuteMs;
    const { minutes } = entry;
    let index = minutes.length;
    while (index > 0 && (minutes[index - 1]?.startMs ?? 0) > startMs) index--;
    const same = minutes[index - 1];
    if (same?.startMs === startMs) {
      same.sum += data.sum;
      same.count += data.count;
      same.min = Math.min(same.min, data.min);
      same.max = Math.max(same.max, data.max);
    } else minutes.splice(index, 0, { startMs, ...data });
    if (minutes.length > minutesKept) minutes.splice(0, minutes.length - minutesKept);
  }

  identities(): MetricIdentity[] {
    return [...this.series.values()].map(({ identity }) => identity);
  }

  /** The statistic over `[startMs, endMs)`, or undefined without data. */
  statistic(identity: MetricIdentity, name: StatisticName, startMs: number, endMs: number): number | undefined {
    const minutes = this.series.get(keyOf(identity))?.minutes ?? [];
    let found: MinuteStatistics | undefined;
    for (let index = minutes.length - 1; index >= 0; index--) {
      const minute = minutes[index] as MinuteStatistics;
      if (minute.startMs < startMs) break;
      if (minute.startMs >= endMs) continue;
      found =
        found === undefined
          ? { ...minute }
          : {
              startMs,
              sum: found.sum + minute.sum,
              count: found.count + minute.count,
              min: Math.min(found.min, minute.min),
              max: Math.max(found.max, minute.max),
            };
    }
    if (found === undefined) return undefined;
    return {
      Average: found.sum / found.count,
      Sum: found.sum,
      Minimum: found.min,
      Maximum: found.max,
      SampleCount: found.count,
    }[name];
  }
}

/** A metric and its dimensions: other dimensions make another metric. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: ReadonlyArray<{ readonly Name?: string | undefined; readonly Value?: string | undefined }>;
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  const sorted = dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return [namespace, name, ...sorted].join("\n");
}
