import { firesScaling, watches } from "../alarms";
import { type AsyncEndpoint, looksAtAsyncEndpoints, scalingOf } from "../async-endpoints";
import { known, types } from "../async-resources";
import { ofType, type StackRule } from "../rule";

const withoutCapacity = "HasBacklogWithoutCapacity";
const metricsDefault = [
  "ApproximateAgeOfOldestRequest",
  "InvocationFailures",
  "ExpiredRequests",
  withoutCapacity,
  "NotificationFailures",
  "ResponseUploadFailures",
];

export const endpointIsWatched: StackRule = {
  name: "endpoint-is-watched",
  group: "alarms",
  displayName: "Alarms watch what can go wrong",
  description:
    "Each asynchronous endpoint has alarms on the age of its oldest request, on failed and expired requests, on a backlog without capacity, and on notices and results that cannot be delivered.",
  why: "Nobody waits on the line of an asynchronous request: without an alarm, lost requests are noticed by whoever misses their results.",
  notJudged:
    "Thresholds, whom the alarms tell, and a backlog without capacity where the endpoint never goes to zero. An alarm that only wakes the endpoint does not count.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Leave async-fleet:alarms on, or add a MetricAlarm on each metric named.",
  configSchema: {
    properties: {
      metrics: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: metricsDefault,
        description: "The metrics that must have an alarm.",
      },
    },
  },
  validateStack: looksAtAsyncEndpoints("asynchronous endpoint", (each, say, args) => {
    const { metrics = metricsDefault } = args.getConfig<{ metrics?: string[] }>();
    const alarms = ofType(args.resources, types.alarm);
    const missing = metrics.filter((metric) => {
      if (metric === withoutCapacity && neverAtZero(each, args.resources)) return false;
      return !alarms.some(
        (alarm) => watches(alarm, metric, each) && !(metric === withoutCapacity && firesScaling(alarm)),
      );
    });
    if (missing.length > 0) say(`no alarm on ${missing.join(", ")}.`);
    return true;
  }),
};

function neverAtZero(each: AsyncEndpoint, resources: Parameters<typeof ofType>[0]): boolean {
  return scalingOf(each, resources, types.target).every(({ props }) => Number(known(props, "minCapacity") ?? 0) > 0);
}
