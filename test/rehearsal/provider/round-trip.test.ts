import assert from "node:assert/strict";
import fc from "fast-check";
import { RefusedCall } from "../../../rehearsal/provider/failures";
import type { Kind, Properties, Schema } from "../../../rehearsal/provider/property";
import { resourceTypes } from "../../../rehearsal/provider/resource-types";
import { image, type ProviderWorld, startProviderWorld } from "./provider-world";

/** Values that a property takes, as its schema says. */
function arbitraryOf(kind: Kind): fc.Arbitrary<unknown> {
  switch (kind.kind) {
    case "text":
      if (kind.oneOf !== undefined) return fc.constantFrom(...kind.oneOf);
      return fc.stringMatching(/^[a-z][a-z0-9]{2,9}$/);
    case "number":
      if (kind.oneOf !== undefined) return fc.constantFrom(...kind.oneOf);
      return fc.integer({ min: kind.min ?? -1000, max: Math.min(kind.max ?? 100_000, 1_000_000) });
    case "flag":
      return fc.boolean();
    case "list":
      return fc.uniqueArray(arbitraryOf(kind.of), {
        minLength: kind.minItems ?? 0,
        maxLength: 3,
        selector: (item) => JSON.stringify((item as { id?: unknown } | undefined)?.id ?? item),
      });
    case "map":
      return fc.dictionary(fc.stringMatching(/^[A-Z][A-Za-z]{0,5}$/), arbitraryOf(kind.of), { maxKeys: 3 });
    case "object":
      return valuesOf(kind.properties);
    case "document":
    case "asset":
      return fc.constant(undefined);
  }
}

function valuesOf(
  schema: Schema,
  fixed: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): fc.Arbitrary<Properties> {
  const members = Object.fromEntries(
    Object.entries(schema).map(([name, property]) => [name, fixed[name] ?? arbitraryOf(property)]),
  );
  const requiredKeys = Object.entries(schema).flatMap(([name, { required }]) => (required ? [name] : []));
  return fc.record(members, { requiredKeys }).map((values) => JSON.parse(JSON.stringify(values)) as Properties);
}

const none = fc.constant(undefined);
const here = fc.constant("eu-west-1");

interface Case {
  readonly type: string;
  /** Properties that name other things, or that AWS takes only together with others. */
  readonly fixed: (at: ProviderWorld) => Promise<Readonly<Record<string, fc.Arbitrary<unknown>>>>;
}

const cases: readonly Case[] = [
  {
    type: "aws:sqs/queue:Queue",
    fixed: async () => ({
      name: none,
      namePrefix: none,
      fifoQueue: none,
      contentBasedDeduplication: none,
      deduplicationScope: none,
      fifoThroughputLimit: none,
      kmsMasterKeyId: none,
    }),
  },
  {
    type: "aws:sns/topic:Topic",
    fixed: async ({ make }) => {
      const key = await make("aws:kms/key:Key", "k", {});
      return {
        name: none,
        namePrefix: none,
        fifoTopic: none,
        contentBasedDeduplication: none,
        kmsMasterKeyId: fc.constantFrom(undefined, key.outputs.arn),
        tracingConfig: fc.constantFrom(undefined, "Active", "PassThrough"),
      };
    },
  },
  { type: "aws:kms/key:Key", fixed: async () => ({}) },
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    fixed: async () => ({ name: none, namePrefix: none, kmsKeyId: none, logGroupClass: none, skipDestroy: none }),
  },
  {
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    fixed: async ({ make }) => {
      const bucket = await make("aws:s3/bucket:Bucket", "b", {});
      return { bucket: fc.constant(bucket.id), expectedBucketOwner: none, timeouts: none };
    },
  },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    fixed: async ({ make }) => {
      const bucket = await make("aws:s3/bucket:Bucket", "b", {});
      return { bucket: fc.constant(bucket.id), skipDestroy: none };
    },
  },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    fixed: async () => ({
      name: none,
      alarmActions: fc.constantFrom(undefined, ["arn:aws:sns:eu-west-1:123456789012:a"]),
      okActions: fc.constantFrom(undefined, ["arn:aws:sns:eu-west-1:123456789012:b"]),
      insufficientDataActions: none,
      metricQueries: none,
      thresholdMetricId: none,
      extendedStatistic: none,
      evaluateLowSampleCountPercentiles: none,
      metricName: fc.constantFrom("ApproximateBacklogSize", "HasBacklogWithoutCapacity"),
      namespace: fc.constant("AWS/SageMaker"),
      statistic: fc.constantFrom("Average", "Maximum"),
      unit: fc.constantFrom(undefined, "Count"),
      period: fc.constantFrom(60, 300),
      threshold: fc.integer({ min: 0, max: 10 }),
      comparisonOperator: fc.constantFrom("GreaterThanThreshold", "LessThanThreshold"),
      evaluationPeriods: fc.integer({ min: 3, max: 5 }),
      datapointsToAlarm: fc.constantFrom(undefined, 1, 3),
    }),
  },
  {
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    fixed: async ({ make }) => {
      const trust = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
      });
      const role = await make("aws:iam/role:Role", "r", { assumeRolePolicy: trust });
      const model = await make("aws:sagemaker/model:Model", "m", {
        executionRoleArn: role.outputs.arn,
        primaryContainer: { image },
      });
      const properties = resourceTypes.get("aws:sagemaker/endpointConfiguration:EndpointConfiguration")?.inputs;
      const variants = properties?.productionVariants;
      assert.ok(variants?.kind === "list" && variants.of.kind === "object");
      const variant = valuesOf(variants.of.properties, {
        modelName: fc.constant(model.id),
        instanceType: fc.constantFrom("ml.m5.large", "ml.g5.xlarge"),
        initialInstanceCount: fc.integer({ min: 1, max: 3 }),
        inferenceAmiVersion: none,
      }).map((values) => ({ initialInstanceCount: 1, modelName: model.id, instanceType: "ml.m5.large", ...values }));
      return {
        name: none,
        namePrefix: none,
        executionRoleArn: none,
        kmsKeyArn: none,
        dataCaptureConfig: none,
        productionVariants: variant.map((only) => [only]),
        asyncInferenceConfig: fc.record(
          {
            clientConfig: fc.record({ maxConcurrentInvocationsPerInstance: fc.integer({ min: 1, max: 1000 }) }),
            outputConfig: fc.record(
              {
                s3OutputPath: fc.constant("s3://results/here"),
                s3FailurePath: fc.constant("s3://failures/here"),
                notificationConfig: fc.constant({ successTopic: "arn:aws:sns:eu-west-1:123456789012:a" }),
              },
              { requiredKeys: ["s3OutputPath"] },
            ),
          },
          { requiredKeys: ["outputConfig"] },
        ),
      };
    },
  },
];

describe("round trips", () => {
  for (const { type, fixed } of cases) {
    it(`of ${type}: what passed the check is read back without drift, after creation and after a change`, async () => {
      const at = await startProviderWorld();
      try {
        const resource = resourceTypes.get(type);
        assert.ok(resource !== undefined);
        const inputsOf = valuesOf(resource.inputs, { region: here, ...(await fixed(at)) });
        await fc.assert(
          fc.asyncProperty(
            inputsOf,
            inputsOf,
            fc.uint8Array({ minLength: 4, maxLength: 4 }),
            async (first, second, seed) => {
              const checked = at.provider.check({ type, name: "x", news: first, seed });
              fc.pre(checked.failures.length === 0);
              const made = await taken(at.passing(at.provider.create({ type, inputs: checked.inputs })));
              let state = { type, inputs: checked.inputs, ...made };
              assert.deepEqual((await at.provider.read(state)).inputs, state.inputs);

              const next = at.provider.check({ type, name: "x", news: second, olds: state.inputs, seed });
              const { replaces } = at.provider.diff({ type, name: "x", oldInputs: state.inputs, news: next.inputs });
              if (next.failures.length === 0 && replaces.length === 0) {
                const { outputs } = await taken(at.passing(at.provider.update({ ...state, news: next.inputs })));
                state = { ...state, inputs: next.inputs, outputs };
                const { inputs } = await at.provider.read(state);
                assert.equal(
                  at.provider.diff({ type, name: "x", oldInputs: inputs, news: next.inputs }).changes.size,
                  0,
                );
              }
              await at.passing(at.provider.delete(state));
            },
          ),
          { numRuns: 40 },
        );
      } finally {
        await at.close();
      }
    });
  }
});

/** What AWS takes; a refusal is its right and says nothing about drift. */
async function taken<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (cause) {
    fc.pre(!(cause instanceof RefusedCall));
    throw cause;
  }
}
