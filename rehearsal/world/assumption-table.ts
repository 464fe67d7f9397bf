import { assumedTracking } from "../../contract/scaling";

/** A number that no page of AWS gives. */
export interface AssumedNumber {
  readonly kind: "number";
  readonly value: number;
  readonly unit: string;
  readonly min: number;
  /** @default - as much as there is */
  readonly max?: number;
  readonly isWhole: boolean;
  readonly what: string;
  readonly reason: string;
}

/** A behaviour that no page of AWS settles, with what else it might be. */
export interface AssumedChoice<Name extends string = string> {
  readonly kind: "choice";
  readonly value: Name;
  /** What each choice means. */
  readonly choices: Readonly<Record<Name, string>>;
  readonly what: string;
  readonly reason: string;
}

const number = (
  value: number,
  unit: string,
  what: string,
  reason: string,
  { min = 0, max, isWhole = true }: { min?: number; max?: number; isWhole?: boolean } = {},
): AssumedNumber => ({
  kind: "number",
  value,
  unit,
  what,
  reason,
  min,
  ...(max === undefined ? {} : { max }),
  isWhole,
});

const choice = <const Name extends string>(
  value: NoInfer<Name>,
  choices: Readonly<Record<Name, string>>,
  what: string,
  reason: string,
): AssumedChoice<Name> => ({ kind: "choice", value, choices, what, reason });

const outOfSight = "containers of docker are out of sight where docker runs in a machine of its own";
const unknownTracking = "the pair is seen in accounts; the numbers of a custom metric are not documented";

/**
 * Everything the rehearsal plays although no page of AWS says it, by the name under which it is set. None of it is a
 * promise. What people are shown is printed from here.
 */
export const assumptions = {
  instanceStartSeconds: number(
    240,
    "seconds",
    "from the wish for an instance to the start of its container: provisioning, image, model",
    "AWS says a few minutes and gives no figure",
  ),
  instanceStopSeconds: number(
    30,
    "seconds",
    "from the end of a container to the end of its instance",
    "a container has 30 seconds from SIGTERM to SIGKILL; what comes after is not documented",
  ),
  containerBootMs: number(
    10_000,
    "milliseconds",
    "wall-clock time of a container's boot before the virtual clock runs on without its healthy ping",
    "a process that starts is real work on this machine, not AWS's time",
  ),
  concurrencyPerInstance: number(
    4,
    "requests",
    "concurrent requests of an instance where the configuration names no number",
    "SageMaker chooses an optimal value and does not say which",
    { min: 1, max: 1000 },
  ),
  queueOrder: choice(
    "oldestFirst",
    { oldestFirst: "the oldest request is worked on first", shuffled: "any waiting request may be the next" },
    "order in which a queue is worked off",
    "no page promises an order",
  ),
  invocationRetries: number(
    0,
    "times",
    "how often the service itself tries a failed invocation again, on the same instance",
    "whether it does is not documented",
    { max: 10 },
  ),
  invocationTimeout: choice(
    "failed",
    {
      failed: "counts as InvocationFailures and is told as a failure",
      expired: "counts as ExpiredRequests and is told as a failure",
    },
    "an invocation that outlives its timeout",
    "the API calls it expired; the metrics' page counts under ExpiredRequests only what was too old in the queue",
  ),
  expiredRequest: choice(
    "failure",
    {
      failure: "writes a failure object and an error notice, as a failed one does",
      silent: "is counted in ExpiredRequests and told to nobody",
    },
    "a request that was queued for longer than its time to live",
    "no page says what becomes of it",
  ),
  deletedEndpoint: choice(
    "silent",
    { silent: "are dropped and told to nobody", failure: "write failure objects and error notices" },
    "requests that wait when their endpoint is deleted",
    "no page says what becomes of them",
  ),
  busyInstance: choice(
    "cut",
    { cut: "is stopped, and what it works on fails", drained: "ends what it works on first" },
    "a busy instance that scaling takes away",
    "people report jobs that were cut; no page says so",
  ),
  leavingFleet: choice(
    "drained",
    { drained: "ends what it works on first", cut: "is stopped, and what it works on fails" },
    "the old instances at the end of an update",
    "how an asynchronous queue is drained in an update is not documented",
  ),
  failureNotice: choice(
    "withoutLocations",
    {
      withoutLocations: "has no responseParameters",
      withLocations: "has responseParameters with the failure location",
    },
    "the notice of a failed request",
    "the one that is published has none; programs are known that look for them",
  ),
  includedEncoding: choice(
    "BASE64",
    { BASE64: 'is said as "BASE64"', absent: "is not said" },
    "the encoding of a response that a notice includes",
    "that the content is base64 is known from consumers, the member's value is not",
  ),
  failureName: choice(
    "filename",
    { filename: "is the caller's Filename", unique: "has a name of its own, as without Filename" },
    "the failure object of a request that names its result",
    "the API speaks of the result only",
  ),
  uploadInPartsFromBytes: number(
    8 * 1024 * 1024,
    "bytes",
    "results from this size on are uploaded in parts",
    "AWS's own transfer managers begin there",
    { min: 1 },
  ),
  errorBodyBytesMax: number(
    1024 * 1024,
    "bytes",
    "the longest error body of a container that goes into the failure object; the rest is cut off",
    "no page gives a limit",
    { min: 1 },
  ),
  backlogPerInstanceAtZero: choice(
    "missing",
    { missing: "is not told", backlog: "is the backlog itself" },
    "ApproximateBacklogSizePerInstance without instances",
    "no page says what it is",
  ),
  processedMetric: choice(
    "InvocationsProcessed",
    {
      InvocationsProcessed: "is spelled with two s",
      InvocationsProcesssed: "is spelled with three, as the guide has it",
    },
    "the metric of processed invocations",
    "the developer guide's spelling looks like a slip",
  ),
  roleRights: choice(
    "everyStart",
    {
      everyStart: "are asked when the endpoint takes its configuration and again at each start of an instance",
      configuration: "are asked when the endpoint takes its configuration, and of starting instances not again",
    },
    "the role's rights to image, volume and network",
    "AWS names the rights, not the moment",
  ),
  logAgent: choice(
    "looksFirst",
    { looksFirst: "looks for the stream before it makes one", makesFirst: "makes the stream without looking" },
    "what writes a container's lines",
    "the order of the agent's calls is not documented",
  ),
  rollbackAlarmSeconds: number(
    30,
    "seconds",
    "how often an update looks at its rollback alarms",
    "how soon AWS sees an alarm is not documented",
    { min: 1 },
  ),
  trackingHighMinutes: number(
    assumedTracking.highMinutes,
    "minutes",
    "datapoints of a tracking policy's high alarm",
    unknownTracking,
    { min: 1, max: 60 },
  ),
  trackingLowMinutes: number(
    assumedTracking.lowMinutes,
    "minutes",
    "datapoints of a tracking policy's low alarm",
    unknownTracking,
    { min: 1, max: 60 },
  ),
  trackingLowShare: number(
    assumedTracking.lowShare,
    "of the target value",
    "threshold of a tracking policy's low alarm",
    unknownTracking,
    { max: 1, isWhole: false },
  ),
  alarmExtraPeriods: number(
    2,
    "periods",
    "how far an alarm looks back beyond its evaluation periods when datapoints are missing",
    "CloudWatch names no number; its examples show two",
    { max: 100 },
  ),
  modelsPerPage: number(
    10,
    "models or configurations",
    "a page of ListModels or ListEndpointConfigs where no number is asked for",
    "the reference says ten of ListEndpoints and nothing of the other two",
    { min: 1, max: 100 },
  ),
  alarmsPerPage: number(
    100,
    "records",
    "a page of DescribeAlarms or DescribeAlarmHistory where no number is asked for",
    "the reference gives the most, and no default",
    { min: 1, max: 100 },
  ),
  unhealthyAfterPings: number(
    3,
    "pings",
    "pings in a row without 200, one a minute, after which an instance in service is replaced",
    "AWS says that it pings and replaces unhealthy instances, not how often it asks and how long it waits",
    { min: 1 },
  ),
  busyHealth: choice(
    "notAsked",
    { notAsked: "is not asked for: a server of one thread could not answer", asked: "is asked for as well" },
    "the health of an instance that works on a request",
    "AWS asks for an answer within two seconds and does not say what becomes of a busy container",
  ),
  hostCpuBusyPercent: number(
    60,
    "percent",
    "CPUUtilization with a backlog, of a container that cannot be measured",
    outOfSight,
  ),
  hostCpuIdlePercent: number(2, "percent", "the same without a backlog", outOfSight),
  hostMemoryPercent: number(20, "percent", "MemoryUtilization of such a container", outOfSight, { max: 100 }),
  hostDiskPercent: number(5, "percent", "DiskUtilization of such a container", outOfSight, { max: 100 }),
  volumeGb: number(
    30,
    "GB",
    "volume of an instance whose configuration names no size",
    "DiskUtilization is a share of it; AWS gives no figure for hosting",
    { min: 1 },
  ),
  platformVariables: choice(
    "region",
    {
      region: "has AWS_REGION and AWS_DEFAULT_REGION from the platform; credentials of the role are not handed out",
      none: "has the model's variables only",
    },
    "a container's environment",
    "AWS does not document a hosted container's environment",
  ),
  dataLog: choice(
    "failures",
    {
      failures: "says why a request failed, a line each, and nothing of those that succeeded",
      everything: "has a line of each request",
    },
    "the data-log of an instance",
    "AWS documents the stream's name; one line of a failure has been published, and none of a success",
  ),
  capacityLookSeconds: number(
    30,
    "seconds",
    "how often SageMaker looks again for an instance that did not come",
    "only how it ends is seen in accounts, with InsufficientInstanceCapacity",
    { min: 1 },
  ),
  capacityGivesUpSeconds: number(
    1800,
    "seconds",
    "how long SageMaker looks for such an instance, unless the fault says it",
    "half an hour was seen once; AWS gives no figure",
  ),
  lostInstance: choice(
    "failed",
    { failed: "fails as one whose connection broke", again: "goes back to the head of its queue" },
    "the request of an instance that is lost; another instance is started in its place",
    "no page says whether SageMaker gives the request to another instance",
  ),
  updateQuota: choice(
    "difference",
    {
      difference: "counts what the update wants more than the endpoint has of the type",
      both: "counts the new fleet beside the old one",
    },
    "the quota of instances in an update",
    "whether the old fleet counts while the new one starts is not documented",
  ),
  imageReplicationSeconds: number(
    60,
    "seconds",
    "replication of an image to another region",
    "AWS says most images within 30 minutes and promises nothing",
  ),
  endpointQuota: number(
    100,
    "instances",
    "quota of each instance type for endpoints, unless the account's conditions give another",
    "AWS's own defaults differ by type and region and are not published in one place",
  ),
} as const satisfies Readonly<Record<string, AssumedNumber | AssumedChoice>>;
