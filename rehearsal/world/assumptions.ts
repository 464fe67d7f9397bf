import type { Problem } from "../../contract/errors";
import { UsageError } from "../../contract/errors";
import { assumedTracking } from "../../contract/scaling";

/** A number that no page of AWS gives. */
interface AssumedNumber {
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
interface AssumedChoice<Name extends string = string> {
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

type Table = typeof assumptions;
export type AssumptionName = keyof Table;
export type Assumption = AssumedNumber | AssumedChoice;

/** A value for every assumption. */
export type Assumed = {
  readonly [Name in AssumptionName]: Table[Name] extends AssumedChoice<infer Choice> ? Choice : number;
};

/** What is played unless somebody sets it. */
export const assumedByDefault = Object.fromEntries(
  Object.entries(assumptions).map(([name, { value }]) => [name, value]),
) as Assumed;

/**
 * Every assumption, with those that are given in place of the table's.
 *
 * @param given values by name; a number may be a text, as a command line has it
 * @param at what the reader can edit, e.g. `--assume`
 * @throws UsageError with all problems at once: ASY-541 for a name that is none, ASY-542 for a value that cannot be
 */
export function readAssumptions(given: Readonly<Record<string, unknown>>, at = "assumptions"): Assumed {
  const problems: Problem[] = [];
  const read = { ...assumedByDefault } as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const row: Assumption | undefined = Object.hasOwn(assumptions, name)
      ? assumptions[name as AssumptionName]
      : undefined;
    const place = `${at} ${name}`;
    if (row === undefined) {
      const expected = `one of ${Object.keys(assumptions).join(", ")}`;
      problems.push({ code: "ASY-541", at: place, got: String(value), expected });
    } else if (fits(row, value)) read[name] = row.kind === "number" ? Number(value) : value;
    else problems.push({ code: "ASY-542", at: place, got: String(value), expected: expectedOf(row) });
  }
  if (problems.length > 0) throw new UsageError(problems);
  return read as Assumed;
}

/** What a row takes, in words. */
export function expectedOf(row: Assumption): string {
  if (row.kind === "choice") return `one of ${Object.keys(row.choices).join(", ")}`;
  const bounds = row.max === undefined ? `from ${row.min} on` : `from ${row.min} to ${row.max}`;
  return `a ${row.isWhole ? "whole " : ""}number ${bounds}`;
}

function fits(row: Assumption, value: unknown): boolean {
  if (row.kind === "choice") return typeof value === "string" && Object.hasOwn(row.choices, value);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return (
    typeof number === "number" &&
    Number.isFinite(number) &&
    (Number.isInteger(number) || !row.isWhole) &&
    number >= row.min &&
    number <= (row.max ?? Number.MAX_SAFE_INTEGER)
  );
}
