import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { types } from "../../policies/async-resources";
import { rules } from "../../policies/rules";
import { judgeResource, judgeStack, type StackResource, unknown, type Verdict } from "../support/verdict";

const limits = {
  "async-fleet:max-payload-bytes": "1000000000",
  "async-fleet:invocation-timeout-seconds": "900",
  "async-fleet:time-to-live-seconds": "21600",
};
const output = {
  s3OutputPath: "s3://bucket/results/",
  s3FailurePath: "s3://bucket/failures/",
  notificationConfig: {
    successTopic: "arn:aws:sns:eu-west-1:123456789012:ok",
    errorTopic: "arn:aws:sns:eu-west-1:123456789012:bad",
  },
};
const good = {
  region: "eu-west-1",
  tags: limits,
  productionVariants: [
    { variantName: "primary", modelName: "m", instanceType: "ml.m5.large", initialInstanceCount: 1 },
  ],
  asyncInferenceConfig: { outputConfig: output },
};
const realTime = { region: "eu-west-1", productionVariants: good.productionVariants };
const model = { region: "eu-west-1", tags: limits, primaryContainer: { image: "registry/own:1", environment: {} } };
const withTag = (key: keyof typeof limits, value: string | undefined) => ({
  ...good,
  tags: { ...limits, [key]: value },
});
const withoutTag = (key: keyof typeof limits) => {
  const { [key]: _gone, ...tags } = limits;
  return { ...good, tags };
};
const withOutput = (change: object) => ({ ...good, asyncInferenceConfig: { outputConfig: { ...output, ...change } } });
const withEnvironment = (environment: object, image = "registry/own:1") => ({
  ...model,
  primaryContainer: { image, environment },
});

/** Rule, what is judged, the resource, the verdict, and the policy's configuration. */
type Row = readonly [string, string, string, object, Verdict | RegExp, object?];
const config = types.endpointConfiguration;

const rows: readonly Row[] = [
  ["payload-limit-is-declared", "a declared gigabyte", config, good, "complies"],
  [
    "payload-limit-is-declared",
    "a byte more",
    config,
    withTag("async-fleet:max-payload-bytes", "1000000001"),
    /not a whole number from 1 to 1000000000/,
  ],
  [
    "payload-limit-is-declared",
    "no declaration",
    config,
    withoutTag("async-fleet:max-payload-bytes"),
    /async-fleet:max-payload-bytes is missing/,
  ],
  ["payload-limit-is-declared", "a real-time endpoint", config, realTime, "not applicable"],
  ["payload-limit-is-declared", "an unknown tag", config, withTag("async-fleet:max-payload-bytes", unknown), "unknown"],

  ["container-accepts-the-declared-payload", "a container it does not know", types.model, model, "not applicable"],
  [
    "container-accepts-the-declared-payload",
    "a server raised to the limit",
    types.model,
    withEnvironment({ TS_MAX_REQUEST_SIZE: "1000000000" }),
    "complies",
  ],
  [
    "container-accepts-the-declared-payload",
    "a server a byte short",
    types.model,
    withEnvironment({ TS_MAX_REQUEST_SIZE: "999999999" }),
    /less than the declared 1000000000/,
  ],
  [
    "container-accepts-the-declared-payload",
    "a known image with its default",
    types.model,
    withEnvironment({}, "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.1"),
    /TS_MAX_REQUEST_SIZE is missing/,
  ],
  [
    "container-accepts-the-declared-payload",
    "an unknown size",
    types.model,
    withEnvironment({ MMS_MAX_REQUEST_SIZE: unknown }),
    "unknown",
  ],

  ["invocation-timeout-is-declared", "a declared timeout", config, good, "complies"],
  [
    "invocation-timeout-is-declared",
    "a second over an hour",
    config,
    withTag("async-fleet:invocation-timeout-seconds", "3601"),
    /from 1 to 3600/,
  ],
  [
    "invocation-timeout-is-declared",
    "no declaration",
    config,
    withoutTag("async-fleet:invocation-timeout-seconds"),
    /is missing/,
  ],
  ["invocation-timeout-is-declared", "a real-time endpoint", config, realTime, "not applicable"],
  [
    "invocation-timeout-is-declared",
    "an unknown tag",
    config,
    withTag("async-fleet:invocation-timeout-seconds", unknown),
    "unknown",
  ],

  ["container-timeout-covers-the-invocation", "no known variable", types.model, model, "not applicable"],
  [
    "container-timeout-covers-the-invocation",
    "the same time",
    types.model,
    withEnvironment({ TS_DEFAULT_RESPONSE_TIMEOUT: "900" }),
    "complies",
  ],
  [
    "container-timeout-covers-the-invocation",
    "a second less",
    types.model,
    withEnvironment({ SAGEMAKER_MODEL_SERVER_TIMEOUT: "899" }),
    /below the declared 900/,
  ],
  [
    "container-timeout-covers-the-invocation",
    "an unknown time",
    types.model,
    withEnvironment({ TS_DEFAULT_RESPONSE_TIMEOUT: unknown }),
    "unknown",
  ],

  ["time-to-live-covers-waking", "six hours", config, good, "complies"],
  [
    "time-to-live-covers-waking",
    "waking and one invocation to the second",
    config,
    withTag("async-fleet:time-to-live-seconds", "1320"),
    "complies",
  ],
  [
    "time-to-live-covers-waking",
    "a second less",
    config,
    withTag("async-fleet:time-to-live-seconds", "1319"),
    /below waking \(420\) plus one invocation \(900\)/,
  ],
  [
    "time-to-live-covers-waking",
    "a longer waking by configuration",
    config,
    withTag("async-fleet:time-to-live-seconds", "1320"),
    /below waking \(421\)/,
    { wakeSeconds: 421 },
  ],
  [
    "time-to-live-covers-waking",
    "59 seconds",
    config,
    withTag("async-fleet:time-to-live-seconds", "59"),
    /from 60 to 21600/,
  ],
  ["time-to-live-covers-waking", "a real-time endpoint", config, realTime, "not applicable"],
  [
    "time-to-live-covers-waking",
    "an unknown tag",
    config,
    withTag("async-fleet:time-to-live-seconds", unknown),
    "unknown",
  ],

  ["results-are-told", "two topics", config, good, "complies"],
  ["results-are-told", "no topics", config, withOutput({ notificationConfig: undefined }), /successTopic is missing/],
  [
    "results-are-told",
    "one topic twice",
    config,
    withOutput({
      notificationConfig: {
        successTopic: output.notificationConfig.successTopic,
        errorTopic: output.notificationConfig.successTopic,
      },
    }),
    /are one topic/,
  ],
  [
    "results-are-told",
    "a topic elsewhere",
    config,
    { ...good, region: "us-east-1" },
    /successTopic is in eu-west-1, the endpoint in us-east-1/,
  ],
  [
    "results-are-told",
    "an unknown topic",
    config,
    withOutput({ notificationConfig: { successTopic: unknown, errorTopic: "arn:aws:sns:eu-west-1:123456789012:bad" } }),
    "unknown",
  ],
  ["results-are-told", "a real-time endpoint", config, realTime, "not applicable"],

  ["failure-path-is-not-the-result-path", "two prefixes", config, good, "complies"],
  [
    "failure-path-is-not-the-result-path",
    "no failure path",
    config,
    withOutput({ s3FailurePath: undefined }),
    /s3FailurePath is missing/,
  ],
  [
    "failure-path-is-not-the-result-path",
    "failures within results",
    config,
    withOutput({ s3FailurePath: "s3://bucket/results/failed" }),
    /within each other/,
  ],
  [
    "failure-path-is-not-the-result-path",
    "names that only begin alike",
    config,
    withOutput({ s3FailurePath: "s3://bucket/results-failed" }),
    "complies",
  ],
  ["failure-path-is-not-the-result-path", "an unknown path", config, withOutput({ s3FailurePath: unknown }), "unknown"],
  ["failure-path-is-not-the-result-path", "a real-time endpoint", config, realTime, "not applicable"],

  ["one-variant-and-no-capture", "one variant", config, good, "complies"],
  [
    "one-variant-and-no-capture",
    "two variants",
    config,
    { ...good, productionVariants: [...good.productionVariants, { variantName: "b" }] },
    /2 production variants/,
  ],
  [
    "one-variant-and-no-capture",
    "data capture",
    config,
    { ...good, dataCaptureConfig: { initialSamplingPercentage: 1 } },
    /dataCaptureConfig is set/,
  ],
  ["one-variant-and-no-capture", "a real-time endpoint", config, realTime, "not applicable"],
  ["one-variant-and-no-capture", "unknown variants", config, { ...good, productionVariants: unknown }, "unknown"],

  ["region-is-supported", "Ireland", config, good, "complies"],
  ["region-is-supported", "Milan", config, { ...good, region: "eu-south-1" }, /eu-south-1 is excluded by default/],
  [
    "region-is-supported",
    "Milan with a reason",
    config,
    { ...good, region: "eu-south-1" },
    "complies",
    { allowed: { "eu-south-1": "tried on 2026-11-01" } },
  ],
  ["region-is-supported", "no commercial region", config, { ...good, region: "cn-north-1" }, /not a commercial region/],
  ["region-is-supported", "no region", config, { asyncInferenceConfig: {} }, /region is missing/],
  ["region-is-supported", "a real-time endpoint", config, realTime, "not applicable"],
  ["region-is-supported", "an unknown region", config, { ...good, region: unknown }, "unknown"],

  [
    "every-resource-names-its-region",
    "a bucket with its region",
    "aws:s3/bucket:Bucket",
    { region: "eu-west-1" },
    "complies",
  ],
  ["every-resource-names-its-region", "a bucket without", "aws:s3/bucket:Bucket", {}, /region is missing/],
  ["every-resource-names-its-region", "a role", "aws:iam/role:Role", {}, "not applicable"],
  ["every-resource-names-its-region", "an unknown region", "aws:s3/bucket:Bucket", { region: unknown }, "complies"],
];

const tracking = (specification: object) => ({
  region: "eu-west-1",
  serviceNamespace: "sagemaker",
  resourceId: "endpoint/e/variant/primary",
  targetTrackingScalingPolicyConfiguration: { targetValue: 5, ...specification },
});
const backlog = {
  namespace: "AWS/SageMaker",
  metricName: "ApproximateBacklogSizePerInstance",
  statistic: "Average",
  dimensions: [{ name: "EndpointName", value: "e" }],
};
const scalingRows: readonly Row[] = [
  [
    "scaling-uses-published-metrics",
    "the backlog per instance",
    types.scalingPolicy,
    tracking({ customizedMetricSpecification: backlog }),
    "complies",
  ],
  [
    "scaling-uses-published-metrics",
    "with a dimension too many",
    types.scalingPolicy,
    tracking({
      customizedMetricSpecification: {
        ...backlog,
        dimensions: [...backlog.dimensions, { name: "VariantName", value: "v" }],
      },
    }),
    /has the dimensions EndpointName, not EndpointName, VariantName/,
  ],
  [
    "scaling-uses-published-metrics",
    "a metric never published",
    types.scalingPolicy,
    tracking({ customizedMetricSpecification: { ...backlog, metricName: "InvocationsPerInstance" } }),
    /never published/,
  ],
  [
    "scaling-uses-published-metrics",
    "the predefined one",
    types.scalingPolicy,
    tracking({ predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" } }),
    /real-time endpoints/,
  ],
  [
    "scaling-uses-published-metrics",
    "a step policy",
    types.scalingPolicy,
    { region: "eu-west-1", serviceNamespace: "sagemaker" },
    "not applicable",
  ],
  [
    "scaling-uses-published-metrics",
    "an unknown metric name",
    types.scalingPolicy,
    tracking({ customizedMetricSpecification: { ...backlog, metricName: unknown } }),
    "unknown",
  ],
];

describe("rules about one resource", () => {
  for (const [name, what, type, props, expected, configuration] of [...rows, ...scalingRows]) {
    it(`${name}: ${what}`, () => {
      const rule = rules.find((each) => each.name === name) as ResourceValidationPolicy;
      const verdict = judgeResource(rule, type, props, configuration);
      if (!(expected instanceof RegExp)) assert.deepEqual(verdict, expected);
      else {
        assert.ok(typeof verdict === "object", `${name} says ${String(verdict)}`);
        assert.match(verdict.violated.join("\n"), expected);
      }
    });
  }

  it("leave resources of other types alone", () => {
    for (const rule of rules) {
      if (!("validateResource" in rule)) continue;
      assert.equal(judgeResource(rule, "random:index/randomId:RandomId", {}), "not applicable", rule.name);
    }
  });
});

const target: StackResource = {
  type: types.target,
  name: "target",
  props: {
    region: "eu-west-1",
    serviceNamespace: "sagemaker",
    minCapacity: 0,
    resourceId: "endpoint/e/variant/primary",
  },
};
const step: StackResource = {
  type: types.scalingPolicy,
  name: "step",
  props: {
    region: "eu-west-1",
    resourceId: "endpoint/e/variant/primary",
    arn: unknown,
    stepScalingPolicyConfiguration: { stepAdjustments: [{ scalingAdjustment: 1 }] },
  },
};
const alarm: StackResource = {
  type: types.alarm,
  name: "alarm",
  props: {
    region: "eu-west-1",
    namespace: "AWS/SageMaker",
    metricName: "HasBacklogWithoutCapacity",
    dimensions: { EndpointName: "e" },
    alarmActions: [unknown],
  },
  dependsOn: { alarmActions: ["step"] },
};
const watching: StackResource = {
  ...alarm,
  name: "watching",
  props: { ...alarm.props, alarmActions: [] },
  dependsOn: {},
};
const but = (resource: StackResource, props: object): StackResource => ({
  ...resource,
  props: { ...resource.props, ...props },
});

describe("rules about a stack", () => {
  const leave = rules.find(({ name }) => name === "scaling-can-leave-zero") as StackValidationPolicy;
  const stacks: ReadonlyArray<readonly [string, readonly StackResource[], Verdict | RegExp]> = [
    ["a wake pair whose ARN is unknown", [target, step, watching, alarm], "complies"],
    [
      "a wake pair whose ARN is known",
      [target, but(step, { arn: "arn:p" }), { ...but(alarm, { alarmActions: ["arn:p"] }), dependsOn: {} }],
      "complies",
    ],
    ["no alarm", [target, step], /no alarm on HasBacklogWithoutCapacity with EndpointName e/],
    ["no step policy", [target, alarm], /no step scaling policy adds instances/],
    [
      "a step that only takes away",
      [target, but(step, { stepScalingPolicyConfiguration: { stepAdjustments: [{ scalingAdjustment: -1 }] } }), alarm],
      /no step scaling policy/,
    ],
    [
      "an alarm of another endpoint",
      [target, step, but(alarm, { dimensions: { EndpointName: "other" } })],
      /no alarm on/,
    ],
    [
      "an alarm with a dimension too many",
      [target, step, but(alarm, { dimensions: { EndpointName: "e", VariantName: "v" } })],
      /it would have no data/,
    ],
    ["an alarm in another region", [target, step, but(alarm, { region: "us-east-1" })], /no alarm on/],
    ["an alarm that fires nothing", [target, step, watching], /does not fire the step policy/],
    ["a minimum of one", [but(target, { minCapacity: 1 })], "not applicable"],
    ["no target", [step], "not applicable"],
  ];
  for (const [what, resources, expected] of stacks) {
    it(`scaling-can-leave-zero: ${what}`, () => {
      const verdict = judgeStack(leave, resources);
      if (expected instanceof RegExp)
        assert.match(typeof verdict === "object" ? verdict.violated.join() : String(verdict), expected);
      else assert.deepEqual(verdict, expected);
    });
  }

  const real = rules.find(({ name }) => name === "scaling-names-a-real-variant") as StackValidationPolicy;
  const endpoint: StackResource = { type: types.endpoint, name: "endpoint", props: { region: "eu-west-1", name: "e" } };
  const configuration: StackResource = { type: types.endpointConfiguration, name: "configuration", props: good };
  it("scaling-names-a-real-variant: names that are there, and each that is not", () => {
    assert.deepEqual(judgeStack(real, [target, endpoint, configuration]), "complies");
    assert.deepEqual(judgeStack(real, [target, configuration]), {
      violated: ["endpoint/e/variant/primary names no endpoint of this stack in eu-west-1."],
    });
    assert.deepEqual(
      judgeStack(real, [but(target, { resourceId: "endpoint/e/variant/other" }), endpoint, configuration]),
      {
        violated: ["endpoint/e/variant/other names a variant no configuration in eu-west-1 has."],
      },
    );
    assert.deepEqual(judgeStack(real, [endpoint]), "not applicable");
    assert.deepEqual(judgeStack(real, [but(target, { resourceId: unknown }), endpoint]), "unknown");
  });
});

describe("the pack", () => {
  it("holds each rule file once, under its own name, with what a reader needs", () => {
    const files = readdirSync(join(__dirname, "../../policies/rules"))
      .filter((file) => file !== "index.ts")
      .map((file) => file.replace(/\.ts$/, ""));
    assert.deepEqual(
      rules.map(({ name }) => name),
      files.sort(),
    );
    for (const rule of rules) {
      assert.ok(rule.displayName && rule.severity && rule.remediationSteps && rule.description, rule.name);
    }
  });

  it("has rows for every rule", () => {
    const tested = new Set(
      [...rows, ...scalingRows].map(([name]) => name).concat("scaling-can-leave-zero", "scaling-names-a-real-variant"),
    );
    assert.deepEqual(
      rules.map(({ name }) => name).filter((name) => !tested.has(name)),
      [],
    );
  });
});
