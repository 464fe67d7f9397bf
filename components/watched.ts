import type { ScalingPlan } from "../contract/scaling";
import type { RegionSettings } from "../contract/settings";
import type { AlarmOn } from "./metric-alarm";

/** One thing people should hear of. */
export interface Watched {
  /** Part of the alarm's name. */
  readonly role: string;
  /** What has happened, after the endpoint's name. */
  readonly says: string;
  readonly alarm: AlarmOn;
}

type Alarms = Exclude<RegionSettings["alarms"], false>;

const fiveMinutes = 300;
/** An instance that is full for a moment is at work; for so many minutes it is in need. */
const fullMinutes = 5;

/**
 * The alarms that settings ask for, without the switched off. At the most instances is told only where the plan can be
 * elsewhere.
 */
export function watched(settings: RegionSettings, alarms: Alarms, plan: ScalingPlan): Watched[] {
  const { timeToLiveSeconds, invocationTimeoutSeconds } = settings.requests;
  return [
    ...when(alarms.oldestRequestShare, (share) => ({
      role: "oldest-request",
      says: `the oldest request has used ${Math.round(share * 100)} % of its time to live`,
      alarm: {
        metric: "ApproximateAgeOfOldestRequest",
        statistic: "Maximum",
        comparison: "GreaterThanOrEqualToThreshold",
        threshold: Math.round(timeToLiveSeconds * share),
        periods: 1,
      },
    })),
    ...when(alarms.withoutCapacityMinutes, (minutes) => ({
      role: "without-capacity",
      says: `requests have waited ${minutes} minutes without an instance`,
      alarm: {
        metric: "HasBacklogWithoutCapacity",
        statistic: "Average",
        comparison: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        periods: minutes,
      },
    })),
    ...counted("failures", "requests failed", "InvocationFailures", alarms.failures),
    ...counted("expired", "requests expired in the queue", "ExpiredRequests", alarms.expired),
    ...counted("download-failures", "payloads could not be read", "RequestDownloadFailures", alarms.downloadFailures),
    ...counted("upload-failures", "results could not be written", "ResponseUploadFailures", alarms.uploadFailures),
    ...counted(
      "notification-failures",
      "notices could not be sent",
      "NotificationFailures",
      alarms.notificationFailures,
    ),
    ...when(alarms.modelLatencyShare, (share) => ({
      role: "model-latency",
      says: `the model took ${Math.round(share * 100)} % of the invocation timeout for one request`,
      alarm: {
        metric: "ModelLatency",
        statistic: "Maximum",
        comparison: "GreaterThanOrEqualToThreshold",
        threshold: microseconds(invocationTimeoutSeconds * share),
        periods: 1,
        periodSeconds: fiveMinutes,
        silence: "notBreaching",
      },
    })),
    ...when(plan.fewestInstances < plan.mostInstances && alarms.atMaxMinutes, (minutes) => ({
      role: "at-max",
      says: `has been at its most instances, ${plan.mostInstances}, for ${minutes} minutes`,
      alarm: {
        // One sample a minute from each instance: their number is the number of instances.
        metric: "CPUUtilization",
        statistic: "SampleCount",
        comparison: "GreaterThanOrEqualToThreshold",
        threshold: plan.mostInstances,
        periods: minutes,
        silence: "notBreaching",
      },
    })),
    ...full("disk", "DiskUtilization", alarms.diskPercent),
    ...full("memory", "MemoryUtilization", alarms.memoryPercent),
  ];
}

function when<Value>(value: Value | false, make: (value: Value) => Watched): Watched[] {
  return value === false ? [] : [make(value)];
}

function counted(role: string, says: string, metric: AlarmOn["metric"], count: number | false): Watched[] {
  return when(count, (threshold) => ({
    role,
    says: `${says}, ${threshold} or more within five minutes`,
    alarm: {
      metric,
      statistic: "Sum",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold,
      periods: 1,
      periodSeconds: fiveMinutes,
      silence: "notBreaching",
    },
  }));
}

function full(role: string, metric: "DiskUtilization" | "MemoryUtilization", percent: number | false): Watched[] {
  return when(percent, (threshold) => ({
    role,
    says: `an instance's ${role} has been ${threshold} % full for ${fullMinutes} minutes`,
    alarm: {
      metric,
      statistic: "Maximum",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold,
      periods: fullMinutes,
      silence: "notBreaching",
    },
  }));
}

/** SageMaker tells the model's latency in microseconds. */
function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6);
}
