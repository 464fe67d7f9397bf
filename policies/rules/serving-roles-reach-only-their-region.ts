import type { PolicyResource } from "@pulumi/policy";
import { types } from "../async-resources";
import { knownText } from "../links";
import { isOneOf } from "../patterns";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { servingRolesOf, statementsOfRole } from "../security-resources";
import { bucketsOf } from "../storage-resources";

export const servingRolesReachOnlyTheirRegion: StackRule = {
  name: "serving-roles-reach-only-their-region",
  group: "security",
  displayName: "Serving roles reach only their own region",
  description:
    "What a serving role may use lies in the region of its models: no ARN of another region, and no bucket of the stack in another.",
  why: "A model taken over in one region would read and write the payloads of all the others.",
  notJudged:
    "Roles that models of several regions share, buckets that are not in the stack, and policies made elsewhere.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Give each region a role of its own that names that region's resources.",
  validateStack: looksAtStacksWith([types.model], (resources, report, args) => {
    const roles = servingRolesOf(resources);
    if (roles.length === 0) return args.notApplicable("no role of the stack serves a model");
    const buckets = bucketsOf(resources);
    inTurn(
      roles.map(({ role, models }) => () => {
        const regions = new Set(models.flatMap(({ props }) => knownText(props, "region") ?? []));
        const elsewhere = buckets.filter(({ props }) => !regions.has(knownText(props, "region") ?? ""));
        const allowed = statementsOfRole(role, resources).filter(({ allows }) => allows);
        for (const arn of new Set(allowed.flatMap((statement) => statement.resources))) {
          const [, , service, region = ""] = arn.split(":");
          if (region !== "" && !regions.has(region))
            report(`${role.name} serves ${[...regions].join(", ")} and may use ${arn}.`, role.urn);
          for (const bucket of service === "s3" ? elsewhere : []) {
            if (covers(arn, bucket))
              report(
                `${role.name} serves ${[...regions].join(", ")} and may use the bucket ${bucket.name} in ${knownText(bucket.props, "region")}.`,
                role.urn,
              );
          }
        }
      }),
    );
  }),
};

function covers(arn: string, bucket: PolicyResource): boolean {
  const pattern = arn.split(":::")[1]?.split("/")[0] ?? "";
  const name = knownText(bucket.props, "bucket");
  return name !== undefined && isOneOf(name, [pattern]);
}
