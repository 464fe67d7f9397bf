import { configurableRules } from "../policies/configuration/pack-configuration";
import { resolveRules } from "../policies/configuration/resolve";
import { policyConfigSchema } from "../policies/configuration/schemas";
import { type Preset, presets } from "../policies/presets";
import { rules } from "../policies/rules";

/** The files printed from the rules for those who configure the pack with `--policy-pack-config`. */
export function policyConfigFiles(): ReadonlyArray<{ readonly path: string; readonly text: string }> {
  return [
    { path: "policies/policy-config.schema.json", text: json(policyConfigSchema(configurableRules(rules))) },
    ...(Object.keys(presets) as Preset[]).map((preset) => ({
      path: `policies/presets/${preset}.json`,
      text: json(levelsByRule(preset)),
    })),
  ];
}

/** A preset in the engine's form, so that a team can demand it whatever a stack's setting says. */
function levelsByRule(preset: Preset): object {
  return Object.fromEntries(Object.entries(resolveRules(rules, preset, [])).map(([name, { level }]) => [name, level]));
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
