import { limitTags } from "../../contract/manifest";
import { inner, types } from "../async-resources";
import { addOwnerTags } from "../remediations/tags";
import { looksAt, type ResourceRule } from "../rule";

/** Declared limits say nothing of whose the cost is. */
const limits: readonly string[] = Object.values(limitTags);

export const costsCanBeAttributed: ResourceRule = {
  name: "costs-can-be-attributed",
  group: "cost",
  displayName: "Costs can be attributed",
  description: "An endpoint and its configuration carry tags by which the bill can be split.",
  why: "Instances of many endpoints stand on the bill as one line: untagged, nobody owns the cost.",
  notJudged:
    "Tags a provider adds to everything, which are not in a resource's own properties, and whether a tag is switched on for cost allocation.",
  severity: "low",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Add tags to the endpoint and its configuration (async-fleet:tags).",
  configSchema: {
    properties: {
      keys: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Tags that must be there; where none is named, any tag will do.",
      },
    },
  },
  remediateResource: addOwnerTags,
  validateResource: looksAt([types.endpoint, types.endpointConfiguration], (props, report, args) => {
    const keys = args.getConfig<{ keys?: readonly string[] }>().keys ?? [];
    const tags = Object.keys(inner(props, "tags") ?? {}).filter((key) => !limits.includes(key));
    if (keys.length === 0 && tags.length === 0) report("no tag says whose cost this is.");
    for (const key of keys.filter((each) => !tags.includes(each))) report(`tag ${key} is missing.`);
  }),
};
