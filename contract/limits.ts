/**
 * AWS's own limits for asynchronous inference, each once, with where and when it was read.
 *
 * "model" is the service model that AWS's SDKs are generated from (SageMaker 2017-07-24, SageMaker Runtime 2017-05-13,
 * Application Auto Scaling 2016-02-06), read on 2026-10-01; "guide" is the SageMaker developer guide, page
 * async-inference, read on 2026-11-22.
 */

/** A closed range of whole numbers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Largest payload named by its place in S3: 1 GB (guide: "payload sizes up to 1GB"), taken as 10^9 bytes, the stricter reading. */
export const payloadBytesMax = 1_000_000_000;

/** Largest payload sent within the request itself (model: InvokeEndpointAsync.Body). */
export const inlinePayloadBytesMax = 128_000;

/** How long a container may work on one request (model: InvocationTimeoutSeconds). */
export const invocationTimeoutSeconds: Range = { min: 1, max: 3600 };

/** What SageMaker takes when a request names no invocation timeout (model: InvocationTimeoutSeconds). */
export const invocationTimeoutSecondsDefault = 900;

/** How old a request may become in the queue (model: RequestTTLSeconds). */
export const requestTtlSeconds: Range = { min: 60, max: 21_600 };

/** What SageMaker takes when a request names no time to live (model: RequestTTLSeconds). */
export const requestTtlSecondsDefault = 21_600;

/** Requests one instance works on at once (model: AsyncInferenceClientConfig). */
export const maxConcurrentInvocationsPerInstance: Range = { min: 1, max: 1000 };

/** Instances an endpoint configuration starts with; an endpoint cannot be born at zero (model: InitialInstanceCount). */
export const initialInstanceCountMin = 1;

/** Size of a variant's EBS volume in GB (model: VolumeSizeInGB). */
export const volumeSizeInGb: Range = { min: 1, max: 512 };

/** Time a container has for its first healthy ping (model: ContainerStartupHealthCheckTimeoutInSeconds). */
export const containerStartupHealthCheckTimeoutSeconds: Range = { min: 60, max: 3600 };

/** Time to download the model's data (model: ModelDataDownloadTimeoutInSeconds). */
export const modelDataDownloadTimeoutSeconds: Range = { min: 60, max: 3600 };

/** Time for the first healthy ping where the configuration names none (guide, your-algorithms-inference-code). */
export const containerStartupSecondsDefault = 240;

/** A model container's environment: entries, and bytes of each key and each value (model: CreateModel). */
export const environmentEntriesMax = 100;
export const environmentValueBytesMax = 1024;

/** A response is put into the notice itself only up to this size (model: IncludeInferenceResponseIn, "128 KB"). */
export const includedResponseBytesMax = 128 * 1024;

/** Longest names AWS takes (models of 2026-10-01; S3 and SQS guides). */
export const nameLengthMax = {
  sagemaker: 63,
  s3Bucket: 63,
  iamRole: 64,
  iamPolicy: 128,
  snsTopic: 256,
  sqsQueue: 80,
  cloudwatchAlarm: 255,
  kmsAlias: 256,
  scalingPolicy: 256,
  scheduledAction: 256,
  dashboard: 255,
  lambdaStatement: 100,
} as const;

/** Target tracking waits so long after a step in where the policy names no cooldown (guide, endpoint-auto-scaling-add-policy). */
export const scaleInCooldownSecondsDefault = 300;

/** CloudWatch gets the endpoint's metrics once a minute (guide, monitoring-cloudwatch). */
export const metricPeriodSeconds = 60;

/** Waits of a blue/green update and the whole of it (model: DeploymentConfig; the provider takes no more than 14,400 s for the whole). */
export const deploymentWaitSeconds: Range = { min: 0, max: 3600 };
export const deploymentMaximumExecutionSeconds: Range = { min: 600, max: 14_400 };

/** The whole of an update as AWS itself bounds it (model: MaximumExecutionTimeoutInSeconds). */
export const deploymentMaximumExecutionSecondsOfAws: Range = { min: 600, max: 28_800 };

/**
 * Shares of an endpoint's instances that one step of an update may take, in percent (API reference, TrafficRoutingConfig,
 * read 2026-11-25; model: RollingUpdatePolicy).
 */
export const canaryPercent: Range = { min: 1, max: 50 };
export const linearStepPercent: Range = { min: 10, max: 50 };
export const rollingBatchPercent: Range = { min: 5, max: 50 };

/** Regions and accounts one ECR registry replicates to (ECR guide, service quotas, read on 2026-11-25). */
export const replicationDestinationsMax = 25;

/** Alarms that may roll an update back (model: AutoRollbackConfig). */
export const rollbackAlarmsMax = 10;

/** SNS and SQS take messages up to this size (SQS guide, quotas-messages). */
export const messageRetentionSeconds: Range = { min: 60, max: 1_209_600 };

/** Days CloudWatch Logs keeps lines for (model of 2014-03-28: PutRetentionPolicy.retentionInDays). */
export const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Actions of an alarm for each state (CloudWatch guide, cloudwatch_limits, read 2026-11-25). */
export const alarmActionsMax = 5;

/** Widgets of a dashboard, metrics of a widget and of a whole dashboard (CloudWatch guide, cloudwatch_limits, read 2026-11-25). */
export const dashboardWidgetsMax = 500;
export const widgetMetricsMax = 500;
export const dashboardMetricsMax = 2500;

/** Keys of an SNS filter policy, and its combinations of values (SNS guide, subscription-filter-policy-constraints, read 2026-11-25). */
export const filterPolicyKeysMax = 5;
export const filterPolicyCombinationsMax = 150;

/** Longest document of a managed policy, white space not counted (general knowledge; IAM user guide, reference_iam-quotas, settles it). */
export const managedPolicyCharactersMax = 6144;
