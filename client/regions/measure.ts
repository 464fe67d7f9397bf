import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { metricPeriodSeconds } from "../../contract/limits";
import { metrics } from "../../contract/metrics";
import type { Connection } from "../connection";
import { placeOf } from "../place";

export interface Load {
  /** The newest datapoint's; absent where CloudWatch has none. */
  readonly backlogAgeSeconds?: number;
  readonly backlog?: number;
}

/** CloudWatch may be minutes behind; older than this says nothing of now. */
const lookBackMs = 10 * 60_000;

/** How loaded a region's endpoint is, as CloudWatch last heard. */
export async function measureLoad(connection: Connection): Promise<Load> {
  const { manifest } = connection;
  const query = (id: string, metric: "ApproximateAgeOfOldestRequest" | "ApproximateBacklogSize") => ({
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: metrics[metric].namespace,
        MetricName: metrics[metric].name,
        Dimensions: [{ Name: "EndpointName", Value: manifest.endpointName }],
      },
      Period: metricPeriodSeconds,
      Stat: "Maximum",
    },
  });
  const { MetricDataResults = [] } = await connection.clock.ask((nowMs) =>
    connection.cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(nowMs - lookBackMs),
        EndTime: new Date(nowMs + metricPeriodSeconds * 1000),
        ScanBy: "TimestampDescending",
        MetricDataQueries: [query("age", "ApproximateAgeOfOldestRequest"), query("backlog", "ApproximateBacklogSize")],
      }),
    ),
  );
  const newest = (id: string): number | undefined => MetricDataResults.find(({ Id }) => Id === id)?.Values?.[0];
  const [backlogAgeSeconds, backlog] = [newest("age"), newest("backlog")];
  return {
    ...(backlogAgeSeconds === undefined ? {} : { backlogAgeSeconds }),
    ...(backlog === undefined ? {} : { backlog }),
  };
}

/** The quickest of a few round trips to the region's bucket; undefined when it does not answer. */
export async function measureLatency(
  connection: Connection,
  now: () => number,
  trips = 3,
): Promise<number | undefined> {
  const { Bucket } = placeOf(`${connection.manifest.inputPrefix}x`);
  let quickest: number | undefined;
  for (let trip = 0; trip < trips; trip++) {
    const beganMs = now();
    try {
      await connection.s3.send(new HeadBucketCommand({ Bucket }));
    } catch (cause) {
      // A refusal is an answer, too.
      if ((cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === undefined) continue;
    }
    quickest = Math.min(quickest ?? Number.POSITIVE_INFINITY, now() - beganMs);
  }
  return quickest;
}
