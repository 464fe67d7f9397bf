import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { groups } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { judgeResource } from "../support/verdict";

const names = rules.map(({ name }) => name);
const sources = join(__dirname, "../../policies/rules");
const tests = join(__dirname, "rules");

/** The order in which a rule says things, the same in every file. */
const order = [
  "name",
  "group",
  "displayName",
  "description",
  "why",
  "notJudged",
  "severity",
  "enforcementLevel",
  "controls",
  "remediationSteps",
  "configSchema",
  "remediateResource",
  "validateResource",
  "validateStack",
];

describe("the pack", () => {
  it("holds just these rules", () => {
    assert.deepEqual(names, [
      "alarm-periods-fit-the-metric",
      "alarm-thresholds-can-be-reached",
      "alarms-have-data",
      "alarms-tell-somebody",
      "arns-stay-in-their-region",
      "backlog-target-fits-the-concurrency",
      "bucket-acls-are-off",
      "buckets-are-closed-to-the-public",
      "buckets-refuse-plain-http",
      "configuration-can-be-replaced",
      "container-accepts-the-declared-payload",
      "container-timeout-covers-the-invocation",
      "costs-can-be-attributed",
      "endpoint-and-its-parts-share-a-region",
      "endpoint-has-one-scalable-target",
      "endpoint-is-watched",
      "endpoint-logs-expire",
      "endpoint-logs-use-a-customer-key",
      "endpoint-names-are-unique",
      "environments-hold-no-secrets",
      "every-resource-names-its-region",
      "failure-path-is-not-the-result-path",
      "images-are-pinned-by-digest",
      "images-come-from-the-regions-registry",
      "instance-family-serves-asynchronously",
      "instance-type-is-offered",
      "instances-are-bounded",
      "invocation-timeout-is-declared",
      "key-policies-are-not-open",
      "keys-rotate",
      "managed-instance-scaling-stands-alone",
      "model-is-one-plain-container",
      "models-are-isolated",
      "models-run-in-a-vpc",
      "notice-queue-keys-let-topics-in",
      "notice-queues-have-a-dead-letter-queue",
      "notice-queues-hear-only-their-topics",
      "notice-queues-refuse-plain-http",
      "notice-queues-use-a-customer-key",
      "notices-outlive-their-requests",
      "one-variant-and-no-capture",
      "payload-buckets-are-in-the-endpoints-region",
      "payload-buckets-use-a-customer-key",
      "payload-limit-is-declared",
      "payloads-expire",
      "payloads-fit-in-memory",
      "payloads-survive-destroy",
      "region-is-supported",
      "responses-stay-out-of-notices",
      "result-paths-are-s3-uris",
      "results-are-told",
      "results-outlive-their-notices",
      "results-use-a-customer-key",
      "role-policies-name-their-actions",
      "role-policies-name-their-resources",
      "roles-have-no-full-access",
      "rollback-alarms-exist",
      "scale-in-spares-running-requests",
      "scaling-bounds-are-in-order",
      "scaling-can-leave-zero",
      "scaling-follows-its-own-endpoint",
      "scaling-is-not-suspended",
      "scaling-names-a-real-variant",
      "scaling-uses-published-metrics",
      "scheduled-floors-are-lowered-again",
      "serving-roles-can-serve",
      "serving-roles-reach-only-their-region",
      "serving-roles-trust-only-sagemaker",
      "step-adjustments-are-well-formed",
      "steps-answer-their-alarms",
      "subscriptions-use-tls",
      "target-tracking-alarms-are-left-alone",
      "time-to-live-covers-a-slow-start",
      "time-to-live-covers-waking",
      "topic-policies-are-not-public",
      "topics-are-heard",
      "topics-are-standard",
      "topics-refuse-plain-http",
      "topics-use-a-customer-key",
      "trials-scale-to-zero",
      "unfinished-uploads-are-dropped",
      "update-steps-are-within-limits",
      "updates-are-guarded",
      "variant-name-is-fixed",
      "variants-start-with-two-instances",
      "volumes-use-a-customer-key",
      "wake-step-brings-an-instance",
    ]);
  });

  it("has a source and a test for each rule, under the rule's name", () => {
    const named = (folder: string, ending: string): string[] =>
      readdirSync(folder)
        .filter((file) => file !== "index.ts")
        .map((file) => file.replace(ending, ""))
        .sort();
    assert.deepEqual(named(sources, ".ts"), names);
    assert.deepEqual(named(tests, ".test.ts"), names);
    for (const { name, ...rule } of rules) {
      // The table checks that it has rows of all four kinds.
      const table = `${"validateStack" in rule ? "judgesStack" : "judges"}("${name}", [`;
      assert.ok(readFileSync(join(tests, `${name}.test.ts`), "utf8").includes(table), `no ${table}`);
      const variable = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      const source = readFileSync(join(sources, `${name}.ts`), "utf8");
      assert.ok(source.includes(`export const ${variable}: `), `no ${variable}`);
    }
  });

  it("says everything of each rule, in one order", () => {
    for (const rule of rules) {
      const said = Object.keys(rule);
      assert.deepEqual(
        said,
        order.filter((key) => said.includes(key)),
        rule.name,
      );
      assert.ok(groups.includes(rule.group), rule.name);
      for (const key of ["displayName", "description", "why", "notJudged", "remediationSteps"] as const)
        assert.match(rule[key], /^[A-Z].{9,}$/s, `${rule.name}: ${key}`);
      for (const key of ["description", "why", "notJudged", "remediationSteps"] as const)
        assert.match(rule[key], /\.$/, `${rule.name}: ${key} is no sentence`);
      for (const { ids } of rule.controls) assert.notEqual(ids.length, 0, rule.name);
      for (const [parameter, schema] of Object.entries(rule.configSchema?.properties ?? {}))
        assert.ok(
          "default" in schema && "type" in schema && /^[A-Z].*\.$/.test(schema.description ?? ""),
          `${rule.name}: ${parameter} lacks a type, a default or a sentence`,
        );
    }
  });

  it("leaves resources of other types alone", () => {
    for (const rule of rules) {
      if (!("validateResource" in rule)) continue;
      assert.equal(judgeResource(rule, "random:index/randomId:RandomId", {}), "not applicable", rule.name);
    }
  });
});
