import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { Call } from "../call";
import { unlessRefused } from "../sagemaker/endpoint-logs";
import type { World } from "../world";

/**
 * Tells CloudWatch an endpoint's minute, as far and as soon as the faults let it.
 *
 * @param data by namespace
 * @param callerOf who tells the data of a namespace
 */
export async function putMinute(
  { clock, cloudwatch, faults }: World,
  { region, endpointName }: { readonly region: string; readonly endpointName: string },
  data: ReadonlyMap<string, readonly MetricDatum[]>,
  callerOf: (namespace: string) => Call,
): Promise<void> {
  const fateOf = faults.minute(region, endpointName);
  for (const [Namespace, all] of data) {
    const arriving = new Map<number, MetricDatum[]>();
    for (const datum of all) {
      const { isMissing, delayMs } = fateOf(datum.MetricName ?? "");
      if (!isMissing) arriving.set(delayMs, [...(arriving.get(delayMs) ?? []), datum]);
    }
    for (const [delayMs, MetricData] of arriving) {
      const put = async (): Promise<void> => {
        await cloudwatch.putMetricData(callerOf(Namespace), { Namespace, MetricData }).catch(unlessRefused);
      };
      if (delayMs === 0) await put();
      else clock.after(delayMs, put);
    }
  }
}
