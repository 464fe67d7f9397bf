import { type Preset, presets } from "../presets";
import type { RuleConfigs } from "./rule-configs";
import { type Configurable, defaultsOf, type Level } from "./schemas";

/** How a rule is enforced, every default filled in. */
export interface ResolvedRule {
  readonly level: Level;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * How every rule is enforced: by the preset, then by each layer in turn, the last word counting. The engine layers
 * `--policy-pack-config` over the stack's setting in the same way.
 */
export function resolveRules(
  known: readonly Configurable[],
  preset: Preset,
  layers: readonly RuleConfigs[],
): Readonly<Record<string, ResolvedRule>> {
  const resolved = known.map((rule) => {
    let level = presetLevel(rule, preset);
    let parameters = defaultsOf(rule);
    for (const { all, rules } of layers) {
      const own = rules[rule.name];
      level = own?.level ?? all ?? level;
      parameters = { ...parameters, ...own?.parameters };
    }
    return [rule.name, { level, parameters }] as const;
  });
  return Object.fromEntries(resolved);
}

/** Rules about waivers belong to no preset: they are always on. */
function presetLevel({ name, enforcementLevel }: Configurable, preset: Preset): Level {
  const own = enforcementLevel ?? "mandatory";
  if (!presets.strict.includes(name)) return own;
  if (!presets[preset].includes(name)) return "disabled";
  return preset === "strict" ? "mandatory" : own;
}
