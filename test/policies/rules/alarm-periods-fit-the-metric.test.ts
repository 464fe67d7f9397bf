import { but } from "../../support/hand-written";
import { ageAlarm, alarm, failureAlarm } from "../../support/hand-written-stack";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const math = (metric: object) =>
  but(alarm("math", ""), {
    metricName: undefined,
    metricQueries: [{ id: "a", metric: { metricName: "ExpiredRequests", period: 60, stat: "Sum", ...metric } }],
  });

judges("alarm-periods-fit-the-metric", [
  ["a minute", ageAlarm, "complies"],
  ["five minutes", but(ageAlarm, { period: 300 }), "complies"],
  [
    "ten seconds",
    but(ageAlarm, { period: 10 }),
    /^period is 10 seconds: ApproximateAgeOfOldestRequest comes once in 60\.$/,
  ],
  ["a minute and a half", but(ageAlarm, { period: 90 }), /period is 90/],
  [
    "failures as an average",
    but(failureAlarm, { statistic: "Average" }),
    /^statistic is Average: InvocationFailures is read as Sum\.$/,
  ],
  ["a percentile", but(ageAlarm, { statistic: undefined, extendedStatistic: "p99" }), "complies"],
  [
    "more datapoints than evaluated",
    but(ageAlarm, { datapointsToAlarm: 2 }),
    /datapointsToAlarm 2 is above evaluationPeriods 1/,
  ],
  ["metric math", math({}), "complies"],
  ["metric math of ten seconds", math({ period: 10 }), /period is 10/],
  ["metric math of an average", math({ stat: "Average" }), /^stat is Average/],
  [
    "an unknown period beside an average",
    but(failureAlarm, { period: unknown, statistic: "Average" }),
    /statistic is Average/,
  ],
  ["an unknown period", but(ageAlarm, { period: unknown }), "unknown"],
  [
    "a metric that real-time endpoints publish as well",
    but(alarm("a", "ModelLatency"), { period: 10 }),
    "not applicable",
  ],
  ["as many datapoints as evaluated", but(ageAlarm, { datapointsToAlarm: 1 }), "complies"],
]);
