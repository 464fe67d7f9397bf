import type { ResourceRemediation } from "@pulumi/policy";
import { isRegional } from "../regional";

/**
 * Writes the region that a resource means: the one its own ARNs are in, when they agree; else its provider's. With ARNs
 * of several regions a person has to say.
 */
export const nameTheRegion: ResourceRemediation = (args) => {
  const { props, provider, type } = args;
  if (!isRegional(type)) return args.notApplicable("not a regional AWS resource");
  if ("region" in props) return undefined;
  const named = new Set(arnRegionsIn(props));
  const region = named.size === 0 ? provider?.props.region : [...named][0];
  if (named.size > 1 || typeof region !== "string" || region === "") return undefined;
  props.region = region;
  return props;
};

function arnRegionsIn(value: unknown): string[] {
  if (typeof value === "string") return /^arn:[^:]+:[^:]+:([a-z0-9-]+):/.exec(value)?.slice(1, 2) ?? [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(arnRegionsIn);
}
