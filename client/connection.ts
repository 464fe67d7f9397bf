import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { RegionManifest } from "../contract/manifest";
import { type AwsAccess, clientSettings } from "./aws-access";
import { bearBrokenBodies } from "./broken-bodies";
import { ServerClock } from "./server-clock";

/** The AWS clients one region is driven with, beside what its deployment said of itself. */
export interface Connection {
  readonly manifest: RegionManifest;
  readonly s3: S3Client;
  readonly runtime: SageMakerRuntimeClient;
  readonly sqs: SQSClient;
  readonly cloudwatch: CloudWatchClient;
  /** The region's time, as its answers tell it. */
  readonly clock: ServerClock;
  /** Closes the clients' sockets. */
  close(): void;
}

export type ConnectionOptions = AwsAccess;

/** Opens the clients of one region. Nothing is sent yet. */
export function connect(manifest: RegionManifest, options: ConnectionOptions = {}): Connection {
  const shared = clientSettings(manifest.region, options);
  const s3 = new S3Client({ ...shared, ...(options.endpoint === undefined ? {} : { forcePathStyle: true }) });
  bearBrokenBodies(s3);
  const runtime = new SageMakerRuntimeClient(shared);
  // The queue's URL names AWS's host; a rehearsal is elsewhere.
  const sqs = new SQSClient({ ...shared, useQueueUrlAsEndpoint: options.endpoint === undefined });
  const cloudwatch = new CloudWatchClient(shared);
  const clock = new ServerClock();
  for (const client of [s3, runtime, sqs, cloudwatch]) clock.listenTo(client);
  return {
    manifest,
    clock,
    s3,
    runtime,
    sqs,
    cloudwatch,
    close: () => {
      for (const client of [s3, runtime, sqs, cloudwatch]) client.destroy();
    },
  };
}
