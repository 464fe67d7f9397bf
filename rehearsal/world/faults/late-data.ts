import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { Faults } from "./faults";

/** A minute's data by the milliseconds with which they arrive; those that never do are left out. */
export function byDelay(
  data: readonly MetricDatum[],
  fateOf: ReturnType<Faults["minute"]>,
): ReadonlyMap<number, MetricDatum[]> {
  const arriving = new Map<number, MetricDatum[]>();
  for (const datum of data) {
    const { isMissing, delayMs } = fateOf(datum.MetricName ?? "");
    if (isMissing) continue;
    const together = arriving.get(delayMs);
    if (together === undefined) arriving.set(delayMs, [datum]);
    else together.push(datum);
  }
  return arriving;
}
