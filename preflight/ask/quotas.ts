import { paginateListServiceQuotas, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { Answer } from "../verdict";
import { asked } from "./asked";
import type { Asking } from "./asking";

/**
 * Instances that the account's endpoints may have in a region, by type. Found by name, as AWS publishes no list of the
 * quotas' codes.
 */
export function askEndpointQuotas(asking: Asking, region: string): Promise<Answer<ReadonlyMap<string, number>>> {
  const client = asking.client(ServiceQuotasClient, region);
  return asked(asking.signal, async () => {
    const found = new Map<string, number>();
    // The paginator takes no signal: an abort is looked for between pages.
    for await (const { Quotas = [] } of paginateListServiceQuotas(
      { client, pageSize: 100 },
      { ServiceCode: "sagemaker" },
    )) {
      asking.signal.throwIfAborted();
      for (const { QuotaName = "", Value } of Quotas) {
        const type = /^(ml\.[a-z0-9.-]+) for endpoint usage$/.exec(QuotaName)?.[1];
        if (type !== undefined && Value !== undefined) found.set(type, Value);
      }
    }
    return found;
  });
}
