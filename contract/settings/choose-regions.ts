import type { Problem } from "../errors";
import { regionInfo, regions, supportedRegions } from "../regions";
import { nearest } from "./nearest";
import type { RegionsSetting } from "./schema";

/** A problem with the regions setting; `path` lies within it. */
export type RegionProblem = Omit<Problem, "at"> & { readonly path: ReadonlyArray<string | number> };

/** The regions a setting stands for, in the order of the region table, and everything wrong with it. */
export function chooseRegions(setting: RegionsSetting): {
  readonly codes: string[];
  readonly problems: RegionProblem[];
} {
  const problems: RegionProblem[] = [];
  const chosen = new Set<string>();
  const add = (code: string, path: ReadonlyArray<string | number>, reason?: string): void => {
    const info = regionInfo(code);
    if (info === undefined) problems.push({ path, ...unknownRegion(code) });
    else if (info.excludedIn2021 && (reason === undefined || reason.trim() === "")) {
      problems.push({
        code: "ASY-105",
        path,
        got: `${code} (${info.name}), ${reason === undefined ? "without a reason" : "with an empty reason"}`,
        expected: "a reason, because the announcement of 2021 left it out",
      });
    } else chosen.add(code);
  };

  if (setting === "supported") for (const code of supportedRegions) chosen.add(code);
  else if (Array.isArray(setting)) {
    setting.forEach((each, index) => {
      if (typeof each === "string") add(each, [index]);
      else add(each.region, [index], each.reason);
    });
  } else {
    for (const code of supportedRegions) {
      if (setting.optIn === "include" || regionInfo(code)?.optIn === false) chosen.add(code);
    }
    setting.without.forEach((code, index) => {
      if (regionInfo(code) === undefined) problems.push({ path: ["without", index], ...unknownRegion(code) });
      chosen.delete(code);
    });
    setting.with.forEach(({ region, reason }, index) => void add(region, ["with", index], reason));
  }
  if (chosen.size === 0 && problems.length === 0) {
    problems.push({ code: "ASY-107", path: [], got: "no region is left", expected: "at least one region" });
  }
  return { codes: regions.map(({ code }) => code).filter((code) => chosen.has(code)), problems };
}

/** What is wrong with a code that no row has. */
export function unknownRegion(code: string): Omit<Problem, "at"> {
  const meant = nearest(
    code,
    regions.map((each) => each.code),
  );
  return {
    code: "ASY-104",
    got: code,
    expected:
      meant === undefined
        ? "a commercial region with SageMaker"
        : `a commercial region with SageMaker; did you mean ${meant}?`,
  };
}
