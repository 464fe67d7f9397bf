import { assumedTracking } from "../../contract/scaling";

/** What is assumed of AWS in numbers. None of it is a promise: AWS publishes no figures ("a few minutes"). */
export interface Timing {
  /** From the wish for an instance to the start of its container: provisioning, image pull, model download. */
  readonly instanceStartSeconds: number;
  /** From the wish to be rid of an instance to its end. */
  readonly instanceStopSeconds: number;
  /**
   * Wall-clock milliseconds a starting container gets before the virtual clock may run on without its healthy ping: a
   * process that starts is real work.
   */
  readonly containerBootMs: number;
}

/** One thing the rehearsal plays although no page of AWS says it. */
export interface Assumption {
  readonly name: string;
  readonly value: number | string;
  /** @default - none: the value is a sentence */
  readonly unit?: string;
  readonly reason: string;
  /** The option of `startRehearsal` that changes it. @default - nothing does */
  readonly settableBy?: string;
}

/** A cold start of about four minutes, assumed. */
export const assumedTiming: Timing = { instanceStartSeconds: 240, instanceStopSeconds: 30, containerBootMs: 10_000 };

/** SageMaker "chooses an optimal value" where the configuration names none; four is this rehearsal's choice. */
export const assumedConcurrency = 4;

/** Results from here on are uploaded in parts: assumed, as AWS's own transfer managers do it. */
export const inPartsBytesMin = 8 * 1024 * 1024;

/** AWS says "most images within 30 minutes" and promises nothing; a minute is assumed. */
export const replicationSeconds = 60;

/** How often a deployment looks at its rollback alarms. */
export const rollbackAlarmSeconds = 30;

/** What an instance tells of itself, in percent, where its container cannot be measured. */
export const assumedHostUse = {
  busy: { cpu: 60, memory: 20, disk: 5 },
  idle: { cpu: 2, memory: 20, disk: 5 },
} as const;

/** Size of an instance's volume where the endpoint configuration names none. */
export const assumedVolumeGb = 30;

/** An instance is replaced after so many pings without an answer of 200, one a minute. */
export const unhealthyAfterPings = 3;

/** Everything assumed rather than documented, in one table: what people are shown is printed from it. */
export const assumptions: readonly Assumption[] = [
  {
    name: "start of an instance",
    value: assumedTiming.instanceStartSeconds,
    unit: "seconds",
    reason: "AWS says a few minutes and gives no figure",
    settableBy: "timing.instanceStartSeconds",
  },
  {
    name: "end of an instance",
    value: assumedTiming.instanceStopSeconds,
    unit: "seconds",
    reason: "a container has 30 seconds from SIGTERM to SIGKILL; what comes after is not documented",
    settableBy: "timing.instanceStopSeconds",
  },
  {
    name: "wall-clock time of a container's boot before the virtual clock runs on",
    value: assumedTiming.containerBootMs,
    unit: "milliseconds",
    reason: "a process that starts is real work on this machine, not AWS's time",
    settableBy: "timing.containerBootMs",
  },
  {
    name: "concurrent requests of an instance where the configuration names none",
    value: assumedConcurrency,
    unit: "requests",
    reason: "SageMaker chooses an optimal value and does not say which",
    settableBy: "MaxConcurrentInvocationsPerInstance of the endpoint configuration",
  },
  {
    name: "results uploaded in parts from",
    value: inPartsBytesMin,
    unit: "bytes",
    reason: "AWS's own transfer managers begin there",
  },
  {
    name: "replication of an image to another region",
    value: replicationSeconds,
    unit: "seconds",
    reason: "AWS says most images within 30 minutes and promises nothing",
  },
  {
    name: "looks at the rollback alarms of an update",
    value: rollbackAlarmSeconds,
    unit: "seconds",
    reason: "how soon AWS sees an alarm is not documented",
  },
  {
    name: "datapoints of a tracking policy's high alarm",
    value: assumedTracking.highMinutes,
    unit: "minutes",
    reason: "the pair is seen in accounts; the numbers of a custom metric are not documented",
  },
  {
    name: "datapoints of a tracking policy's low alarm",
    value: assumedTracking.lowMinutes,
    unit: "minutes",
    reason: "the pair is seen in accounts; the numbers of a custom metric are not documented",
  },
  {
    name: "threshold of a tracking policy's low alarm",
    value: assumedTracking.lowShare,
    unit: "share of the target value",
    reason: "the pair is seen in accounts; the numbers of a custom metric are not documented",
  },
  {
    name: "an expired request",
    value: "writes a failure object and an error notice, as a failed one does",
    reason: "no page says what becomes of it",
  },
  {
    name: "the last step of a blue/green update",
    value: "waits for the termination wait, and the fleet that goes ends its work first",
    reason: "how an asynchronous queue is drained in an update is not documented",
  },
  {
    name: "the role's rights",
    value: "are all asked at each start of an instance, and when the endpoint takes its configuration",
    reason: "AWS names the rights, not the moment",
  },
  {
    name: "health of an instance in service",
    value: unhealthyAfterPings,
    unit: "pings in a row without 200, one a minute, until it is replaced",
    reason: "AWS says that it pings and replaces unhealthy instances, not how often it asks and how long it waits",
  },
  {
    name: "health of an instance that works on a request",
    value: "is not asked for: a server of one thread could not answer",
    reason: "AWS asks for an answer within two seconds and does not say what becomes of a busy container",
  },
  {
    name: "processor, memory and disk of a container that cannot be measured",
    value: `CPUUtilization ${assumedHostUse.busy.cpu} with a backlog and ${assumedHostUse.idle.cpu} without, MemoryUtilization ${assumedHostUse.idle.memory}, DiskUtilization ${assumedHostUse.idle.disk}`,
    reason: "containers of docker are out of sight where docker runs in a machine of its own",
  },
  {
    name: "volume of an instance whose configuration names no size",
    value: assumedVolumeGb,
    unit: "GB",
    reason: "DiskUtilization is a share of it; AWS gives no figure for hosting",
  },
  {
    name: "the platform's variables in a container's environment",
    value: "are AWS_REGION and AWS_DEFAULT_REGION; credentials of the role are not handed out",
    reason: "AWS does not document a hosted container's environment",
  },
  {
    name: "data-log of an instance",
    value: "says why a request failed, a line each, and nothing of those that succeeded",
    reason: "AWS documents the stream's name; one line of a failure has been published, and none of a success",
  },
  {
    name: "lines of a container",
    value: "look for the stream, make it, put the events",
    reason: "the order of the agent's calls is not documented",
  },
];
