import type { PolicyResource } from "@pulumi/policy";
import { requestTtlSeconds } from "../../contract/limits";
import { isOn, watchedBy } from "../alarms";
import { looksAtAsyncEndpoints } from "../async-endpoints";
import { declared, numberAt, type Props, textAt, types } from "../async-resources";
import { inTurn, ofType, type StackRule } from "../rule";

/** What a metric's value cannot exceed, in its own unit. */
const largest: Readonly<Record<string, (timeToLiveSeconds: number) => number>> = {
  ApproximateAgeOfOldestRequest: (seconds) => seconds,
  TimeInBacklog: (seconds) => seconds * 1000,
  HasBacklogWithoutCapacity: () => 1,
};

export const alarmThresholdsCanBeReached: StackRule = {
  name: "alarm-thresholds-can-be-reached",
  group: "alarms",
  displayName: "Alarms can fire",
  description:
    "An alarm on a request's age has a threshold below the declared time to live, and one on a backlog without capacity a threshold its value of 0 or 1 can reach.",
  why: "A request expires before it is older than its time to live: an alarm above that, or above 1 where the metric is 0 or 1, never fires and looks healthy.",
  notJudged: "Thresholds of other metrics, anomaly bands, and metric math.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Lower the threshold below the time to live (seconds; milliseconds for TimeInBacklog), or to at most 1 with GreaterThanOrEqualToThreshold.",
  validateStack: looksAtAsyncEndpoints(
    "alarm on an asynchronous endpoint's age or missing capacity",
    (each, say, { resources }) => {
      const alarms = ofType(resources, types.alarm).filter(
        (alarm) =>
          largestOf(alarm) !== undefined &&
          watchedBy(alarm.props as Props).some((watched) => isOn(alarm, watched, each)),
      );
      inTurn(
        alarms.map((alarm) => () => {
          const { name, props } = alarm;
          const operator = textAt(props, "comparisonOperator") ?? "";
          if (!operator.startsWith("GreaterThan")) return;
          const threshold = numberAt(props, "threshold");
          const most = largestOf(alarm)?.(timeToLive(each.configuration.props)) ?? Number.POSITIVE_INFINITY;
          // An age equal to the time to live is that of a request about to expire.
          const included = operator === "GreaterThanOrEqualToThreshold" && most === 1;
          if (threshold !== undefined && (included ? threshold > most : threshold >= most))
            say(`${name} has the threshold ${threshold}, and ${props.metricName} is at most ${most}.`, alarm);
        }),
      );
      return alarms.length > 0;
    },
  ),
};

function largestOf({ props }: PolicyResource): ((timeToLiveSeconds: number) => number) | undefined {
  return largest[textAt(props, "metricName") ?? ""];
}

function timeToLive(configuration: Props): number {
  const seconds = declared(configuration, "timeToLiveSeconds");
  return seconds === undefined || Number.isNaN(seconds) ? requestTtlSeconds.max : seconds;
}
