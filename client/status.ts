import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { UsageError } from "../contract/errors";
import { metricPeriodSeconds } from "../contract/limits";
import type { RegionManifest } from "../contract/manifest";
import { type MetricName, metrics, type Statistic } from "../contract/metrics";
import { type AwsAccess, clientSettings } from "./aws-access";
import { credentialErrors } from "./credential-errors";
import { ServerClock } from "./server-clock";

/** How a region's endpoint stands. What could not be asked is absent, with its reason in `unknown`. */
export interface RegionStatus {
  readonly region: string;
  readonly endpointName: string;
  /** SageMaker's own word, e.g. `InService`. */
  readonly endpointStatus?: string;
  /** Why its last change failed, in SageMaker's own words; absent when it did not. */
  readonly failureReason?: string;
  readonly instances?: number;
  readonly instancesWanted?: number;
  readonly instancesMax: number;
  /** Queued or running. */
  readonly backlog?: number;
  readonly oldestRequestSeconds?: number;
  /** Failed and expired requests of the last hour. */
  readonly failuresLastHour?: number;
  /** Alarms in state ALARM, with the moment each went there. */
  readonly alarms?: ReadonlyArray<{ readonly name: string; readonly since: string }>;
  readonly unknown: ReadonlyArray<{ readonly what: string; readonly why: string }>;
}

const hourMs = 3_600_000;
const freshMs = 10 * 60_000;

/**
 * Asks SageMaker and CloudWatch how one region stands. What a region cannot tell is no error; without credentials, or
 * with ones that are refused, it throws the AWS SDK's.
 */
export async function statusOf(manifest: RegionManifest, access: AwsAccess): Promise<RegionStatus> {
  const settings = clientSettings(manifest.region, access);
  const sagemaker = new SageMakerClient(settings);
  const cloudwatch = new CloudWatchClient(settings);
  const clock = new ServerClock();
  for (const client of [sagemaker, cloudwatch]) clock.listenTo(client);
  const unknown: Array<{ what: string; why: string }> = [];
  const ask = async <Value>(what: string, question: Promise<Value>): Promise<Value | undefined> => {
    try {
      return await question;
    } catch (cause) {
      if (cause instanceof UsageError || credentialErrors.has((cause as Error).name)) throw cause;
      unknown.push({ what, why: `${(cause as Error).name}: ${(cause as Error).message}` });
      return undefined;
    }
  };
  try {
    const [endpoint, load, failures, alarms] = await Promise.all([
      ask("endpoint", sagemaker.send(new DescribeEndpointCommand({ EndpointName: manifest.endpointName }))),
      ask(
        "load",
        clock.ask((nowMs) => newest(cloudwatch, manifest, nowMs)),
      ),
      ask(
        "failures",
        clock.ask((nowMs) => sumOfLastHour(cloudwatch, manifest, nowMs)),
      ),
      ask("alarms", firing(cloudwatch, manifest)),
    ]);
    const [variant] = endpoint?.ProductionVariants ?? [];
    return {
      region: manifest.region,
      endpointName: manifest.endpointName,
      instancesMax: manifest.scaling.maxInstances,
      ...present("endpointStatus", endpoint?.EndpointStatus),
      ...present("failureReason", endpoint?.FailureReason),
      ...present("instances", variant?.CurrentInstanceCount),
      ...present("instancesWanted", variant?.DesiredInstanceCount),
      ...present("backlog", load?.backlog),
      ...present("oldestRequestSeconds", load?.age),
      ...present("failuresLastHour", failures),
      ...present("alarms", alarms),
      unknown,
    };
  } finally {
    sagemaker.destroy();
    cloudwatch.destroy();
  }
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): { [key in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [key in Key]?: Value };
}

async function newest(cloudwatch: CloudWatchClient, manifest: RegionManifest, nowMs: number) {
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - freshMs),
      EndTime: new Date(nowMs + metricPeriodSeconds * 1000),
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        query(manifest, "backlog", "ApproximateBacklogSize", "Maximum", metricPeriodSeconds),
        query(manifest, "age", "ApproximateAgeOfOldestRequest", "Maximum", metricPeriodSeconds),
      ],
    }),
  );
  const first = (id: string): number | undefined => MetricDataResults.find(({ Id }) => Id === id)?.Values?.[0];
  return { backlog: first("backlog"), age: first("age") };
}

async function sumOfLastHour(cloudwatch: CloudWatchClient, manifest: RegionManifest, nowMs: number): Promise<number> {
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - hourMs),
      EndTime: new Date(nowMs + metricPeriodSeconds * 1000),
      MetricDataQueries: [
        query(manifest, "failed", "InvocationFailures", "Sum", metricPeriodSeconds),
        query(manifest, "expired", "ExpiredRequests", "Sum", metricPeriodSeconds),
      ],
    }),
  );
  return MetricDataResults.flatMap(({ Values = [] }) => Values).reduce((sum, value) => sum + value, 0);
}

function query(manifest: RegionManifest, id: string, name: MetricName, statistic: Statistic, periodSeconds: number) {
  const values = { EndpointName: manifest.endpointName, VariantName: manifest.variantName };
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: metrics[name].namespace,
        MetricName: metrics[name].name,
        Dimensions: metrics[name].dimensions.map((dimension) => ({ Name: dimension, Value: values[dimension] })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}

/** Alarms of this endpoint that fire; the one that calls for instances and the idle one do their work and are left out. */
async function firing(cloudwatch: CloudWatchClient, manifest: RegionManifest) {
  const found: Array<{ name: string; since: string }> = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch.send(
      new DescribeAlarmsCommand({ StateValue: "ALARM", ...(NextToken === undefined ? {} : { NextToken }) }),
    );
    for (const { AlarmName = "", Dimensions = [], AlarmActions = [], StateUpdatedTimestamp } of page.MetricAlarms ??
      []) {
      const own = Dimensions.some(({ Name, Value }) => Name === "EndpointName" && Value === manifest.endpointName);
      const scales = AlarmActions.some((action) => action.includes(":scalingPolicy:"));
      if (own && !scales) found.push({ name: AlarmName, since: StateUpdatedTimestamp?.toISOString() ?? "" });
    }
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
}
