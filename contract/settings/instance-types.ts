import type { Problem } from "../errors";
import { regionInfo } from "../regions";
import { unknownRegion } from "./choose-regions";
import { type Plain, valueAt } from "./merge";
import type { RegionSettings } from "./schema";

type EndpointSettings = RegionSettings["endpoint"];

/** A problem with a region's instance types; `path` lies within the region's settings. */
export type InstanceTypeProblem = Omit<Problem, "at"> & { readonly path: readonly string[] };

/** The types a region would take, the first best. */
export function candidateTypes({ instanceType, alternatives = [] }: EndpointSettings): string[] {
  return [...new Set([instanceType, ...alternatives])];
}

/**
 * The type a region gets: the first of its candidates that is not said to be unavailable there. Only the settings are
 * asked: AWS publishes no table of instance types by region, so there is none here to guess from.
 *
 * @param override what `async-fleet:overrides` says of this region
 * @param usedElsewhere types of the stack's other regions, which a message names as what could be taken here
 */
export function chooseInstanceType(
  region: string,
  endpoint: EndpointSettings,
  override: Plain | undefined,
  usedElsewhere: readonly string[],
): { readonly instanceType: string } | { readonly problem: InstanceTypeProblem } {
  const isUnavailable = (type: string): boolean => endpoint.unavailable?.[type]?.includes(region) === true;
  const asked = valueAt(override, ["endpoint", "instanceType"]);
  if (typeof asked === "string" && isUnavailable(asked)) {
    return {
      problem: {
        code: "ASY-123",
        path: ["endpoint", "instanceType"],
        got: `${asked}, which endpoint.unavailable says is not to be had in ${region}`,
        expected: "a type that is to be had there",
      },
    };
  }
  const candidates = candidateTypes(endpoint);
  const instanceType = candidates.find((type) => !isUnavailable(type));
  if (instanceType !== undefined) return { instanceType };
  const near = [...new Set(usedElsewhere)].filter((type) => !isUnavailable(type));
  return {
    problem: {
      code: "ASY-122",
      path: ["endpoint", candidates.length === 1 ? "instanceType" : "alternatives"],
      got: `${candidates.join(", ")}: unavailable in ${region}`,
      expected:
        near.length === 0
          ? `a type that is to be had in ${region}`
          : `a type that is to be had in ${region}; this stack's settings also name ${near.join(", ")}`,
    },
  };
}

/** Codes under `endpoint.unavailable` that are no regions. */
export function unknownUnavailableRegions(endpoint: EndpointSettings): InstanceTypeProblem[] {
  return Object.entries(endpoint.unavailable ?? {}).flatMap(([type, codes]) =>
    codes.flatMap((code, index) =>
      regionInfo(code) === undefined
        ? [{ ...unknownRegion(code), path: ["endpoint", "unavailable", type, String(index)] }]
        : [],
    ),
  );
}
