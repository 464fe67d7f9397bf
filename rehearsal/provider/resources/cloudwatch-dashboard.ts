import { dashboardFaults, dashboardRefusal } from "../../world/cloudwatch/dashboard-body";
import { unlessGone } from "../aws-calls";
import { document, replaces, required, text } from "../property";
import { defineResource } from "../resource-type";

const gone = ["ResourceNotFound", "DashboardNotFoundError", "ResourceNotFoundException"] as const;

/** A dashboard. Its id is its name, which the provider does not make up. */
export const cloudwatchDashboard = defineResource({
  token: "aws:cloudwatch/dashboard:Dashboard",
  regional: true,
  importForm: "<dashboard name>",
  inputs: {
    dashboardBody: required(document()),
    dashboardName: required(
      replaces(text({ maxLength: 255, pattern: /^[\w-]+$/, patternMeans: "letters, digits, - and _" })),
    ),
  },
  computed: ["dashboardArn"],
  // CloudWatch refuses a bad body only as it is put; said at preview, the deployment has not begun yet.
  check: ({ dashboardBody }) => {
    const faults = typeof dashboardBody === "string" ? dashboardFaults(dashboardBody) : [];
    return faults.length === 0
      ? []
      : [{ property: "dashboardBody", reason: `ASY-562 PutDashboard would be refused: ${dashboardRefusal(faults)}` }];
  },
  async create({ aws, exists }, { dashboardName, dashboardBody }) {
    await aws.cloudwatch.putDashboard({ DashboardName: dashboardName, DashboardBody: dashboardBody });
    exists(dashboardName);
    return dashboardName;
  },
  async read({ aws }, { id }) {
    const found = await unlessGone(gone, () => aws.cloudwatch.getDashboard({ DashboardName: id }));
    if (found === undefined) return undefined;
    return { dashboardName: id, dashboardArn: found.DashboardArn, dashboardBody: found.DashboardBody };
  },
  async update({ aws }, { id }, { dashboardBody }) {
    await aws.cloudwatch.putDashboard({ DashboardName: id, DashboardBody: dashboardBody });
  },
  async delete({ aws }, { id }) {
    await unlessGone(gone, () => aws.cloudwatch.deleteDashboards({ DashboardNames: [id] }));
  },
});
