import type { Problem } from "../errors";
import { replicationDestinationsMax } from "../limits";
import type { RegionSettings } from "./schema";

/** A problem of one region's settings that shows only beside the others; `path` is within that region's settings. */
export type RegionProblem = Omit<Problem, "at"> & { readonly region: string; readonly path: readonly string[] };

/** Everything about a fleet's settings that cannot be true of all its regions together. */
export function acrossRegions(regions: Readonly<Record<string, RegionSettings>>): RegionProblem[] {
  return [...missingFromMaps(regions), ...sharedNetworks(regions), ...replications(regions)];
}

function missingFromMaps(regions: Readonly<Record<string, RegionSettings>>): RegionProblem[] {
  return Object.entries(regions).flatMap(([region, { model }]) =>
    (["image", "data"] as const).flatMap((key) => {
      const map = model[key];
      if (typeof map !== "object" || "prebuilt" in map || "replicate" in map || map[region] !== undefined) return [];
      return [
        {
          code: "ASY-117" as const,
          region,
          path: ["model", key],
          got: `one for ${Object.keys(map).join(", ") || "no region"}`,
          expected: `one for ${region}, too`,
        },
      ];
    }),
  );
}

/** A subnet lies in one region: the same id in two is one region's network left standing for all. */
function sharedNetworks(regions: Readonly<Record<string, RegionSettings>>): RegionProblem[] {
  const owner = new Map<string, string>();
  return Object.entries(regions).flatMap(([region, { network }]) =>
    (["subnetIds", "securityGroupIds"] as const).flatMap((key) => {
      const elsewhere = (network?.[key] ?? []).filter((id) => owner.has(id));
      for (const id of network?.[key] ?? []) owner.set(id, owner.get(id) ?? region);
      if (elsewhere.length === 0) return [];
      return [
        {
          code: "ASY-115" as const,
          region,
          path: ["network", key],
          got: `${elsewhere.join(", ")} in ${owner.get(elsewhere[0] ?? "")} and in ${region}`,
          expected: "ids of the region's own VPC",
        },
      ];
    }),
  );
}

/** The regions whose image is copied to them, by the region it comes from. */
export function replicationDestinations(
  regions: Readonly<Record<string, RegionSettings>>,
): Map<string, { readonly repositories: Set<string>; readonly destinations: string[] }> {
  const sources = new Map<string, { repositories: Set<string>; destinations: string[] }>();
  for (const [region, { model }] of Object.entries(regions)) {
    if (typeof model.image !== "object" || !("replicate" in model.image)) continue;
    const { from, repository } = model.image.replicate as { from: string; repository: string };
    const source = sources.get(from) ?? { repositories: new Set<string>(), destinations: [] };
    source.repositories.add(repository);
    if (region !== from) source.destinations.push(region);
    sources.set(from, source);
  }
  return sources;
}

function replications(regions: Readonly<Record<string, RegionSettings>>): RegionProblem[] {
  return [...replicationDestinations(regions)].flatMap(([from, { destinations }]) => {
    if (destinations.length <= replicationDestinationsMax) return [];
    return [
      {
        code: "ASY-116" as const,
        region: destinations[0] ?? from,
        path: ["model", "image", "replicate"],
        got: `${destinations.length} regions to copy to from ${from}`,
        expected: `at most ${replicationDestinationsMax}, which is all that ECR copies to from one registry`,
      },
    ];
  });
}
