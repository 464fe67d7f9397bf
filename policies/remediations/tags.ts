import type { ResourceRemediation } from "@pulumi/policy";
import { limitTags } from "../../contract/manifest";
import { types } from "../async-resources";

const declaredLimits: readonly string[] = Object.values(limitTags);

/**
 * Adds the tags by which a bill can be split and that follow from the resource itself: project, stack and region. Any
 * other tag a team asks for has a value only a person knows, and stays a finding.
 */
export const addOwnerTags: ResourceRemediation = (args) => {
  const { props, type, urn } = args;
  if (type !== types.endpoint && type !== types.endpointConfiguration) return args.notApplicable("judges endpoints");
  const keys = args.getConfig<{ keys?: readonly string[] }>().keys ?? [];
  const present = Object.keys("tags" in props ? props.tags : {}).filter((key) => !declaredLimits.includes(key));
  if (keys.length === 0 && present.length > 0) return undefined;
  const known = ownerTags(urn, "region" in props ? props.region : undefined);
  const wanted = keys.length === 0 ? Object.keys(known) : keys;
  const missing = wanted.filter((key) => key in known && !present.includes(key));
  if (missing.length === 0) return undefined;
  if (!("tags" in props)) props.tags = {};
  for (const key of missing) props.tags[key] = known[key];
  return props;
};

/** The tags every resource of a fleet has; a URN says project and stack. */
function ownerTags(urn: string, region: unknown): Readonly<Record<string, string>> {
  const [, stack = "", project = ""] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(urn) ?? [];
  return {
    "async-fleet:project": project,
    "async-fleet:stack": stack,
    ...(typeof region === "string" ? { "async-fleet:region": region } : {}),
  };
}
