import { type Problem, UsageError } from "../../contract/errors";
import { defaultPreset, type Preset, presets } from "../presets";
import { isPlain, noRuleConfigs, type RuleConfigs, readRuleConfigs, shown } from "./rule-configs";
import type { Configurable } from "./schemas";

/** What a stack's setting `async-fleet:policies` says. */
export interface PoliciesSetting {
  readonly preset: Preset;
  readonly rules: RuleConfigs;
  /** The file of waivers, relative to the project. @default - policies/waivers.yaml, when it is there */
  readonly waivers?: string;
}

/** The setting's key in every stack file, whatever the project is called. */
export const policiesKey = "async-fleet:policies";

const keys = ["preset", "rules", "waivers"] as const;

/**
 * Reads `async-fleet:policies` from a stack's configuration.
 *
 * @param config keys with their namespace, objects as JSON text, as Pulumi hands it to programs and packs
 * @throws UsageError with every problem (ASY-405 to ASY-407)
 */
export function readPoliciesSetting(
  config: Readonly<Record<string, string>>,
  known: readonly Configurable[],
  stack: string,
): PoliciesSetting {
  const text = config[policiesKey];
  if (text === undefined) return { preset: defaultPreset, rules: noRuleConfigs };
  const at = (path: readonly string[]): string => `${[policiesKey, ...path].join(".")} in stack ${stack}`;
  const problems: Problem[] = [];
  const raw = parsed(text);
  if (!isPlain(raw)) {
    const expected = `an object with ${keys.join(", ")}`;
    throw new UsageError({ code: "ASY-405", at: at([]), got: shown(raw), expected });
  }
  for (const key of Object.keys(raw)) {
    if ((keys as readonly string[]).includes(key)) continue;
    problems.push({
      code: "ASY-405",
      at: at([key]),
      got: `a key called ${key}`,
      expected: `one of ${keys.join(", ")}`,
    });
  }
  const { preset = defaultPreset, waivers } = raw;
  if (!isPreset(preset)) {
    const expected = `one of ${Object.keys(presets).join(", ")}`;
    problems.push({ code: "ASY-405", at: at(["preset"]), got: shown(preset), expected });
  }
  if (waivers !== undefined && (typeof waivers !== "string" || waivers.trim() === ""))
    problems.push({ code: "ASY-405", at: at(["waivers"]), got: shown(waivers), expected: "the path of a file" });
  const rules = readRuleConfigs(raw.rules ?? {}, known, (path) => at(["rules", ...path]), problems);
  if (problems.length > 0) throw new UsageError(problems);
  return { preset: preset as Preset, rules, ...(waivers === undefined ? {} : { waivers: waivers as string }) };
}

/**
 * Reads a file for `--policy-pack-config`, as strictly as the engine and more: the engine drops what it does not know.
 *
 * @throws UsageError with every problem (ASY-405 to ASY-407)
 */
export function readPolicyConfigFile(text: string, file: string, known: readonly Configurable[]): RuleConfigs {
  if (text.trim() === "") return noRuleConfigs;
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new UsageError({ code: "ASY-405", at: file, got: (cause as Error).message, expected: "a JSON file" });
  }
  const problems: Problem[] = [];
  // Environments of Pulumi Cloud are the engine's own affair.
  const { environments: _, ...rest } = isPlain(raw) ? raw : { environments: undefined };
  const rules = readRuleConfigs(
    isPlain(raw) ? rest : raw,
    known,
    (path) => (path.length === 0 ? file : `${path.join(".")} in ${file}`),
    problems,
  );
  if (problems.length > 0) throw new UsageError(problems);
  return rules;
}

function isPreset(value: unknown): value is Preset {
  return typeof value === "string" && Object.hasOwn(presets, value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
