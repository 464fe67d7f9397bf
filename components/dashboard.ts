import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { nameFor } from "../contract/names";
import { childOf } from "./context";

export interface DashboardArgs {
  readonly project: string;
  readonly stack: string;
  /** Where it is made, e.g. `eu-west-1`. CloudWatch shows it in every region. */
  readonly region: string;
  /** What it is of: part of its name, which is the account's and not the region's. */
  readonly of: string;
  /** From `regionDashboardBody` or `fleetDashboardBody`: plain text, because a body cannot wait for outputs. */
  readonly body: string;
}

/**
 * Makes a CloudWatch dashboard of one region or of the fleet and returns its name.
 *
 * Cost: AWS gives an account a few dashboards free; each further one is billed by the month, looked at or not.
 */
export function createDashboard(name: string, args: DashboardArgs, parent: pulumi.Resource): string {
  const dashboardName = nameFor("dashboard", { project: args.project, stack: args.stack, region: args.of });
  new aws.cloudwatch.Dashboard(name, { region: args.region, dashboardName, dashboardBody: args.body }, childOf(parent));
  return dashboardName;
}
