import type { ContainerSpec } from "./container";

/**
 * What the platform adds to a model's environment. AWS documents no list of it: the region's two names are assumed, and
 * credentials of the role are not handed out. The third keeps AWS's SDKs from asking this machine for its own role.
 */
export function platformEnvironment({
  region,
  tellsRegion,
}: Pick<ContainerSpec, "region" | "tellsRegion">): Record<string, string> {
  const named: Record<string, string> = tellsRegion === false ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
  return { ...named, AWS_EC2_METADATA_DISABLED: "true" };
}
