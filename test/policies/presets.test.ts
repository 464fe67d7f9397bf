import assert from "node:assert/strict";
import { configurableRules } from "../../policies/configuration/pack-configuration";
import { resolveRules } from "../../policies/configuration/resolve";
import { defaultPreset, presets } from "../../policies/presets";
import { rules } from "../../policies/rules";

const names = rules.map(({ name }) => name);
const sorted = (list: readonly string[]): string[] => [...list].sort();

describe("the presets", () => {
  it("are these, exactly", () => {
    assert.equal(defaultPreset, "recommended");
    assert.deepEqual(Object.keys(presets), ["essential", "recommended", "strict"]);
    const essential = [
      "container-accepts-the-declared-payload",
      "container-timeout-covers-the-invocation",
      "every-resource-names-its-region",
      "one-variant-and-no-capture",
      "region-is-supported",
      "scaling-can-leave-zero",
      "scaling-names-a-real-variant",
      "scaling-uses-published-metrics",
      "time-to-live-covers-waking",
    ];
    const recommended = [
      ...essential,
      "failure-path-is-not-the-result-path",
      "invocation-timeout-is-declared",
      "payload-limit-is-declared",
      "results-are-told",
    ];
    assert.deepEqual(presets.essential, essential);
    assert.deepEqual(presets.recommended, recommended);
    assert.deepEqual(presets.strict, recommended);
  });

  it("grow from each other, and strict holds every rule: a new rule is placed in a preset on purpose", () => {
    assert.deepEqual(sorted(presets.strict), sorted(names));
    for (const name of presets.essential) assert.ok(presets.recommended.includes(name), name);
    for (const name of presets.recommended) assert.ok(presets.strict.includes(name), name);
    for (const list of Object.values(presets)) assert.equal(new Set(list).size, list.length);
  });

  it("leave a listed rule its own level, or make it mandatory when strict, and turn off the others", () => {
    const rule = { name: "results-are-told", enforcementLevel: "advisory", description: "" } as const;
    const level = (preset: keyof typeof presets) => resolveRules([{ ...rule, displayName: "" }], preset, [])[rule.name];
    assert.deepEqual(level("recommended"), { level: "advisory", parameters: {} });
    assert.deepEqual(level("strict"), { level: "mandatory", parameters: {} });
    assert.deepEqual(level("essential"), { level: "disabled", parameters: {} });
  });

  it("all have the rules about waivers", () => {
    for (const preset of Object.keys(presets) as (keyof typeof presets)[]) {
      const resolved = resolveRules(configurableRules(rules), preset, []);
      assert.equal(resolved["waivers-are-current"]?.level, "mandatory");
      assert.equal(resolved["waivers-are-used"]?.level, "advisory");
    }
  });
});
