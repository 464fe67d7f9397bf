import type { ResourceValidationPolicy } from "@pulumi/policy";

/** Services whose resources AWS keeps for the whole account. */
const globalServices = new Set(["iam", "route53", "cloudfront", "organizations", "budgets", "index", "account"]);

/**
 * With one provider for many regions, a resource without `region` lands in the provider's own. After the provider's
 * check the region is always filled in, so in an engine this rule sees a missing one only where the provider is not
 * asked; in the check without an engine it sees each.
 */
export const everyResourceNamesItsRegion: ResourceValidationPolicy = {
  name: "every-resource-names-its-region",
  displayName: "Every regional resource names its region",
  description: "A regional AWS resource carries the region it is meant for.",
  severity: "medium",
  enforcementLevel: "mandatory",
  tags: ["regions"],
  remediationSteps: "Set region on the resource.",
  validateResource: (args, report) => {
    const service = /^aws:([^/:]+)/.exec(args.type)?.[1];
    if (service === undefined || globalServices.has(service)) return args.notApplicable("not a regional AWS resource");
    if (!("region" in args.props)) report("region is missing.");
  },
};
