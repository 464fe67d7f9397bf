import { metricPeriodSeconds } from "./limits";
import type { MetricName, Statistic } from "./metrics";
import type { RegionSettings } from "./settings/schema";

/** When an alarm that scales goes off. Each period is one minute, the metrics' own. */
export interface ScalingAlarm {
  readonly metric: MetricName;
  readonly statistic: Statistic;
  readonly comparison: "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Datapoints of a minute, one after the other, that must all breach. */
  readonly minutes: number;
}

/** Bounds that a scheduled action sets when its time comes. */
export interface ScheduledBounds {
  readonly name: string;
  /** `cron(...)` or `at(...)`, in Application Auto Scaling's words. */
  readonly schedule: string;
  readonly timezone: string;
  readonly minInstances?: number;
  readonly maxInstances?: number;
}

/**
 * How an endpoint leaves zero, grows and goes back: the one value that the components deploy and that every number
 * shown to people is computed from.
 */
export interface ScalingPlan {
  /** The bounds that stand until a scheduled action changes them. */
  readonly minInstances: number;
  readonly maxInstances: number;
  /** The bounds over the whole schedule. */
  readonly fewestInstances: number;
  readonly mostInstances: number;
  /** The step away from zero; absent when some instance is always there. */
  readonly wake?: {
    readonly alarm: ScalingAlarm;
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
  /** Back to the fewest when nothing is queued or running; the bounds of the hour hold it up. Absent with `withBacklog`. */
  readonly idle?: {
    readonly alarm: ScalingAlarm;
    readonly toInstances: number;
    readonly cooldownSeconds: number;
  };
  readonly schedule: readonly ScheduledBounds[];
}

/**
 * From the wish for an instance to its first request: provisioning, image pull, model download, health check. AWS says
 * "a few minutes" and no more; five are assumed wherever a number must stand.
 */
export const assumedInstanceStartSeconds = 300;

/**
 * The pair of alarms that target tracking makes for itself: general AWS behaviour, not documented for SageMaker. More is
 * asked for after `highMinutes` above the target, less after `lowMinutes` below `lowShare` of it.
 */
export const assumedTracking = { highMinutes: 3, lowMinutes: 15, lowShare: 0.9 } as const;

/** The plan that a region's settings ask for. */
export function scalingPlan(settings: RegionSettings["scaling"]): ScalingPlan {
  const { min, max, wake, scaleIn, schedule } = settings;
  const fewestInstances = Math.min(min, ...schedule.map((each) => each.min ?? min));
  const mostInstances = Math.max(max, ...schedule.map((each) => each.max ?? max));
  return {
    minInstances: min,
    maxInstances: max,
    fewestInstances,
    mostInstances,
    ...(fewestInstances === 0 && wake !== false
      ? {
          wake: {
            alarm: {
              metric: "HasBacklogWithoutCapacity" as const,
              statistic: "Average" as const,
              comparison: "GreaterThanOrEqualToThreshold" as const,
              threshold: 1,
              minutes: wake.minutes,
            },
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
            alarm: {
              metric: "ApproximateBacklogSize" as const,
              statistic: "Maximum" as const,
              comparison: "LessThanThreshold" as const,
              threshold: 1,
              minutes: scaleIn.minutes,
            },
            toInstances: fewestInstances,
            cooldownSeconds: settings.scaleInCooldownSeconds,
          },
        }
      : {}),
    schedule: schedule.map((each) => ({
      name: each.name,
      schedule: each.cron === undefined ? `at(${each.at})` : `cron(${each.cron})`,
      timezone: each.timezone,
      ...(each.min === undefined ? {} : { minInstances: each.min }),
      ...(each.max === undefined ? {} : { maxInstances: each.max }),
    })),
  };
}

/** A plan in the numbers people ask for. All of them are upper bounds but for what is assumed of AWS. */
export interface ScalingNumbers {
  /** From a request at zero instances until the wish for one: its minute, its publication, the alarm's datapoints. 0 when one is always there. */
  readonly detectionSeconds: number;
  /** From a request at zero instances to the start of its work. 0 when one is always there. */
  readonly wakeSeconds: number;
  /** From a backlog above the target to more instances at work. */
  readonly growSeconds: number;
  /** Paid for after the last result, until the endpoint goes back to its fewest instances. */
  readonly idleSeconds: number;
}

export function scalingNumbers(plan: ScalingPlan): ScalingNumbers {
  const seen = (minutes: number): number => metricPeriodSeconds * (minutes + 1);
  const detectionSeconds = plan.fewestInstances > 0 ? 0 : seen(plan.wake?.alarm.minutes ?? 1);
  return {
    detectionSeconds,
    wakeSeconds: plan.fewestInstances > 0 ? 0 : detectionSeconds + assumedInstanceStartSeconds,
    growSeconds: seen(assumedTracking.highMinutes) + assumedInstanceStartSeconds,
    idleSeconds: seen(plan.idle?.alarm.minutes ?? assumedTracking.lowMinutes),
  };
}

/**
 * From a request at zero instances to the start of its work, at the worst: the minute the metric covers, the minute
 * until it is published, the datapoints the alarm waits for, and the assumed start of the instance. 0 when instances are
 * always there.
 */
export function expectedWakeSeconds(plan: ScalingPlan): number {
  return scalingNumbers(plan).wakeSeconds;
}
