import { metricPeriodSeconds } from "../../contract/limits";
import { asyncMetric, type Watched, watchedBy } from "../alarms";
import { numberAt, textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";

export const alarmPeriodsFitTheMetric: ResourceRule = {
  name: "alarm-periods-fit-the-metric",
  group: "alarms",
  displayName: "Alarms read their metric as it is published",
  description:
    "An alarm on a metric of an asynchronous endpoint has a period of whole minutes, a statistic that says something of the metric, and no more datapoints to alarm than it evaluates.",
  why: "The metrics come once a minute: with a shorter period most of an alarm's datapoints are missing, and a count read as an average hides how often it happened.",
  notJudged: "Metrics that real-time endpoints publish as well, and how long the alarm waits.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set period to 60 or a multiple of it, and statistic to one that fits: Sum for counts of failures.",
  validateResource: looksAt([types.alarm], (props, report, args) => {
    const watched = watchedBy(props).filter((each) => asyncMetric(textAt(each.props, "metricName")) !== undefined);
    if (watched.length === 0) return args.notApplicable("not an alarm on an asynchronous endpoint");
    inTurn([
      ...watched.flatMap((each) => [() => judgePeriod(each, report), () => judgeStatistic(each, report)]),
      () => {
        const needed = numberAt(props, "datapointsToAlarm");
        const evaluated = numberAt(props, "evaluationPeriods");
        if (needed !== undefined && evaluated !== undefined && needed > evaluated)
          report(`datapointsToAlarm ${needed} is above evaluationPeriods ${evaluated}.`);
      },
    ]);
  }),
};

function judgePeriod({ props }: Watched, report: (message: string) => void): void {
  const period = numberAt(props, "period");
  if (period !== undefined && (period < metricPeriodSeconds || period % metricPeriodSeconds !== 0))
    report(`period is ${period} seconds: ${props.metricName} comes once in ${metricPeriodSeconds}.`);
}

function judgeStatistic({ props, statistic }: Watched, report: (message: string) => void): void {
  const metric = asyncMetric(textAt(props, "metricName"));
  const given = textAt(props, statistic);
  const isPlain = given !== undefined && /^[A-Za-z]+$/.test(given);
  if (metric !== undefined && isPlain && !(metric.statistics as readonly string[]).includes(given))
    report(`${statistic} is ${given}: ${metric.name} is read as ${metric.statistics.join(", ")}.`);
}
