import { isRegional } from "../regional";
import { nameTheRegion } from "../remediations/region";
import type { ResourceRule } from "../rule";

/**
 * With one provider for many regions, a resource without `region` lands in the provider's own. After the provider's
 * check the region is always filled in, so in an engine this rule sees a missing one only where the provider is not
 * asked; in the check without an engine it sees each.
 */
export const everyResourceNamesItsRegion: ResourceRule = {
  name: "every-resource-names-its-region",
  group: "regions",
  displayName: "Every regional resource names its region",
  description: "A regional AWS resource carries the region it is meant for.",
  why: "With one provider for many regions, a resource without a region lands in the provider's own.",
  notJudged:
    "Whether the region is the intended one, and, in an engine, resources whose region the provider has filled in before policies look.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set region on the resource.",
  remediateResource: nameTheRegion,
  validateResource: (args, report) => {
    if (!isRegional(args.type)) return args.notApplicable("not a regional AWS resource");
    if (!("region" in args.props)) report("region is missing.");
  },
};
