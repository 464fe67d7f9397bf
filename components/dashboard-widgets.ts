import { metricPeriodSeconds } from "../contract/limits";
import { type MetricName, metrics, type Statistic } from "../contract/metrics";
import type { ScalingPlan } from "../contract/scaling";
import type { RegionSettings } from "../contract/settings";

/** One widget of a CloudWatch dashboard, in the form of its body. */
export interface Widget {
  readonly type: "metric" | "text" | "alarm";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: object;
}

/** An endpoint as a dashboard sees it, all of it known before anything is deployed. */
export interface Seen {
  readonly region: string;
  readonly endpointName: string;
  readonly variantName: string;
  readonly settings: RegionSettings;
  readonly plan: ScalingPlan;
  readonly alarmArns: readonly string[];
}

/** One line of a graph: a metric of an endpoint, as a statistic. */
interface Line {
  readonly of: Seen;
  readonly metric: MetricName;
  readonly stat: Statistic;
  readonly label: string;
}

/** A level drawn across a graph. */
interface Level {
  readonly label: string;
  readonly value: number;
}

const columns = 24;
const graphHeight = 6;

/** The body of one region's dashboard: what waits, who works on it, what went wrong, and the levels of its alarms. */
export function regionDashboardBody(seen: Seen): string {
  const { settings, plan } = seen;
  const { requests, alarms } = settings;
  const line = (metric: MetricName, stat: Statistic, label: string): Line => ({ of: seen, metric, stat, label });
  const age = alarms === false || alarms.oldestRequestShare === false ? undefined : alarms.oldestRequestShare;
  const graphs = [
    graph(
      seen.region,
      "Queued and running",
      [
        line("ApproximateBacklogSize", "Maximum", "requests"),
        line("ApproximateBacklogSizePerInstance", "Average", "per instance"),
      ],
      [{ label: "target per instance", value: plan.backlog.targetValue }],
    ),
    graph(
      seen.region,
      "Instances",
      [
        line("CPUUtilization", "SampleCount", "instances"),
        line("HasBacklogWithoutCapacity", "Average", "waiting without any"),
      ],
      [{ label: "most", value: plan.mostInstances }],
    ),
    graph(
      seen.region,
      "Age of the oldest request, seconds",
      [line("ApproximateAgeOfOldestRequest", "Maximum", "age")],
      [
        ...(age === undefined ? [] : [{ label: "alarm", value: Math.round(age * requests.timeToLiveSeconds) }]),
        { label: "expires", value: requests.timeToLiveSeconds },
      ],
    ),
    graph(seen.region, "Failures", [
      line("InvocationFailures", "Sum", "failed"),
      line("ExpiredRequests", "Sum", "expired"),
      line("RequestDownloadFailures", "Sum", "payload not read"),
      line("ResponseUploadFailures", "Sum", "result not written"),
      line("NotificationFailures", "Sum", "notice not sent"),
    ]),
    graph(
      seen.region,
      "Model latency, microseconds",
      [line("ModelLatency", "Average", "average"), line("ModelLatency", "Maximum", "longest")],
      [{ label: "timeout", value: requests.invocationTimeoutSeconds * 1e6 }],
    ),
    graph(seen.region, "Time of a request, milliseconds", [
      line("TimeInBacklog", "Maximum", "in the queue"),
      line("TotalProcessingTime", "Maximum", "from receipt to notice"),
    ]),
    graph(seen.region, "Payloads and results moved, microseconds", [
      line("RequestDownloadLatency", "Maximum", "payload read"),
      line("ResponseUploadLatency", "Maximum", "result written"),
    ]),
    graph(seen.region, "Instances' use, percent", [
      line("CPUUtilization", "Maximum", "processor"),
      line("MemoryUtilization", "Maximum", "memory"),
      line("DiskUtilization", "Maximum", "disk"),
    ]),
  ];
  return bodyOf(
    `# ${seen.endpointName} in ${seen.region}\nMade by a deployment: changes by hand are lost with the next.`,
    seen.alarmArns.length === 0
      ? []
      : [{ type: "alarm", height: 3, properties: { title: "Alarms", alarms: seen.alarmArns } }],
    graphs,
  );
}

/** The body of the fleet's dashboard: a graph a question, a line a region. */
export function fleetDashboardBody(title: string, homeRegion: string, fleet: readonly Seen[]): string {
  const across = (question: string, metric: MetricName, stat: Statistic) =>
    graph(
      homeRegion,
      question,
      fleet.map((of) => ({ of, metric, stat, label: of.region })),
    );
  return bodyOf(
    `# ${title}\nA line for each of ${fleet.length} regions. Made by a deployment: changes by hand are lost with the next.`,
    [],
    [
      across("Queued and running", "ApproximateBacklogSize", "Maximum"),
      across("Instances", "CPUUtilization", "SampleCount"),
      across("Waiting without any instance", "HasBacklogWithoutCapacity", "Average"),
      across("Age of the oldest request, seconds", "ApproximateAgeOfOldestRequest", "Maximum"),
      across("Failed", "InvocationFailures", "Sum"),
      across("Expired in the queue", "ExpiredRequests", "Sum"),
      across("Notices not sent", "NotificationFailures", "Sum"),
      across("Model latency, microseconds", "ModelLatency", "Maximum"),
    ],
  );
}

type Unplaced = Pick<Widget, "type" | "height" | "properties">;

function graph(region: string, title: string, lines: readonly Line[], levels: readonly Level[] = []): Unplaced {
  return {
    type: "metric",
    height: graphHeight,
    properties: {
      title,
      region,
      view: "timeSeries",
      period: metricPeriodSeconds,
      metrics: lines.map(({ of, metric, stat, label }) => [
        metrics[metric].namespace,
        metric,
        ...metrics[metric].dimensions.flatMap((dimension) => [
          dimension,
          { EndpointName: of.endpointName, VariantName: of.variantName }[dimension],
        ]),
        { stat, label, ...(of.region === region ? {} : { region: of.region }) },
      ]),
      ...(levels.length === 0 ? {} : { annotations: { horizontal: levels } }),
    },
  };
}

/** A heading, whole rows, then graphs two abreast. */
function bodyOf(markdown: string, rows: readonly Unplaced[], graphs: readonly Unplaced[]): string {
  const widgets: Widget[] = [];
  let y = 0;
  for (const row of [{ type: "text" as const, height: 2, properties: { markdown } }, ...rows]) {
    widgets.push({ ...row, x: 0, y, width: columns });
    y += row.height;
  }
  graphs.forEach((each, index) => {
    const abreast = index % 2;
    widgets.push({
      ...each,
      x: (abreast * columns) / 2,
      y: y + Math.floor(index / 2) * graphHeight,
      width: columns / 2,
    });
  });
  return JSON.stringify({ widgets });
}
