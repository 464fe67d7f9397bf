import type { z } from "zod";
import { type Problem, UsageError } from "./errors";
import { acrossRegions } from "./settings/across-regions";
import { chooseRegions, unknownRegion } from "./settings/choose-regions";
import { contradictions } from "./settings/contradictions";
import { candidateTypes, chooseInstanceType, unknownUnavailableRegions } from "./settings/instance-types";
import { isPlain, mergeDeep, type Plain, valueAt } from "./settings/merge";
import { nearest } from "./settings/nearest";
import { type RegionSettings, regionKeys, regionSchema, regionsSchema, tagsSchema } from "./settings/schema";

export type { RegionSettings } from "./settings/schema";
export { settingsJsonSchema } from "./settings/schema";

/** A stack's settings, whole: every default filled in, every override applied. */
export interface Settings {
  /** Region codes, in the order of the region table. */
  readonly regions: readonly string[];
  /** The settings of each of those regions. */
  readonly region: Readonly<Record<string, RegionSettings>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Where the settings come from, for messages and for what a region stack leaves unsaid. */
export interface SettingsContext {
  readonly stack: string;
  /** The stack's own `aws:region`. @default - the settings must name their regions */
  readonly homeRegion?: string;
}

const namespace = "async-fleet";
/** `policies` is the policy pack's affair: docs/GUARDS.md. */
const topKeys = ["regions", ...regionKeys, "tags", "overrides", "policies"];

/**
 * Turns what a stack file says into settings.
 *
 * @param raw the values of the namespace `async-fleet`, by key; an absent key takes its default
 * @throws UsageError with every problem there is (ASY-101 to ASY-123)
 */
export function parseSettings(raw: Plain, context: SettingsContext): Settings {
  const problems: Problem[] = [];
  const at = (path: ReadonlyArray<PropertyKey>): string =>
    `${namespace}:${path.map(String).join(".")}${inStack(context)}`;
  for (const key of Object.keys(raw)) if (!topKeys.includes(key)) problems.push(unknownKey(key, topKeys, at([key])));

  const codes = readRegions(raw, context, at, problems);
  const tags = tagsSchema.safeParse(raw.tags ?? undefined);
  if (!tags.success) for (const issue of tags.error.issues) problems.push(problemOf(issue, raw.tags, ["tags"], at));
  const overrides = readOverrides(raw, at, problems);

  const base = pick(raw, regionKeys);
  const told = new Set<string>();
  const tell = (problem: Problem): void => {
    const key = JSON.stringify(problem);
    if (!told.has(key)) problems.push(problem);
    told.add(key);
  };
  const region: Record<string, RegionSettings> = {};
  for (const code of codes.length > 0 ? codes : [undefined]) {
    const over = code === undefined ? undefined : overrides[code];
    const merged = mergeDeep(base, over) as Plain;
    const { settings, problems: wrong } = readRegionSettings(merged, placed(code, over, at), code);
    wrong.forEach(tell);
    if (settings !== undefined && code !== undefined) region[code] = settings;
  }
  // What is written for a region that this stack leaves out is read all the same: a mistake there waits for no deployment.
  for (const [code, over] of Object.entries(overrides)) {
    if (codes.includes(code)) continue;
    const inOverride = at(["overrides", code]).replace(inStack(context), "");
    const { problems: wrong } = readRegionSettings(mergeDeep(base, over) as Plain, placed(code, over, at), code);
    for (const problem of wrong) if (problem.at.startsWith(inOverride)) tell(problem);
  }
  const typed = withInstanceTypes(region, overrides, at);
  typed.problems.forEach(tell);
  for (const { region: code, path, ...rest } of acrossRegions(region)) {
    tell({ ...rest, at: placed(code, overrides[code], at)(path) });
  }
  if (problems.length > 0) throw new UsageError(problems);
  return { regions: codes, region: typed.region, tags: tags.data ?? {} };
}

type At = (path: ReadonlyArray<PropertyKey>) => string;

function inStack({ stack }: SettingsContext): string {
  return ` in stack ${stack}`;
}

/** Where a region's setting stands: in its override when that says it, else among the stack's own. */
function placed(code: string | undefined, over: Plain | undefined, at: At): At {
  return (path) =>
    at(
      code !== undefined && over !== undefined && valueAt(over, path) !== undefined
        ? ["overrides", code, ...path]
        : path,
    );
}

/** Each region's settings with the instance type that it gets. */
function withInstanceTypes(
  region: Readonly<Record<string, RegionSettings>>,
  overrides: Readonly<Record<string, Plain>>,
  at: At,
): { readonly region: Record<string, RegionSettings>; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const used = Object.values(region).flatMap(({ endpoint }) => candidateTypes(endpoint));
  const typed = Object.entries(region).map(([code, settings]) => {
    const where = placed(code, overrides[code], at);
    const chosen = chooseInstanceType(code, settings.endpoint, overrides[code], used);
    const wrong = [...unknownUnavailableRegions(settings.endpoint), ...("problem" in chosen ? [chosen.problem] : [])];
    problems.push(...wrong.map(({ path, ...rest }) => ({ ...rest, at: where(path) })));
    const instanceType = "problem" in chosen ? settings.endpoint.instanceType : chosen.instanceType;
    return [code, { ...settings, endpoint: { ...settings.endpoint, instanceType } }] as const;
  });
  return { region: Object.fromEntries(typed), problems };
}

function readRegions(raw: Plain, context: SettingsContext, at: At, problems: Problem[]): string[] {
  const asked = raw.regions ?? (context.homeRegion === undefined ? undefined : [context.homeRegion]);
  if (asked === undefined) {
    problems.push({
      code: "ASY-101",
      at: at(["regions"]),
      got: "nothing, and no aws:region either",
      expected: "supported, or a list of region codes",
    });
    return [];
  }
  const parsed = regionsSchema.safeParse(asked);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(problemOf(issue, asked, ["regions"], at));
    return [];
  }
  const { codes, problems: wrong } = chooseRegions(parsed.data);
  for (const { path, ...rest } of wrong) problems.push({ ...rest, at: at(["regions", ...path]) });
  return codes;
}

function readOverrides(raw: Plain, at: At, problems: Problem[]): Readonly<Record<string, Plain>> {
  if (raw.overrides === undefined) return {};
  if (!isPlain(raw.overrides)) {
    problems.push({
      code: "ASY-102",
      at: at(["overrides"]),
      got: shown(raw.overrides),
      expected: "settings by region code",
    });
    return {};
  }
  const overrides: Record<string, Plain> = {};
  for (const [code, value] of Object.entries(raw.overrides)) {
    const unknown = chooseRegions([code]).problems.find((problem) => problem.code === "ASY-104");
    if (unknown !== undefined) problems.push({ ...unknownRegion(code), at: at(["overrides", code]) });
    if (!isPlain(value)) {
      problems.push({
        code: "ASY-102",
        at: at(["overrides", code]),
        got: shown(value),
        expected: "settings to override",
      });
      continue;
    }
    for (const key of Object.keys(value)) {
      if (!regionKeys.includes(key)) problems.push(unknownKey(key, regionKeys, at(["overrides", code, key])));
    }
    overrides[code] = pick(value, regionKeys);
  }
  return overrides;
}

function readRegionSettings(
  merged: Plain,
  at: At,
  region?: string,
): { settings?: RegionSettings; problems: Problem[] } {
  const parsed = regionSchema.safeParse(merged);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues
        .flatMap(withinUnions)
        .flatMap((issue) =>
          issue.code === "unrecognized_keys"
            ? issue.keys.map((key) => unknownKey(key, siblings(issue.path, merged), at([...issue.path, key])))
            : [problemOf(issue, merged, [], at)],
        ),
    };
  }
  const problems = contradictions(parsed.data, region).map(({ path, code = "ASY-106" as const, ...rest }) => ({
    code,
    at: at(path),
    ...rest,
  }));
  return problems.length > 0 ? { problems } : { settings: parsed.data, problems };
}

/** Where one form of several was clearly meant, what is wrong within it says more than that none fits. */
function withinUnions(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const [meant, ...others] = issue.errors.filter((each) => each.every(({ path }) => path.length > 0));
  if (meant === undefined || others.length > 0) return [issue];
  return meant.flatMap((inner) => withinUnions({ ...inner, path: [...issue.path, ...inner.path] }));
}

function problemOf(issue: z.core.$ZodIssue, input: unknown, prefix: readonly string[], at: At): Problem {
  const value = valueAt(input, issue.path);
  return {
    code: value === undefined ? "ASY-101" : "ASY-102",
    at: at([...prefix, ...issue.path]),
    got: issue.code === "invalid_key" ? String(issue.path.at(-1)) : value === undefined ? "nothing" : shown(value),
    expected: issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message,
  };
}

function unknownKey(key: string, known: readonly string[], at: string): Problem {
  const meant = nearest(key, known);
  return {
    code: "ASY-103",
    at,
    got: `a setting called ${key}`,
    expected: `${meant === undefined ? "" : `did you mean ${meant}? `}The settings here are ${known.join(", ")}`,
  };
}

/** The names a strict object at `path` knows; where there are several kinds, those of the kind that is written there. */
function siblings(path: ReadonlyArray<PropertyKey>, input: unknown): string[] {
  let schema: unknown = regionSchema;
  path.forEach((key, depth) => {
    schema = shapeOf(schema, valueAt(input, path.slice(0, depth)))[String(key)];
  });
  return Object.keys(shapeOf(schema, valueAt(input, path)));
}

function shapeOf(schema: unknown, value: unknown): Record<string, unknown> {
  const inner = schema as { shape?: Record<string, unknown>; unwrap?: () => unknown; def?: { options?: unknown[] } };
  if (inner?.shape !== undefined) return inner.shape;
  if (inner?.def?.options !== undefined) {
    const shapes = inner.def.options.map((option) => shapeOf(option, value));
    const own = shapes.filter((shape) => isKind(shape, value));
    return Object.assign({}, ...(own.length > 0 ? own : shapes));
  }
  return typeof inner?.unwrap === "function" ? shapeOf(inner.unwrap(), value) : {};
}

function isKind({ kind }: Record<string, unknown>, value: unknown): boolean {
  const { values } = (kind as { def?: { values?: readonly unknown[] } } | undefined)?.def ?? {};
  return values?.includes(valueAt(value, ["kind"])) === true;
}

function pick(from: Plain, keys: readonly string[]): Plain {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
