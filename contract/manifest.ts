/**
 * What a deployment tells its callers: a stack output and a file. It is all a client needs. Version 1; a reader refuses
 * a version it does not know.
 */
export interface Manifest {
  readonly version: 1;
  readonly project: string;
  readonly stack: string;
  /** The CloudWatch dashboard over all regions. @default - there is none */
  readonly dashboardName?: string;
  /** By region code, e.g. `eu-west-1`. */
  readonly regions: Readonly<Record<string, RegionManifest>>;
}

export interface RegionManifest {
  readonly region: string;
  readonly endpointName: string;
  readonly endpointArn: string;
  readonly variantName: string;
  /** `s3://bucket/inputs/`: where callers put payloads. */
  readonly inputPrefix: string;
  /** `s3://bucket/results/` */
  readonly outputPrefix: string;
  /** `s3://bucket/failures/` */
  readonly failurePrefix: string;
  readonly kmsKeyArn: string;
  readonly successTopicArn: string;
  readonly errorTopicArn: string;
  /** The queue a waiting caller receives success and error notices from. */
  readonly noticeQueueUrl: string;
  readonly noticeQueueArn: string;
  /** The region's CloudWatch dashboard. @default - there is none */
  readonly dashboardName?: string;
  /** The topic made for the region's alarms. @default - there is none: the alarms tell only the topics of the settings */
  readonly alarmTopicArn?: string;
  /** The managed policy that lets its holder use this region: attach it to whoever calls. Absent before it was made. */
  readonly callerPolicyArn?: string;
  /** The declared limits, the same numbers that stand in the endpoint's tags. */
  readonly requests: DeclaredRequests;
  readonly scaling: {
    readonly minInstances: number;
    readonly maxInstances: number;
    readonly expectedWakeSeconds: number;
  };
}

/** What callers may send: the settings' `requests`. */
export interface DeclaredRequests {
  readonly payloadBytes: number;
  readonly invocationTimeoutSeconds: number;
  readonly timeToLiveSeconds: number;
}

/** Tag keys under which the declared limits travel on model, endpoint configuration and endpoint. */
export const limitTags = {
  payloadBytes: "async-fleet:max-payload-bytes",
  invocationTimeoutSeconds: "async-fleet:invocation-timeout-seconds",
  timeToLiveSeconds: "async-fleet:time-to-live-seconds",
} as const;
