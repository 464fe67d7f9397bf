import { z } from "zod";
import {
  canaryPercent,
  deploymentMaximumExecutionSeconds,
  deploymentWaitSeconds,
  linearStepPercent,
  type Range,
  rollbackAlarmsMax,
  rollingBatchPercent,
} from "../limits";
import { text, whole } from "./kinds";

/** Part of the fleet: so many instances, or a share of them. */
const part = (percent: Range) =>
  z.union([z.strictObject({ instances: whole({ min: 1, max: 1000 }) }), z.strictObject({ percent: whole(percent) })], {
    error: `{ instances: 1 or more } or { percent: ${percent.min} to ${percent.max} }`,
  });

const alarmRole = text("an alarm's name, as in alarms: failures, model-latency, …", /^[a-z][a-z0-9-]*$/);
const maximumExecutionSeconds = whole(deploymentMaximumExecutionSeconds).optional();
const rollbackAlarms = z
  .array(alarmRole, { error: "a list of alarm names" })
  .max(rollbackAlarmsMax, { error: `at most ${rollbackAlarmsMax} alarm names` })
  .refine((names) => new Set(names).size === names.length, { error: "a list without the same name twice" })
  .default([]);
const waitSeconds = whole(deploymentWaitSeconds).default(300);
const terminationWaitSeconds = whole(deploymentWaitSeconds).default(0);

/** How SageMaker moves an endpoint to a new configuration. */
export const deploymentSchema = z
  .discriminatedUnion(
    "kind",
    [
      z.strictObject({
        kind: z.literal("allAtOnce"),
        terminationWaitSeconds,
        maximumExecutionSeconds,
        rollbackAlarms,
      }),
      z.strictObject({
        kind: z.literal("canary"),
        canary: part(canaryPercent),
        waitSeconds,
        terminationWaitSeconds,
        maximumExecutionSeconds,
        rollbackAlarms,
      }),
      z.strictObject({
        kind: z.literal("linear"),
        step: part(linearStepPercent),
        waitSeconds,
        terminationWaitSeconds,
        maximumExecutionSeconds,
        rollbackAlarms,
      }),
      z.strictObject({
        kind: z.literal("rolling"),
        batch: part(rollingBatchPercent),
        rollbackBatch: part({ min: 5, max: 100 }).optional(),
        waitSeconds,
        maximumExecutionSeconds,
        rollbackAlarms,
      }),
    ],
    { error: "an object with kind: allAtOnce, canary, linear or rolling" },
  )
  .optional()
  .meta({
    description:
      "How an update moves the endpoint: allAtOnce, canary or linear keep the old instances until the new ones have proved themselves; rolling exchanges them in batches. rollbackAlarms names this region's alarms that send an update back. Changing that list later replaces the endpoint and loses what is queued: decide it before the first deployment. Absent: all at once, without waits.",
  });
