import { createHash } from "node:crypto";
import { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import type * as sdk from "@aws-sdk/client-service-quotas";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { World } from "../world";

const pageSizeMax = 100;

/** Service Quotas: how many instances of each type an account's endpoints may have. */
export class ServiceQuotas {
  constructor(private readonly world: World) {}

  async listServiceQuotas(
    call: Call,
    input: sdk.ListServiceQuotasCommandInput,
  ): Promise<Answer<sdk.ListServiceQuotasCommandOutput>> {
    const quotas = this.quotasOf(call, input.ServiceCode);
    const from = input.NextToken === undefined ? 0 : Number(input.NextToken);
    if (!Number.isInteger(from)) throw new AwsError("InvalidPaginationTokenException", "Invalid NextToken.");
    const to = from + Math.min(input.MaxResults ?? pageSizeMax, pageSizeMax);
    return { Quotas: quotas.slice(from, to), ...(to < quotas.length ? { NextToken: String(to) } : {}) };
  }

  async getServiceQuota(
    call: Call,
    input: sdk.GetServiceQuotaCommandInput,
  ): Promise<Answer<sdk.GetServiceQuotaCommandOutput>> {
    const Quota = this.quotasOf(call, input.ServiceCode).find(({ QuotaCode }) => QuotaCode === input.QuotaCode);
    if (Quota === undefined)
      throw new AwsError(
        "NoSuchResourceException",
        "The request failed because the specified resource does not exist.",
      );
    return { Quota };
  }

  private quotasOf(call: Call, service: string | undefined): sdk.ServiceQuota[] {
    if (service !== "sagemaker") {
      throw new AwsError("NoSuchResourceException", "The request failed because the specified service does not exist.");
    }
    const types = new Set([
      ...Object.values(ProductionVariantInstanceType),
      ...this.world.account.quotedTypes(call.region),
    ]);
    return [...types].map((type) => ({
      ServiceCode: "sagemaker",
      ServiceName: "Amazon SageMaker",
      QuotaName: `${type} for endpoint usage`,
      // AWS's codes are opaque; these are of the same form and stable, and are no codes of AWS's.
      QuotaCode: `L-${createHash("sha256").update(type).digest("hex").slice(0, 8).toUpperCase()}`,
      Value: Math.min(
        this.world.account.endpointQuota(call.region, type) ?? this.world.assumed.endpointQuota,
        this.world.faults.quota({ region: call.region, instanceType: type }) ?? Number.POSITIVE_INFINITY,
      ),
      Unit: "None",
      Adjustable: true,
      GlobalQuota: false,
    }));
  }
}
