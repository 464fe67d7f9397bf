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
    { readonly identity: MetricIdentity; readonly minutes: MinuteStatistics[]; unit: string | undefined }
  >();

  /** Keys of identities that are asked for again and again. */
  private readonly keys = new WeakMap<MetricIdentity, string>();

  add(identity: MetricIdentity, atMs: number, data: Omit<MinuteStatistics, "startMs">, unit?: string): void {
    const key = keyOf(identity);
    let entry = this.series.get(key);
    if (entry === undefined) {
      entry = { identity, minutes: [], unit: undefined };
      this.series.set(key, entry);
    }
    entry.unit = unit ?? entry.unit;
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

  /** The unit a metric was last told in. */
  unitOf(identity: MetricIdentity): string | undefined {
    return this.series.get(keyOf(identity))?.unit;
  }

  /** Every metric there is data of, with the time of its newest minute and a name for it. */
  identities(): Array<MetricIdentity & { readonly key: string; readonly lastMs: number }> {
    return [...this.series].map(([key, { identity, minutes }]) => ({
      ...identity,
      key,
      lastMs: minutes.at(-1)?.startMs ?? 0,
    }));
  }

  /** The statistic over each of `count` periods from `startMs` on, undefined where there is no data. */
  over(
    identity: MetricIdentity,
    name: StatisticName,
    { startMs, stepMs, count }: { readonly startMs: number; readonly stepMs: number; readonly count: number },
  ): Array<number | undefined> {
    let key = this.keys.get(identity);
    if (key === undefined) {
      key = keyOf(identity);
      this.keys.set(identity, key);
    }
    const minutes = this.series.get(key)?.minutes ?? [];
    const found: Array<number | undefined> = [];
    let index = firstFrom(minutes, startMs);
    for (let endMs = startMs + stepMs; found.length < count; endMs += stepMs) {
      const from = index;
      while ((minutes[index]?.startMs ?? Number.POSITIVE_INFINITY) < endMs) index++;
      found.push(index === from ? undefined : statisticOf(minutes, from, index, name));
    }
    return found;
  }
}

/** The index of the first minute at or after `startMs`. */
function firstFrom(minutes: readonly MinuteStatistics[], startMs: number): number {
  let [low, high] = [0, minutes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((minutes[middle]?.startMs ?? 0) < startMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function statisticOf(minutes: readonly MinuteStatistics[], from: number, to: number, name: StatisticName): number {
  let [sum, count, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = from; index < to; index++) {
    const minute = minutes[index] as MinuteStatistics;
    sum += minute.sum;
    count += minute.count;
    min = Math.min(min, minute.min);
    max = Math.max(max, minute.max);
  }
  switch (name) {
    case "Average":
      return sum / count;
    case "Sum":
      return sum;
    case "Minimum":
      return min;
    case "Maximum":
      return max;
    default:
      return count;
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
