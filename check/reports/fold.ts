import { type CheckReport, type Finding, isViolation } from "../finding";

/** One thing found in several places: the same words, but for the region. */
export interface FoldedFinding {
  /** The first of them, in the order they were found. */
  readonly first: Finding;
  /** Its resource's name with `{region}` in place of the region; empty for a finding about a whole stack. */
  readonly resource: string;
  /** Its message, likewise. */
  readonly message: string;
  readonly all: readonly Finding[];
}

/** What there is of each kind. */
export interface Counts {
  readonly violations: number;
  readonly advisories: number;
  readonly waived: number;
}

/** Folds what is the same in many regions, violations first, then advisories, then what is waived. */
export function fold({ stacks }: CheckReport): readonly FoldedFinding[] {
  const folded = new Map<string, Finding[]>();
  for (const finding of stacks.flatMap(({ findings }) => findings)) {
    const { policy, level, urn, waiver } = finding;
    const key = JSON.stringify([policy, level, waiver ?? null, typeOf(urn), resourceOf(finding), messageOf(finding)]);
    const known = folded.get(key);
    if (known === undefined) folded.set(key, [finding]);
    else known.push(finding);
  }
  return [...folded.values()]
    .flatMap((all) => {
      const [first] = all;
      if (first === undefined) return [];
      // What is in one region only names it.
      const shown = regionsOf(all).length > 1 ? first : { ...first, region: undefined };
      return [{ first, resource: resourceOf(shown), message: messageOf(shown), all }];
    })
    .sort((left, right) => rank(left.first) - rank(right.first) || (left.first.policy < right.first.policy ? -1 : 1));
}

export function countsOf(findings: readonly Finding[]): Counts {
  return {
    violations: findings.filter(isViolation).length,
    advisories: findings.filter(({ level, waiver }) => level !== "mandatory" && waiver === undefined).length,
    waived: findings.filter(({ waiver }) => waiver !== undefined).length,
  };
}

/** `1 violation, 2 advisories`, without what there is none of; `no findings` when there is nothing. */
export function countsInWords({ violations, advisories, waived }: Counts): string {
  const words = [
    ...(violations === 0 ? [] : [`${violations} ${violations === 1 ? "violation" : "violations"}`]),
    ...(advisories === 0 ? [] : [`${advisories} ${advisories === 1 ? "advisory" : "advisories"}`]),
    ...(waived === 0 ? [] : [`${waived} waived`]),
  ];
  return words.length === 0 ? "no findings" : words.join(", ");
}

/** `31 regions of prod`, `eu-west-1 of dev`, `dev`, with every stack that has it. */
export function whereOf({ all }: FoldedFinding): string {
  const places = [...new Set(all.map(({ stack }) => stack))].map((stack) => {
    const regions = regionsOf(all.filter((finding) => finding.stack === stack));
    if (regions.length === 0 || (regions.length === 1 && regions[0] === stack)) return stack;
    return `${regions.length === 1 ? regions[0] : `${regions.length} regions`} of ${stack}`;
  });
  return places.length > 3 ? `${places.length} stacks` : places.join(", ");
}

/** The regions of findings, each once, sorted. */
export function regionsOf(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.flatMap(({ region }) => region ?? []))].sort();
}

/** `file:line`, each once, at most three. */
export function settingPlacesOf({ all }: FoldedFinding): readonly string[] {
  const places = [...new Set(all.flatMap(({ place }) => (place === undefined ? [] : [`${place.file}:${place.line}`])))];
  return places.length > 3 ? [...places.slice(0, 2), `and ${places.length - 2} more files`] : places;
}

function rank(finding: Finding): number {
  if (finding.waiver !== undefined) return 2;
  return isViolation(finding) ? 0 : 1;
}

type Told = Pick<Finding, "urn" | "message"> & { readonly region?: string | undefined };

function resourceOf({ urn, region }: Told): string {
  if (typeOf(urn) === "pulumi:pulumi:Stack") return "";
  return withoutRegion(urn.split("::").slice(3).join("::"), region);
}

function messageOf({ message, region }: Told): string {
  return withoutRegion(message, region);
}

function withoutRegion(text: string, region: string | undefined): string {
  return region === undefined ? text : text.replaceAll(region, "{region}");
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
