import type { Problem } from "../errors";
import { expectedWakeSeconds, scalingPlan } from "../scaling";
import { deploymentContradictions } from "./deployment-contradictions";
import type { RegionSettings } from "./schema";
import { alarmContradictions, scheduleContradictions, subscriberContradictions } from "./telling-contradictions";

/** A contradiction between settings that are each fine alone; `at` is a path within the region's settings. */
export type Contradiction = Omit<Problem, "code" | "at"> & {
  readonly path: readonly string[];
  /** @default "ASY-106" */
  readonly code?: "ASY-114" | "ASY-118" | "ASY-119" | "ASY-120" | "ASY-121";
};

/**
 * Everything about one region's settings that cannot be true together.
 *
 * @param region the region they are for @default - what depends on the region is not asked
 */
export function contradictions(settings: RegionSettings, region?: string): Contradiction[] {
  const { scaling, requests, storage } = settings;
  const found: Contradiction[] = [
    ...deploymentContradictions(settings),
    ...scheduleContradictions(scaling),
    ...subscriberContradictions(settings.notifications),
    ...alarmContradictions(settings.alarms),
  ];
  if (scaling.max < scaling.min) {
    found.push({
      path: ["scaling", "max"],
      got: `max ${scaling.max} with min ${scaling.min}`,
      expected: "max at least min",
    });
  }
  const plan = scalingPlan(scaling);
  if (plan.fewestInstances === 0 && scaling.wake === false) {
    found.push({
      path: ["scaling", "wake"],
      got: scaling.min === 0 ? "wake false with min 0" : "wake false with a schedule that sets min 0",
      expected: "a wake setting when min is 0: without it a lone request waits until it expires",
      fix: "Delete scaling.wake to take the default, or keep every minimum at 1 or more.",
    });
  }
  if (scaling.wake !== false && scaling.wake.instances > scaling.max) {
    found.push({
      path: ["scaling", "wake", "instances"],
      got: `${scaling.wake.instances} instances at once with max ${scaling.max}`,
      expected: "at most scaling.max",
    });
  }
  const needed = expectedWakeSeconds(plan) + requests.invocationTimeoutSeconds;
  if (requests.timeToLiveSeconds < needed) {
    found.push({
      path: ["requests", "timeToLiveSeconds"],
      got: `${requests.timeToLiveSeconds}, while waking and one invocation may take ${needed} seconds`,
      expected: `at least ${needed}: a request must not expire while the fleet wakes for it`,
      fix: "Raise requests.timeToLiveSeconds, lower requests.invocationTimeoutSeconds, or keep an instance with scaling.min.",
    });
  }
  const retentionSeconds = Math.min(storage.retentionDays.inputs, storage.retentionDays.results) * 86_400;
  if (retentionSeconds < requests.timeToLiveSeconds + requests.invocationTimeoutSeconds) {
    found.push({
      path: ["storage", "retentionDays"],
      got: `${retentionSeconds / 86_400} days with a time to live of ${requests.timeToLiveSeconds} seconds`,
      expected: "longer than a request may live",
    });
  }
  return [...found, ...keepingContradictions(storage, region)];
}

/** How long stored things are kept, and by which key. */
function keepingContradictions(storage: RegionSettings["storage"], region: string | undefined): Contradiction[] {
  const found: Contradiction[] = [];
  for (const keeps of ["protect", "retainOnDelete"] as const) {
    if (!storage[keeps] || !storage.forceDestroy) continue;
    found.push({
      path: ["storage", "forceDestroy"],
      got: `forceDestroy true with ${keeps} true`,
      expected: `forceDestroy false beside ${keeps}: one deletes what the other keeps`,
    });
  }
  const keyRegion = storage.keyArn?.split(":")[3];
  if (keyRegion !== undefined && keyRegion !== "{region}" && region !== undefined && keyRegion !== region) {
    found.push({
      path: ["storage", "keyArn"],
      got: `a key in ${keyRegion}`,
      expected: "a key in each region of the fleet: S3, SNS, SQS and SageMaker take no other",
      fix: "Write {region} in place of the region, or name a key for each region under overrides.",
    });
  }
  return found;
}
