import { defaultPreset, presets } from "../presets";
import type { Rule } from "../rule";

/** What of a rule its configuration is judged by. */
export type Configurable = Pick<Rule, "name" | "description" | "displayName" | "enforcementLevel" | "configSchema"> & {
  readonly remediateResource?: unknown;
  readonly validateResource?: unknown;
  readonly validateStack?: unknown;
};

export const levels = ["advisory", "mandatory", "remediate", "disabled"] as const;
export type Level = (typeof levels)[number];

/** A JSON schema of draft 7, which the engine, editors and ajv all read. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The parameters of a rule. The engine adds neither a type nor `additionalProperties` of its own. */
export function parametersSchema({ configSchema }: Configurable): JsonSchema & { readonly properties: object } {
  return {
    type: "object",
    properties: configSchema?.properties ?? {},
    ...(configSchema?.required === undefined ? {} : { required: configSchema.required }),
    additionalProperties: false,
  };
}

/** The values a schema gives to parameters that are left out. */
export function defaultsOf({ configSchema }: Configurable): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configSchema?.properties ?? {}).flatMap(([name, schema]) => {
      const { default: value } = schema as { readonly default?: unknown };
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The levels a rule takes: only one that knows how to mend a resource can be told to, and one that only mends or not. */
export function levelsOf({ remediateResource, validateResource, validateStack }: Configurable): readonly Level[] {
  const judges = validateResource !== undefined || validateStack !== undefined;
  return levels.filter((level) => {
    if (level === "remediate") return remediateResource !== undefined;
    return level === "disabled" || judges;
  });
}

/** policies/policy-config.schema.json: a file for `--policy-pack-config`, for editors. */
export function policyConfigSchema(rules: readonly Configurable[]): JsonSchema {
  const environments = { description: "Environments of Pulumi Cloud.", type: "array", items: { type: "string" } };
  const { properties, ...rest } = byRule(rules);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of the policy pack async-fleet, for --policy-pack-config",
    ...rest,
    properties: { ...(properties as object), environments },
  };
}

/** The setting `async-fleet:policies` of a stack file. */
export function policiesSettingSchema(rules: readonly Configurable[]): JsonSchema {
  return {
    description: "The policy pack's rules for this stack: docs/GUARDS.md.",
    type: "object",
    properties: {
      preset: { description: "Which rules are on.", enum: Object.keys(presets), default: defaultPreset },
      rules: { description: "Levels and parameters of single rules, over the preset.", ...byRule(rules) },
      waivers: { description: "The file of waivers, from the folder of Pulumi.yaml.", type: "string", minLength: 1 },
    },
    additionalProperties: false,
  };
}

function byRule(rules: readonly Configurable[]): JsonSchema {
  const entries = rules.map((rule) => {
    const { properties, ...rest } = parametersSchema(rule);
    const level = { enum: levelsOf(rule) };
    return [
      rule.name,
      {
        description: rule.description,
        anyOf: [level, { ...rest, properties: { enforcementLevel: level, ...properties } }],
      },
    ] as const;
  });
  return {
    type: "object",
    properties: {
      all: { description: "The level of every rule that has none of its own here.", enum: levels },
      ...Object.fromEntries(entries),
    },
    additionalProperties: false,
  };
}
