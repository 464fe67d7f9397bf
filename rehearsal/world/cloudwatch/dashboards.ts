import type * as sdk from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { pageOf } from "../paging";
import { Partitions } from "../partitions";
import type { World } from "../world";
import { dashboardFaults, dashboardRefusal } from "./dashboard-body";
import { required } from "./parameters";

/** CloudWatch API reference, ListDashboards, read 2026-11-25. */
const dashboardsPerPage = 1000;

/** Dashboards are the account's: every region shows the same. */
export class Dashboards {
  private readonly accounts = new Partitions(
    () => new Map<string, { readonly body: string; readonly modifiedMs: number }>(),
  );

  constructor(private readonly world: World) {}

  async put(call: Call, input: sdk.PutDashboardCommandInput): Promise<Answer<sdk.PutDashboardCommandOutput>> {
    const body = required(input.DashboardBody, "DashboardBody");
    const name = required(input.DashboardName, "DashboardName");
    const faults = dashboardFaults(body);
    if (faults.length > 0) throw new AwsError("InvalidParameterInput", dashboardRefusal(faults));
    this.of(call).set(name, { body, modifiedMs: this.world.clock.now() });
    return { DashboardValidationMessages: [] };
  }

  async get(call: Call, input: sdk.GetDashboardCommandInput): Promise<Answer<sdk.GetDashboardCommandOutput>> {
    const found = this.of(call).get(input.DashboardName ?? "");
    if (found === undefined)
      throw new AwsError("ResourceNotFound", `Dashboard ${input.DashboardName} does not exist`, 404);
    return {
      DashboardName: input.DashboardName,
      DashboardBody: found.body,
      DashboardArn: `arn:aws:cloudwatch::${call.accountId}:dashboard/${input.DashboardName}`,
    };
  }

  async list(call: Call, input: sdk.ListDashboardsCommandInput): Promise<Answer<sdk.ListDashboardsCommandOutput>> {
    const found = [...this.of(call)].filter(([name]) => name.startsWith(input.DashboardNamePrefix ?? ""));
    const { items, next } = pageOf(found, ([name]) => name, {
      size: dashboardsPerPage,
      token: input.NextToken,
      invalidToken: "InvalidParameterValue",
    });
    return {
      ...(next === undefined ? {} : { NextToken: next }),
      DashboardEntries: items.map(([DashboardName, { body, modifiedMs }]) => ({
        DashboardName,
        DashboardArn: `arn:aws:cloudwatch::${call.accountId}:dashboard/${DashboardName}`,
        LastModified: new Date(modifiedMs),
        Size: Buffer.byteLength(body),
      })),
    };
  }

  async delete(
    call: Call,
    input: sdk.DeleteDashboardsCommandInput,
  ): Promise<Answer<sdk.DeleteDashboardsCommandOutput>> {
    for (const name of input.DashboardNames ?? []) this.of(call).delete(name);
    return {};
  }

  private of(call: Call): Map<string, { readonly body: string; readonly modifiedMs: number }> {
    return this.accounts.of({ accountId: call.accountId, region: "" });
  }
}
