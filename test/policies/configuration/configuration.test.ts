import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { type Problem, UsageError } from "../../../contract/errors";
import { configurableRules } from "../../../policies/configuration/pack-configuration";
import { readPoliciesSetting, readPolicyConfigFile } from "../../../policies/configuration/read";
import { resolveRules } from "../../../policies/configuration/resolve";
import { type Configurable, policiesSettingSchema, policyConfigSchema } from "../../../policies/configuration/schemas";
import { rules } from "../../../policies/rules";

const told = {
  name: "told",
  displayName: "Told",
  description: "Told.",
  enforcementLevel: "mandatory",
  validateResource: () => undefined,
} as const;
const timed = {
  ...told,
  name: "timed",
  configSchema: {
    properties: {
      seconds: { type: "integer", minimum: 1, maximum: 10, default: 3 },
      unit: { type: "string", enum: ["s", "min"], default: "s" },
      allowed: { type: "object", additionalProperties: { type: "string", minLength: 3 }, default: {} },
    },
  },
} as const;
const mends = { ...told, name: "mends", remediateResource: () => undefined };
const known = [told, timed, mends] as unknown as readonly Configurable[];

function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
  } catch (cause) {
    if (cause instanceof UsageError) return cause.problems;
    throw cause;
  }
  return [];
}
const setting = (raw: unknown) => readPoliciesSetting({ "async-fleet:policies": JSON.stringify(raw) }, known, "dev");
const file = (raw: unknown) => readPolicyConfigFile(JSON.stringify(raw), "config.json", known);

describe("the configuration of the pack", () => {
  it("is the recommended preset when a stack says nothing", () => {
    assert.deepEqual(readPoliciesSetting({}, known, "dev"), { preset: "recommended", rules: { rules: {} } });
    assert.deepEqual(setting({}), { preset: "recommended", rules: { rules: {} } });
  });

  it("takes levels, parameters, a preset and a file of waivers", () => {
    const raw = {
      preset: "strict",
      waivers: "waivers.yaml",
      rules: {
        all: "advisory",
        told: "disabled",
        timed: { enforcementLevel: "mandatory", seconds: 5 },
        mends: "remediate",
      },
    };
    assert.deepEqual(setting(raw), {
      preset: "strict",
      waivers: "waivers.yaml",
      rules: {
        all: "advisory",
        rules: {
          told: { level: "disabled", parameters: {} },
          timed: { level: "mandatory", parameters: { seconds: 5 } },
          mends: { level: "remediate", parameters: {} },
        },
      },
    });
  });

  it("layers preset, setting and file, each over the one before, with the schema's defaults below", () => {
    const { rules: own } = setting({ rules: { all: "advisory", timed: { seconds: 5 } } });
    assert.deepEqual(resolveRules(known, "recommended", [own, file({ told: "disabled", timed: { unit: "min" } })]), {
      told: { level: "disabled", parameters: {} },
      timed: { level: "advisory", parameters: { seconds: 5, unit: "min", allowed: {} } },
      mends: { level: "advisory", parameters: {} },
    });
    assert.equal(resolveRules(known, "recommended", [own, file({ all: "mandatory" })]).told?.level, "mandatory");
  });

  const at = "async-fleet:policies";
  for (const [what, raw, expected] of [
    ["that is no object", "strict", [`ASY-405 ${at} in stack dev`]],
    ["with an unknown key", { presets: "strict" }, [`ASY-405 ${at}.presets in stack dev`]],
    ["with an unknown preset", { preset: "constructor" }, [`ASY-405 ${at}.preset in stack dev`]],
    ["with no path for waivers", { waivers: " " }, [`ASY-405 ${at}.waivers in stack dev`]],
    ["with rules that are a list", { rules: ["told"] }, [`ASY-405 ${at}.rules in stack dev`]],
  ] as const)
    it(`refuses a stack's setting ${what}`, () => {
      assert.deepEqual(
        problemsOf(() => setting(raw)).map(({ code, at: where }) => `${code} ${where}`),
        expected,
      );
    });

  for (const [what, raw, code, where, expected] of [
    ["an unknown rule", { tolt: "advisory" }, "ASY-406", "tolt", "did you mean told?"],
    ["an unknown level", { told: "warn" }, "ASY-407", "told", "one of advisory, mandatory, disabled"],
    ["an unknown level for all", { all: "warn" }, "ASY-407", "all", "one of advisory, mandatory, remediate, disabled"],
    [
      "an unknown level beside parameters",
      { told: { enforcementLevel: 1 } },
      "ASY-407",
      "told.enforcementLevel",
      "one of advisory, mandatory, disabled",
    ],
    [
      "remediation by a rule that has none",
      { timed: "remediate" },
      "ASY-407",
      "timed",
      "one of advisory, mandatory, disabled",
    ],
    [
      "a rule with a number",
      { told: 3 },
      "ASY-407",
      "told",
      "one of advisory, mandatory, disabled, or an object with parameters",
    ],
    ["an unknown parameter", { timed: { second: 1 } }, "ASY-407", "timed.second", "did you mean seconds?"],
    [
      "a parameter of a rule that has none",
      { told: { seconds: 1 } },
      "ASY-407",
      "told.seconds",
      "no parameter of told",
    ],
    [
      "a parameter of another type",
      { timed: { seconds: "1" } },
      "ASY-407",
      "timed.seconds",
      "a value that must be integer",
    ],
    [
      "a parameter out of its range",
      { timed: { seconds: 11 } },
      "ASY-407",
      "timed.seconds",
      "a value that must be <= 10",
    ],
    ["a parameter that is no choice", { timed: { unit: "h" } }, "ASY-407", "timed.unit", "one of s, min"],
    [
      "a poor value deep inside",
      { timed: { allowed: { "a/b": "x" } } },
      "ASY-407",
      "timed.allowed.a/b",
      "a value that must NOT have fewer than 3 characters",
    ],
  ] as const)
    it(`refuses, in a file and in a setting, ${what}`, () => {
      assert.deepEqual(
        problemsOf(() => file(raw)).map((problem) => [problem.code, problem.at, problem.expected]),
        [[code, `${where} in config.json`, expected]],
      );
      assert.deepEqual(
        problemsOf(() => setting({ rules: raw })).map((problem) => [problem.code, problem.at, problem.expected]),
        [[code, `${at}.rules.${where} in stack dev`, expected]],
      );
    });

  it("tells every problem at once", () => {
    const raw = { preset: 1, rules: { tolt: "advisory", timed: { seconds: 0, unit: "h", more: 1 } } };
    assert.deepEqual(
      problemsOf(() => setting(raw)).map(({ code, at: where }) => `${code} ${where.replace(`${at}.`, "")}`),
      [
        "ASY-405 preset in stack dev",
        "ASY-406 rules.tolt in stack dev",
        "ASY-407 rules.timed.more in stack dev",
        "ASY-407 rules.timed.seconds in stack dev",
        "ASY-407 rules.timed.unit in stack dev",
      ],
    );
  });

  it("refuses a file that is no JSON, takes an empty one as the engine does, and leaves environments to the engine", () => {
    assert.deepEqual(
      problemsOf(() => readPolicyConfigFile("{", "config.json", known)).map(
        ({ code, at: where }) => `${code} ${where}`,
      ),
      ["ASY-405 config.json"],
    );
    assert.deepEqual(
      problemsOf(() => file([])).map(({ code, at: where }) => `${code} ${where}`),
      ["ASY-405 config.json"],
    );
    assert.deepEqual(readPolicyConfigFile(" \n", "config.json", known), { rules: {} });
    assert.deepEqual(file({ environments: ["team/dev"] }), { rules: {} });
  });
});

describe("the schemas for editors", () => {
  const ajv = new Ajv({ allErrors: true });
  const takesFile = ajv.compile(policyConfigSchema(known));
  const takesSetting = ajv.compile(policiesSettingSchema(known));

  it("take and refuse what the pack takes and refuses", () => {
    for (const [raw, fine] of [
      [{}, true],
      [{ all: "advisory", told: "disabled", timed: { enforcementLevel: "mandatory", seconds: 5 } }, true],
      [{ mends: "remediate" }, true],
      [{ tolt: "advisory" }, false],
      [{ told: "warn" }, false],
      [{ told: "remediate" }, false],
      [{ timed: { second: 1 } }, false],
      [{ timed: { seconds: 11 } }, false],
      [{ timed: { seconds: 1.5 } }, false],
      [{ told: 3 }, false],
    ] as const) {
      assert.equal(takesFile(raw), fine, JSON.stringify(raw));
      assert.equal(takesSetting({ rules: raw }), fine, JSON.stringify(raw));
      assert.equal(problemsOf(() => file(raw)).length === 0, fine, JSON.stringify(raw));
    }
    assert.equal(takesSetting({ preset: "strict", waivers: "w.yaml" }), true);
    assert.equal(takesSetting({ preset: "stricter" }), false);
    assert.equal(takesSetting({ presets: "strict" }), false);
  });

  it("take each preset's own file", () => {
    const takes = ajv.compile(policyConfigSchema(configurableRules(rules)));
    for (const preset of ["essential", "recommended", "strict"]) {
      const text = readFileSync(join(__dirname, `../../../policies/presets/${preset}.json`), "utf8");
      assert.ok(takes(JSON.parse(text)), preset);
      assert.doesNotThrow(() => readPolicyConfigFile(text, preset, configurableRules(rules)));
    }
  });

  it("say the type and the bounds of every parameter of every rule", () => {
    for (const { name, configSchema } of rules)
      for (const [parameter, schema] of Object.entries(configSchema?.properties ?? {})) {
        assert.ok(typeof schema === "object" && schema.type !== undefined, `${name}.${parameter} has no type`);
        if (schema.type === "integer" || schema.type === "number")
          assert.ok((schema.minimum ?? schema.exclusiveMinimum) !== undefined, `${name}.${parameter} has no bound`);
        if (schema.type === "object")
          assert.ok(schema.additionalProperties !== undefined, `${name}.${parameter} takes anything`);
        if (schema.type === "array") assert.ok(schema.items !== undefined, `${name}.${parameter} takes anything`);
        const judge = new Ajv().compile(schema as object);
        assert.ok(judge(schema.default), `${name}.${parameter}: its default is none of its values`);
      }
  });
});
