import { metricPeriodSeconds } from "./limits";
import type { MetricName } from "./metrics";
import type { RegionSettings } from "./settings/schema";

/**
 * How an endpoint leaves zero, grows and goes back: the one value that the components deploy and that every number
 * shown to people is computed from.
 */
export interface ScalingPlan {
  readonly minInstances: number;
  readonly maxInstances: number;
  /** The step away from zero; absent when the minimum is above zero. */
  readonly wake?: {
    readonly metric: MetricName;
    /** Datapoints of a minute that must show a backlog without capacity. AWS's own sample waits for two; one halves the detection. */
    readonly datapoints: number;
    readonly addInstances: number;
    readonly cooldownSeconds: number;
  };
  /** Target tracking on the backlog per instance. */
  readonly backlog: {
    readonly metric: MetricName;
    readonly targetValue: number;
    readonly scaleOutCooldownSeconds: number;
    readonly scaleInCooldownSeconds: number;
    /** True when only idleness may take instances away. */
    readonly disableScaleIn: boolean;
  };
  /** Back to the minimum after so many minutes with nothing queued or running; absent with `withBacklog`. */
  readonly idle?: { readonly metric: MetricName; readonly minutes: number; readonly cooldownSeconds: number };
}

/**
 * From the wish for an instance to its first request: provisioning, image pull, model download, health check. AWS says
 * "a few minutes" and no more; five are assumed wherever a number must stand.
 */
export const assumedInstanceStartSeconds = 300;

/** The plan that a region's settings ask for. */
export function scalingPlan(settings: RegionSettings["scaling"]): ScalingPlan {
  const { wake, scaleIn } = settings;
  return {
    minInstances: settings.min,
    maxInstances: settings.max,
    ...(settings.min === 0 && wake !== false
      ? {
          wake: {
            metric: "HasBacklogWithoutCapacity" as const,
            datapoints: wake.minutes,
            addInstances: wake.instances,
            cooldownSeconds: wake.cooldownSeconds,
          },
        }
      : {}),
    backlog: {
      metric: "ApproximateBacklogSizePerInstance",
      targetValue: settings.backlogPerInstance,
      scaleOutCooldownSeconds: settings.scaleOutCooldownSeconds,
      scaleInCooldownSeconds: settings.scaleInCooldownSeconds,
      disableScaleIn: scaleIn.kind === "whenIdle",
    },
    ...(scaleIn.kind === "whenIdle"
      ? {
          idle: {
            metric: "ApproximateBacklogSize" as const,
            minutes: scaleIn.minutes,
            cooldownSeconds: settings.scaleInCooldownSeconds,
          },
        }
      : {}),
  };
}

/**
 * From a request at zero instances to the start of its work, at the worst: the minute the metric covers, the minute
 * until it is published, the datapoints the alarm waits for, and the assumed start of the instance. 0 when instances are
 * always there.
 */
export function expectedWakeSeconds(plan: ScalingPlan): number {
  if (plan.minInstances > 0) return 0;
  return metricPeriodSeconds * ((plan.wake?.datapoints ?? 1) + 1) + assumedInstanceStartSeconds;
}
