import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { metricPeriodSeconds } from "../../contract/limits";
import { metrics } from "../../contract/metrics";
import type { Connection } from "../connection";
import type { FleetClient } from "../fleet-client";
import type { BatchResult } from "./run-batch";

/** What a batch's endpoints ran meanwhile, of all their callers: nobody tells whose request an instance was there for. */
export interface InstanceUse {
  /** By region. Absent where CloudWatch does not tell. */
  readonly instanceMinutes: Readonly<Record<string, number>>;
  readonly totalMinutes: number;
  /** Regions whose minutes are not known, with the reason: the total is too low. */
  readonly unknown: Readonly<Record<string, string>>;
}

const minuteMs = metricPeriodSeconds * 1000;

/**
 * Counts the minutes that instances were there for from the first request to the last end: each tells its processor use
 * once a minute, so the samples are the instances. CloudWatch is a minute or two behind, so the last ones may be missing.
 */
export async function instanceUse(client: FleetClient, { items }: Pick<BatchResult, "items">): Promise<InstanceUse> {
  const windows = new Map<string, { fromMs: number; toMs: number }>();
  for (const { submission, end } of items) {
    if (submission === undefined) continue;
    const { clock } = client.connection(submission.region);
    // By SageMaker's clock where it told, else by ours, set by what the region's answers tell of the time.
    const offsetMs = clock.now() - Date.now();
    const fromMs = end?.times.receivedAtMs ?? submission.acceptedAtMs + offsetMs;
    const toMs = end?.times.endedAtMs ?? (end === undefined ? fromMs : end.times.heardAtMs + offsetMs);
    const known = windows.get(submission.region);
    windows.set(submission.region, {
      fromMs: Math.min(known?.fromMs ?? fromMs, fromMs),
      toMs: Math.max(known?.toMs ?? toMs, toMs),
    });
  }
  const instanceMinutes: Record<string, number> = {};
  const unknown: Record<string, string> = {};
  await Promise.all(
    [...windows].map(async ([region, window]) => {
      try {
        instanceMinutes[region] = await minutesIn(client.connection(region), window.fromMs, window.toMs);
      } catch (cause) {
        unknown[region] = `${(cause as Error).name}: ${(cause as Error).message}`;
      }
    }),
  );
  const totalMinutes = Object.values(instanceMinutes).reduce((sum, minutes) => sum + minutes, 0);
  return { instanceMinutes, totalMinutes, unknown };
}

async function minutesIn({ manifest, cloudwatch }: Connection, fromMs: number, toMs: number): Promise<number> {
  const { namespace, name } = metrics.CPUUtilization;
  let minutes = 0;
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(Math.floor(fromMs / minuteMs) * minuteMs),
        EndTime: new Date(Math.floor(toMs / minuteMs) * minuteMs + minuteMs),
        MetricDataQueries: [
          {
            Id: "instances",
            MetricStat: {
              Metric: {
                Namespace: namespace,
                MetricName: name,
                Dimensions: [
                  { Name: "EndpointName", Value: manifest.endpointName },
                  { Name: "VariantName", Value: manifest.variantName },
                ],
              },
              Period: metricPeriodSeconds,
              Stat: "SampleCount",
            },
          },
        ],
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    for (const { Values = [] } of page.MetricDataResults ?? []) {
      for (const value of Values) minutes += value;
    }
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return minutes;
}
