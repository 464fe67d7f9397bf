import { z } from "zod";
import {
  containerStartupHealthCheckTimeoutSeconds,
  initialInstanceCountMin,
  invocationTimeoutSeconds,
  invocationTimeoutSecondsDefault,
  logRetentionDays,
  maxConcurrentInvocationsPerInstance,
  modelDataDownloadTimeoutSeconds,
  payloadBytesMax,
  requestTtlSeconds,
  requestTtlSecondsDefault,
  volumeSizeInGb,
} from "../limits";
import { alarmsSchema } from "./alarms-schema";
import { deploymentSchema } from "./deployment-schema";
import { text, whole, yesOrNo } from "./kinds";
import { modelSchema } from "./model-schema";
import { networkSchema } from "./network-schema";
import { notificationsSchema } from "./notifications-schema";
import { overrideSchema } from "./override-schema";
import { scheduleSchema } from "./schedule-schema";

const days = { min: 1, max: 3650 };
const iamPathMeans = "/, or a path such as /teams/vision/ of at most 512 characters";

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
  initialInstances: whole({ min: initialInstanceCountMin, max: 1000 }).default(initialInstanceCountMin).meta({
    description:
      "Instances a new configuration starts with, at the first deployment and in each update, until scaling takes them away. SageMaker refuses 0; canary, linear and rolling updates need 2.",
  }),
  deployment: deploymentSchema,
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
  schedule: scheduleSchema,
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
  versioning: z
    .union([z.literal(false), z.strictObject({ noncurrentDays: whole(days).default(30) })], {
      error: "false, or an object with noncurrentDays",
    })
    .default(false)
    .meta({
      description:
        "Keep what is overwritten or deleted for so many days more. Every byte is then paid for that much longer.",
    }),
  protect: yesOrNo().default(false).meta({
    description:
      "Keep the bucket and the key from being deleted or replaced: a destroy takes the rest of the stack and then fails, naming them.",
  }),
  retainOnDelete: yesOrNo().default(false).meta({
    description: "Leave the bucket and the key in AWS when the stack is destroyed; only Pulumi forgets them.",
  }),
});

export const identitySchema = z.strictObject(
  {
    path: z
      .string({ error: iamPathMeans })
      .max(512, { error: iamPathMeans })
      .regex(/^\/([\w+=,.@-]+\/)*$/, { error: iamPathMeans })
      .default("/")
      .meta({ description: "The IAM path of the serving role and of the callers' policy." }),
    permissionsBoundaryArn: text(
      "the ARN of an IAM policy; it may hold {account}",
      /^arn:aws:iam::(\d{12}|aws|\{account\}):policy\/[\w+=,.@/-]+$/,
    )
      .optional()
      .meta({ description: "The permissions boundary of the serving role. It must allow what the role is granted." }),
  },
  { error: "an object with path and permissionsBoundaryArn" },
);

const retention = `a number of days CloudWatch Logs knows: ${logRetentionDays.join(", ")}`;

export const containerLogsSchema = z.strictObject({
  retentionDays: z
    .literal([...logRetentionDays], { error: retention })
    .default(30)
    .meta({ description: "How long the containers' lines are kept." }),
});

export const dashboardSchema = yesOrNo().default(true).meta({
  description:
    "A CloudWatch dashboard for the region; where more than one region has one, the fleet gets one over all of them, too.",
});

/** What one region's deployment is made of: the settings after its overrides. */
export const regionSchema = z.strictObject({
  model: modelSchema,
  endpoint: endpointSchema.prefault({}),
  scaling: scalingSchema.prefault({}),
  requests: requestsSchema.prefault({}),
  notifications: notificationsSchema.prefault({}),
  storage: storageSchema.prefault({}),
  identity: identitySchema.prefault({}),
  alarms: alarmsSchema.prefault({}),
  dashboard: dashboardSchema,
  containerLogs: containerLogsSchema.prefault({}),
  network: networkSchema,
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
  const schema = z.toJSONSchema(
    z.strictObject({
      regions: regionsSchema.optional(),
      ...regionSchema.shape,
      tags: tagsSchema,
      overrides: z.record(z.string(), regionSchema).optional().meta({
        description:
          "Settings of single regions, by region code, merged deeply over the stack's own; null takes a value away.",
      }),
    }),
    { io: "input" },
  );
  const overrides = schema.properties?.overrides as { additionalProperties: Record<string, unknown> };
  overrides.additionalProperties = overrideSchema(overrides.additionalProperties);
  return schema;
}

/** The settings one region may override, which are also those of the base. */
export const regionKeys = Object.keys(regionSchema.shape);
