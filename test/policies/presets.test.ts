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
      "alarms-have-data",
      "arns-stay-in-their-region",
      "buckets-are-closed-to-the-public",
      "configuration-can-be-replaced",
      "container-accepts-the-declared-payload",
      "container-timeout-covers-the-invocation",
      "endpoint-and-its-parts-share-a-region",
      "endpoint-has-one-scalable-target",
      "endpoint-names-are-unique",
      "environments-hold-no-secrets",
      "every-resource-names-its-region",
      "instance-family-serves-asynchronously",
      "instance-type-is-offered",
      "managed-instance-scaling-stands-alone",
      "model-is-one-plain-container",
      "notice-queue-keys-let-topics-in",
      "notice-queues-hear-only-their-topics",
      "one-variant-and-no-capture",
      "payload-buckets-are-in-the-endpoints-region",
      "region-is-supported",
      "result-paths-are-s3-uris",
      "roles-have-no-full-access",
      "rollback-alarms-exist",
      "scaling-bounds-are-in-order",
      "scaling-can-leave-zero",
      "scaling-follows-its-own-endpoint",
      "scaling-is-not-suspended",
      "scaling-names-a-real-variant",
      "scaling-uses-published-metrics",
      "serving-roles-can-serve",
      "step-adjustments-are-well-formed",
      "steps-answer-their-alarms",
      "time-to-live-covers-waking",
      "topic-policies-are-not-public",
      "update-steps-are-within-limits",
      "variant-name-is-fixed",
      "wake-step-brings-an-instance",
    ];
    const recommended = [
      ...essential,
      "alarm-periods-fit-the-metric",
      "alarm-thresholds-can-be-reached",
      "alarms-tell-somebody",
      "backlog-target-fits-the-concurrency",
      "bucket-acls-are-off",
      "buckets-refuse-plain-http",
      "costs-can-be-attributed",
      "endpoint-is-watched",
      "endpoint-logs-expire",
      "endpoint-logs-use-a-customer-key",
      "failure-path-is-not-the-result-path",
      "images-come-from-the-regions-registry",
      "instances-are-bounded",
      "invocation-timeout-is-declared",
      "key-policies-are-not-open",
      "keys-rotate",
      "models-are-isolated",
      "notice-queues-have-a-dead-letter-queue",
      "notice-queues-refuse-plain-http",
      "notice-queues-use-a-customer-key",
      "notices-outlive-their-requests",
      "payload-buckets-use-a-customer-key",
      "payload-limit-is-declared",
      "payloads-expire",
      "payloads-fit-in-memory",
      "payloads-survive-destroy",
      "responses-stay-out-of-notices",
      "results-are-told",
      "results-outlive-their-notices",
      "results-use-a-customer-key",
      "role-policies-name-their-actions",
      "role-policies-name-their-resources",
      "scale-in-spares-running-requests",
      "scheduled-floors-are-lowered-again",
      "serving-roles-reach-only-their-region",
      "serving-roles-trust-only-sagemaker",
      "subscriptions-use-tls",
      "target-tracking-alarms-are-left-alone",
      "time-to-live-covers-a-slow-start",
      "topics-are-heard",
      "topics-are-standard",
      "topics-refuse-plain-http",
      "topics-use-a-customer-key",
      "trials-scale-to-zero",
      "unfinished-uploads-are-dropped",
      "updates-are-guarded",
      "volumes-use-a-customer-key",
    ];
    const strict = [
      ...recommended,
      "images-are-pinned-by-digest",
      "models-run-in-a-vpc",
      "variants-start-with-two-instances",
    ];
    assert.deepEqual(presets.essential, essential);
    assert.deepEqual(presets.recommended, recommended);
    assert.deepEqual(presets.strict, strict);
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
