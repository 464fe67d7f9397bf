import type { JournalEvent } from "../world/journal";
import type { DeployedLine, EndedLine, EventLine, MissedLine, ServingLine } from "./event-lines";
import type {
  AlarmView,
  EndpointView,
  HistoryView,
  RegionView,
  RequestView,
  ScalingView,
  StateView,
} from "./state-shapes";

/** A sentence about every field of a shape; the compiler misses none, and sees that what may be absent says so. */
type Told<Shape> = {
  readonly [Key in keyof Shape]-?: Record<never, never> extends Pick<Shape, Key> ? `Optional: ${string}` : string;
};
type OtherLine = ServingLine | DeployedLine | MissedLine | EndedLine;
type KindOf<Kind> = Omit<Extract<JournalEvent, { kind: Kind }>, "kind">;

/** What stands in every event beside its kind's own fields. */
export const commonFields: Told<EventLine> = {
  number: "Counts the events of this process from 1, without a gap.",
  time: "Virtual time, ISO 8601.",
  account: "The account, 12 digits.",
  region: "The region, e.g. `eu-west-1`.",
  kind: "One of the kinds below. There may be more some day: pass over what you do not know.",
};

/** Every kind of event, with when there is one and what is in it. */
export const eventKinds: {
  readonly [Kind in JournalEvent["kind"]]: { readonly when: string; readonly fields: Told<KindOf<Kind>> };
} = {
  endpoint: {
    when: "An endpoint's status changed, or its container ended by itself.",
    fields: {
      endpointName: "The endpoint.",
      status: "SageMaker's status: `Creating`, `InService`, `Updating`, `RollingBack`, `Deleting`, `Failed`.",
      reason: "Optional: why, as FailureReason tells it.",
    },
  },
  instances: {
    when: "The number of instances changed, or was asked to.",
    fields: {
      endpointName: "The endpoint.",
      variantName: "The variant.",
      desired: "Instances asked for.",
      running: "Instances paid for: starting, in service or stopping.",
      inService: "Instances whose container answered its health check.",
    },
  },
  scaling: {
    when: "Application Auto Scaling changed a capacity.",
    fields: {
      resourceId: "`endpoint/NAME/variant/NAME`.",
      from: "Instances before.",
      to: "Instances asked for now.",
      cause: "The alarm and the policy, or the schedule.",
    },
  },
  alarm: {
    when: "An alarm moved to another state, or was set to one.",
    fields: {
      alarmName: "The alarm.",
      from: "`OK`, `ALARM` or `INSUFFICIENT_DATA`.",
      to: "The same three.",
      reason: "The datapoints and the threshold, as CloudWatch tells them.",
    },
  },
  request: {
    when: "A request took a step.",
    fields: {
      endpointName: "The endpoint.",
      inferenceId: "The request.",
      step: "`accepted` (`again`, where a kept rehearsal's process ended before the request did), `started`, and one end: `completed`, `failed` or `expired`.",
      location: "Optional: where the result or the failure lies, at the end.",
      reason: "Optional: why it failed or expired.",
      instanceId: "Optional: the instance that works on it, when it started.",
    },
  },
  notice: {
    when: "A message was published to a topic.",
    fields: {
      topicArn: "The topic.",
      eventName: "What the message calls itself, e.g. `InferenceResult`.",
      inferenceId: "Optional: the request it is about.",
    },
  },
  delivery: {
    when: "Something became of a message for a subscriber that is not a queue of this world, or could not be delivered.",
    fields: {
      topicArn: "The topic.",
      subscriptionArn: "The subscription.",
      protocol: "Its protocol.",
      endpoint: "Its address.",
      messageType: "`Notification` or `SubscriptionConfirmation`.",
      outcome: "`delivered`, `recorded` (it would have left the machine), `dead-letter` or `lost`.",
      reason: "Optional: why it was not delivered.",
      token: "Optional: confirms the subscription.",
    },
  },
  use: {
    when: "An instance ended, and what its container used of this machine was measured.",
    fields: {
      endpointName: "The endpoint.",
      instanceId: "The instance.",
      cpuSeconds: "Processor time of its whole life, seconds.",
      peakMemoryBytes: "The most memory it held at a time.",
    },
  },
  log: {
    when: "A container wrote a line.",
    fields: { endpointName: "The endpoint.", instanceId: "The instance.", line: "The line." },
  },
};

/** The lines of `fleet serve --json` that are no events of the world. */
export const lineKinds: {
  readonly [Line in OtherLine as Line["kind"]]: { readonly when: string; readonly fields: Told<Omit<Line, "kind">> };
} = {
  serving: {
    when: "The first line: it listens. No event comes before it.",
    fields: {
      format: "The version of this format. It goes up when a field goes or changes its meaning, not when one is added.",
      url: "Where AWS SDKs find it.",
      providerPort: "Where a Pulumi engine finds the stand-in provider.",
      page: "The status page.",
      time: "Virtual time.",
    },
  },
  deployed: {
    when: "What `--deploy` named is deployed.",
    fields: {
      stack: "The stack.",
      resources: "How many resources it has.",
      manifest: "The file with its manifest.",
      time: "Virtual time.",
    },
  },
  missed: {
    when: "In place of events that are left out: they are no longer kept, or the reader fell too far behind.",
    fields: { count: "How many." },
  },
  ended: { when: "The last line, after an interruption.", fields: { time: "Virtual time." } },
};

export const stateFields: Told<StateView> = {
  format: "The version of this format, as in the events.",
  run: "Another process has another one; its events are numbered anew.",
  newestEvent: "The number of the newest event this state knows of.",
  time: "Virtual time.",
  wallTime: "The machine's own time.",
  clock: "`fast-forward`, `paced` or `manual`.",
  clockSpeed: "Optional: how many times as fast as the wall clock a paced clock runs.",
  regions: "Every supported region, and each other one in which there is something.",
  endpoints: "Every endpoint.",
  alarms: "Every alarm that is in ALARM.",
  requests: "The requests of which something was heard last, newest first, at most 60.",
};

export const regionFields: Told<RegionView> = {
  region: "Its code.",
  name: "Its name.",
  activity: "The worst of its endpoints': `failed`, `updating`, `waking`, `awake`, `asleep`, or `nothing`.",
  endpoints: "How many.",
  instances: "Instances paid for.",
  backlog: "Requests queued or running.",
  problems: "Endpoints with a FailureReason, and alarms for people in ALARM.",
};

export const endpointFields: Told<EndpointView> = {
  account: "The account.",
  region: "The region.",
  endpointName: "Its name.",
  activity: "As of a region, without `nothing`.",
  status: "SageMaker's EndpointStatus.",
  failureReason: "Optional: SageMaker's FailureReason.",
  variantName: "Its variant.",
  instanceType: "Optional: the variant's instance type.",
  desired: "Instances asked for.",
  running: "Instances paid for.",
  inService: "Instances in service.",
  min: "Optional: the scalable target's least capacity.",
  max: "Optional: the scalable target's greatest capacity.",
  backlog: "Requests queued or running.",
  inFlight: "Requests that instances in service work on.",
  oldestAgeSeconds: "How long the oldest queued request has waited; 0 when none is queued.",
  watchAlarms: "Its alarms for people that are in ALARM.",
  scalingAlarms: "Its alarms that only scale and are in ALARM.",
  problems: "Its alarms for people in ALARM, and one more where there is a FailureReason.",
};

export const alarmFields: Told<AlarmView> = {
  account: "The account.",
  region: "The region.",
  alarmName: "Its name.",
  endpointName: "Optional: the endpoint among the dimensions of its metric.",
  purpose: "`scaling` when all it does is call scaling policies, else `watch`: it is for people.",
  since: "Virtual time at which it went to ALARM.",
  reason: "StateReason.",
};

export const requestFields: Told<RequestView> = {
  account: "The account.",
  region: "The region.",
  endpointName: "Its endpoint.",
  inferenceId: "The request.",
  outcome: "`waiting`, `running`, `completed`, `failed` or `expired`.",
  acceptedAt: "Optional: virtual time of its acceptance; not known any more when the endpoint is gone.",
  waitedSeconds: "Optional: from its acceptance to its start, or until now.",
  workedSeconds: "Optional: from its start to its end, or until now.",
  totalSeconds: "Optional: from its acceptance to its end, or until now.",
  instanceId: "Optional: the instance that worked on it.",
  location: "Optional: where the result or the failure lies.",
  reason: "Optional: why it failed or expired.",
};

export const historyFields: Told<HistoryView> = {
  format: "As above.",
  run: "As above.",
  newestEvent: "As above.",
  account: "The account.",
  region: "The region.",
  endpointName: "The endpoint.",
  nowMs: "Virtual time, milliseconds since the Unix epoch.",
  desired: "Steps of `[atMs, instances asked for]`.",
  inService: "Steps of `[atMs, instances in service]`.",
  backlog: "Steps of `[atMs, requests queued or running]`.",
  scaling: "The last 200 scaling activities.",
};

export const scalingFields: Told<ScalingView> = {
  atMs: "When.",
  from: "Instances before.",
  to: "Instances asked for.",
  cause: "Why.",
};
