import { z } from "zod";
import {
  containerStartupHealthCheckTimeoutSeconds,
  environmentEntriesMax,
  environmentValueBytesMax,
  invocationTimeoutSeconds,
  invocationTimeoutSecondsDefault,
  maxConcurrentInvocationsPerInstance,
  modelDataDownloadTimeoutSeconds,
  payloadBytesMax,
  type Range,
  requestTtlSeconds,
  requestTtlSecondsDefault,
  volumeSizeInGb,
} from "../limits";

/** A setting with one sentence of what is expected, which is also what its problem says. */
const whole = (range: Range) => {
  const error = `a whole number from ${range.min} to ${range.max}`;
  return z.int({ error }).min(range.min, { error }).max(range.max, { error });
};
const text = (error: string, pattern: RegExp) => z.string({ error }).regex(pattern, { error });
const yesOrNo = () => z.boolean({ error: "true or false" });

const imageText = text(
  "an image URI such as 123456789012.dkr.ecr.{region}.amazonaws.com/team/model:1",
  /^[A-Za-z0-9.{}_/:@-]+$/,
);
const days = { min: 1, max: 3650 };

export const modelSchema = z.strictObject(
  {
    image: z
      .union([imageText, z.record(z.string(), imageText)], {
        error: "an image URI (it may hold {region} and {account}), or one for each region",
      })
      .meta({
        description: "The container image: one URI, which may hold {region} and {account}, or a URI for each region.",
      }),
    data: text("an S3 URI ending in .tar.gz, an S3 prefix ending in /, or a local path", /^\S+$/).optional().meta({
      description:
        "The model's artefacts: an S3 URI (it may hold {region} and {account}) or a local file or folder, which is uploaded to every region.",
    }),
    environment: z
      .record(
        text("a name of letters, digits and _", /^[A-Za-z_][A-Za-z0-9_]*$/),
        z.string({ error: "text" }).refine((value) => Buffer.byteLength(value) <= environmentValueBytesMax, {
          error: `text of at most ${environmentValueBytesMax} bytes`,
        }),
      )
      .refine((entries) => Object.keys(entries).length <= environmentEntriesMax, {
        error: `at most ${environmentEntriesMax} variables`,
      })
      .default({})
      .meta({ description: "The container's environment." }),
    networkIsolation: yesOrNo()
      .default(true)
      .meta({ description: "No network for the container. SageMaker still brings payloads and the model's data." }),
  },
  { error: "an object with at least image" },
);

const instanceType = text("a SageMaker instance type such as ml.m5.large", /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/);

export const endpointSchema = z.strictObject({
  instanceType: instanceType.default("ml.m5.large").meta({ description: "The instance type of the endpoint." }),
  alternatives: z
    .array(instanceType, { error: "a list of instance types" })
    .refine((types) => new Set(types).size === types.length, { error: "a list without the same type twice" })
    .optional()
    .meta({
      description:
        "Instance types to take, the first best, where `unavailable` says that `instanceType` is not to be had.",
    }),
  unavailable: z
    .record(instanceType, z.array(z.string({ error: "a region code" }), { error: "a list of region codes" }), {
      error: "region codes by instance type, such as { ml.g5.xlarge: [mx-central-1] }",
    })
    .optional()
    .meta({
      description:
        "Where instance types are not to be had, by type: AWS tells it nowhere but in an account's quotas, which `fleet preflight` asks.",
    }),
  volumeGb: whole(volumeSizeInGb).optional().meta({ description: "Size of each instance's EBS volume." }),
  concurrencyPerInstance: whole(maxConcurrentInvocationsPerInstance)
    .optional()
    .meta({ description: "Requests one instance works on at once; SageMaker chooses when it is absent." }),
  startupTimeoutSeconds: whole(containerStartupHealthCheckTimeoutSeconds)
    .optional()
    .meta({ description: "Time for the container's first healthy ping." }),
  downloadTimeoutSeconds: whole(modelDataDownloadTimeoutSeconds)
    .optional()
    .meta({ description: "Time for the download of the model's data." }),
});

const count = { min: 0, max: 1000 };
const cooldown = { min: 0, max: 86_400 };

export const scalingSchema = z.strictObject({
  min: whole(count).default(0).meta({ description: "Fewest instances. At 0 nothing is paid while nothing is queued." }),
  max: whole({ min: 1, max: 1000 }).default(2).meta({ description: "Most instances." }),
  backlogPerInstance: z
    .number({ error: "a number from 0.1 to 10000" })
    .min(0.1, { error: "a number from 0.1 to 10000" })
    .max(10_000, { error: "a number from 0.1 to 10000" })
    .default(5)
    .meta({ description: "Requests queued or running per instance that scaling aims at." }),
  scaleOutCooldownSeconds: whole(cooldown).default(60).meta({ description: "Wait between two steps out." }),
  scaleInCooldownSeconds: whole(cooldown).default(300).meta({ description: "Wait between two steps in." }),
  wake: z
    .union(
      [
        z.literal(false),
        z.strictObject({
          instances: whole({ min: 1, max: 1000 }).default(1),
          minutes: whole({ min: 1, max: 60 }).default(1),
          cooldownSeconds: whole(cooldown).default(300),
        }),
      ],
      { error: "false, or an object with instances, minutes and cooldownSeconds" },
    )
    .default({ instances: 1, minutes: 1, cooldownSeconds: 300 })
    .meta({
      description: "How the first request at zero instances brings some: after so many minutes, so many instances.",
    }),
  scaleIn: z
    .union(
      [
        z.strictObject({ kind: z.literal("whenIdle"), minutes: whole({ min: 1, max: 1440 }).default(10) }),
        z.strictObject({ kind: z.literal("withBacklog") }),
      ],
      { error: "{ kind: whenIdle, minutes: 1 to 1440 } or { kind: withBacklog }" },
    )
    .default({ kind: "whenIdle", minutes: 10 })
    .meta({
      description:
        "whenIdle: only after so many minutes with nothing queued or running. withBacklog: follow the backlog down, which may cut a running request.",
    }),
});

export const requestsSchema = z.strictObject({
  payloadBytes: whole({ min: 1, max: payloadBytesMax })
    .default(payloadBytesMax)
    .meta({ description: "Largest payload callers may send." }),
  invocationTimeoutSeconds: whole(invocationTimeoutSeconds)
    .default(invocationTimeoutSecondsDefault)
    .meta({ description: "Longest time the container may work on one request." }),
  timeToLiveSeconds: whole(requestTtlSeconds)
    .default(requestTtlSecondsDefault)
    .meta({ description: "How old a request may become in the queue." }),
});

export const notificationsSchema = z.strictObject({
  includeResponseIn: z
    .array(z.enum(["success", "error"], { error: "success or error" }), { error: "a list of success, error" })
    .default([])
    .meta({
      description: "Put responses of up to 128 KB into these notices. They then lie in SNS and in every subscriber.",
    }),
  retentionDays: whole({ min: 1, max: 14 })
    .default(4)
    .meta({ description: "How long the notice queue keeps a notice that nobody has received." }),
});

export const storageSchema = z.strictObject({
  retentionDays: z
    .strictObject({
      inputs: whole(days).default(30),
      results: whole(days).default(30),
      failures: whole(days).default(30),
    })
    .default({ inputs: 30, results: 30, failures: 30 })
    .meta({ description: "Days after which payloads, results and failures are deleted." }),
  keyArn: text(
    "the ARN of a KMS key; it may hold {region} and {account}",
    /^arn:aws:kms:[a-z0-9{}-]+:[0-9a-z{}]+:key\/[A-Za-z0-9-]+$/,
  )
    .optional()
    .meta({ description: "A key of your own for everything stored; absent: one is made for each region." }),
  forceDestroy: yesOrNo()
    .default(false)
    .meta({ description: "Let destroy delete buckets with payloads and results in them." }),
});

const watch = z.strictObject({
  oldestRequestShare: z
    .number({ error: "a number above 0, at most 1" })
    .gt(0, { error: "a number above 0, at most 1" })
    .max(1, { error: "a number above 0, at most 1" })
    .default(0.5),
  withoutCapacityMinutes: whole({ min: 1, max: 1440 }).default(20),
  notify: z
    .array(
      text(
        "the ARN of an SNS topic; it may hold {region} and {account}",
        /^arn:aws:sns:[a-z0-9{}-]+:[0-9a-z{}]+:[A-Za-z0-9_-]+$/,
      ),
      {
        error: "a list of SNS topic ARNs",
      },
    )
    .default([]),
});

export const alarmsSchema = z
  .union([z.literal(false), watch], {
    error: "false, or an object with oldestRequestShare, withoutCapacityMinutes, notify",
  })
  .meta({ description: "Alarms on age, failures and missing capacity, and the topics they tell." });

export const networkSchema = z.strictObject({
  subnetIds: z
    .array(text("a subnet id", /^subnet-[0-9a-f]+$/), { error: "a list of subnet ids" })
    .min(1, { error: "1 to 16 subnet ids" })
    .max(16, { error: "1 to 16 subnet ids" }),
  securityGroupIds: z
    .array(text("a security group id", /^sg-[0-9a-f]+$/), { error: "a list of security group ids" })
    .min(1, { error: "1 to 5 security group ids" })
    .max(5, { error: "1 to 5 security group ids" }),
});

/** What one region's deployment is made of: the settings after its overrides. */
export const regionSchema = z.strictObject({
  model: modelSchema,
  endpoint: endpointSchema.prefault({}),
  scaling: scalingSchema.prefault({}),
  requests: requestsSchema.prefault({}),
  notifications: notificationsSchema.prefault({}),
  storage: storageSchema.prefault({}),
  alarms: alarmsSchema.prefault({}),
  network: networkSchema
    .optional()
    .meta({ description: "Subnets and security groups of the model's VPC; usually set per region." }),
});

const regionList = z.array(z.string({ error: "a region code" }), { error: "a list of region codes" });
const liftedRegion = z.strictObject({ region: z.string(), reason: z.string() });

export const regionsSchema = z
  .union(
    [
      z.literal("supported"),
      z.array(z.union([z.string(), liftedRegion])).min(1),
      z.strictObject({
        base: z.literal("supported"),
        optIn: z.enum(["include", "skip"]).default("include"),
        without: regionList.default([]),
        with: z.array(liftedRegion).default([]),
      }),
    ],
    {
      error:
        "supported, a list of region codes or { region, reason }, or { base: supported, optIn: include|skip, without: [codes], with: [{ region, reason }] }",
    },
  )
  .meta({ description: "Where the fleet is." });

export const tagsSchema = z
  .record(
    z.string().min(1).max(128),
    z.string({ error: "text of at most 256 characters" }).max(256, { error: "text of at most 256 characters" }),
    {
      error: "tag names with text values",
    },
  )
  .default({})
  .meta({ description: "Tags on everything that takes tags, beside project, stack and region." });

export type RegionSettings = z.output<typeof regionSchema>;
export type RegionsSetting = z.output<typeof regionsSchema>;

/** Every setting of a stack, for editors: the same schema the program uses, as JSON Schema. */
export function settingsJsonSchema(): object {
  const partial = regionSchema.partial();
  return z.toJSONSchema(
    z.strictObject({
      regions: regionsSchema.optional(),
      ...regionSchema.shape,
      tags: tagsSchema,
      overrides: z.record(z.string(), partial).optional().meta({
        description:
          "Settings of single regions, by region code, merged deeply over the stack's own; null takes a value away.",
      }),
    }),
    { io: "input" },
  );
}

/** The settings one region may override, which are also those of the base. */
export const regionKeys = Object.keys(regionSchema.shape);
