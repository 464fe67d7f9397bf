import { Ajv, type ErrorObject } from "ajv";
import type { Problem } from "../../contract/errors";
import { nearest } from "../../contract/settings/nearest";
import { type Configurable, type Level, levels, levelsOf, parametersSchema } from "./schemas";

/** What a configuration says of one rule. */
export interface RuleConfig {
  /** @default - the level it had before */
  readonly level?: Level;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a configuration says of rules, in the engine's form: `{ rule: level | { enforcementLevel, … } }`. */
export interface RuleConfigs {
  /** The level of every rule that has none of its own here. */
  readonly all?: Level;
  readonly rules: Readonly<Record<string, RuleConfig>>;
}

export const noRuleConfigs: RuleConfigs = { rules: {} };

/**
 * Reads what is said of rules.
 *
 * @param at where a path within `raw` stands, for messages
 * @param problems takes every problem (ASY-405 to ASY-407)
 */
export function readRuleConfigs(
  raw: unknown,
  known: readonly Configurable[],
  at: (path: readonly string[]) => string,
  problems: Problem[],
): RuleConfigs {
  if (!isPlain(raw)) {
    problems.push({ code: "ASY-405", at: at([]), got: shown(raw), expected: "an object with levels by rule" });
    return noRuleConfigs;
  }
  const ajv = new Ajv({ allErrors: true, strict: false });
  const rules: Record<string, RuleConfig> = {};
  let all: Level | undefined;
  for (const [name, said] of Object.entries(raw)) {
    const rule = known.find((each) => each.name === name);
    if (name === "all") {
      if (isLevel(said)) all = said;
      else
        problems.push({ code: "ASY-407", at: at([name]), got: shown(said), expected: `one of ${levels.join(", ")}` });
    } else if (rule === undefined) {
      const meant = nearest(name, ["all", ...known.map((each) => each.name)]);
      problems.push({
        code: "ASY-406",
        at: at([name]),
        got: `a rule called ${name}`,
        expected: meant === undefined ? "a rule of docs/POLICIES.md" : `did you mean ${meant}?`,
      });
    } else {
      const config = readRuleConfig(said, rule, ajv, (path) => at([name, ...path]), problems);
      if (config !== undefined) rules[name] = config;
    }
  }
  return { ...(all === undefined ? {} : { all }), rules };
}

function readRuleConfig(
  said: unknown,
  rule: Configurable,
  ajv: Ajv,
  at: (path: readonly string[]) => string,
  problems: Problem[],
): RuleConfig | undefined {
  const before = problems.length;
  if (typeof said !== "string" && !isPlain(said)) {
    const expected = `one of ${levelsOf(rule).join(", ")}, or an object with parameters`;
    problems.push({ code: "ASY-407", at: at([]), got: shown(said), expected });
    return undefined;
  }
  const { enforcementLevel: level, ...parameters } =
    typeof said === "string" ? { enforcementLevel: said } : (said as Record<string, unknown>);
  if (level !== undefined && !(levelsOf(rule) as readonly unknown[]).includes(level)) {
    const path = typeof said === "string" ? [] : ["enforcementLevel"];
    problems.push({
      code: "ASY-407",
      at: at(path),
      got: shown(level),
      expected: `one of ${levelsOf(rule).join(", ")}`,
    });
  }
  // A parameter left out takes its default, so `required` is judged over what stands after that. None at all is right
  // for every rule, and compiling a schema takes longer than all the rest.
  if (Object.keys(parameters).length > 0) {
    const judge = ajv.compile({ ...parametersSchema(rule), required: [] });
    judge(parameters);
    for (const error of judge.errors ?? []) problems.push(problemOf(error, parameters, rule, at));
  }
  if (problems.length > before) return undefined;
  return { ...(level === undefined ? {} : { level: level as Level }), parameters };
}

function problemOf(
  error: ErrorObject,
  parameters: object,
  rule: Configurable,
  at: (path: readonly string[]) => string,
): Problem {
  const path = error.instancePath.split("/").slice(1).map(unescaped);
  const surplus: unknown = error.params.additionalProperty;
  if (typeof surplus === "string") {
    const names = Object.keys(parametersSchema(rule).properties);
    const meant = path.length === 0 ? nearest(surplus, names) : undefined;
    const parameterNames = names.length === 0 ? `no parameter of ${rule.name}` : `parameters ${names.join(", ")}`;
    return {
      code: "ASY-407",
      at: at([...path, surplus]),
      got: `a parameter called ${surplus}`,
      expected: meant === undefined ? parameterNames : `did you mean ${meant}?`,
    };
  }
  const value = path.reduce<unknown>(
    (inside, key) => (inside as Record<string, unknown> | undefined)?.[key],
    parameters,
  );
  const allowed: unknown = error.params.allowedValues;
  const expected = Array.isArray(allowed) ? `one of ${allowed.join(", ")}` : `a value that ${error.message ?? "fits"}`;
  return { code: "ASY-407", at: at(path), got: shown(value), expected };
}

/** A JSON pointer writes `/` and `~` in another way. */
function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

function isLevel(value: unknown): value is Level {
  return (levels as readonly unknown[]).includes(value);
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function shown(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
