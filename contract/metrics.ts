/**
 * Every CloudWatch metric of an asynchronous endpoint with the dimensions it really carries (SageMaker developer guide,
 * async-inference-monitor, read 2026-11-22). Alarms, scaling, dashboards, policies and tests take names and dimensions
 * from here: an alarm on a dimension AWS does not publish has no data for ever and looks healthy.
 */

export type Dimension = "EndpointName" | "VariantName";
export type Statistic = "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount";

export interface Metric {
  readonly namespace: "AWS/SageMaker" | "/aws/sagemaker/Endpoints";
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly unit: "Count" | "Seconds" | "Milliseconds" | "Microseconds" | "None" | "Percent";
  /** The statistics that say something about it. */
  readonly statistics: readonly Statistic[];
}

const queueMetric = (name: string, unit: Metric["unit"], statistics: readonly Statistic[]): Metric => ({
  namespace: "AWS/SageMaker",
  name,
  dimensions: ["EndpointName"],
  unit,
  statistics,
});

const variantMetric = (name: string, unit: Metric["unit"], statistics: readonly Statistic[]): Metric => ({
  namespace: "AWS/SageMaker",
  name,
  dimensions: ["EndpointName", "VariantName"],
  unit,
  statistics,
});

const hostMetric = (name: string): Metric => ({
  namespace: "/aws/sagemaker/Endpoints",
  name,
  dimensions: ["EndpointName", "VariantName"],
  unit: "Percent",
  statistics: ["Average", "Maximum", "Minimum", "SampleCount"],
});

const spread = ["Average", "Maximum", "Minimum"] as const;
const timing = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"] as const;

/** Keyed by the metric's name. */
export const metrics = {
  /** Requests queued plus requests being worked on. */
  ApproximateBacklogSize: queueMetric("ApproximateBacklogSize", "Count", spread),
  /** The same, divided by the instances behind the endpoint. Its value at zero instances is not documented. */
  ApproximateBacklogSizePerInstance: queueMetric("ApproximateBacklogSizePerInstance", "Count", spread),
  /** Age of the request that has waited longest. */
  ApproximateAgeOfOldestRequest: queueMetric("ApproximateAgeOfOldestRequest", "Seconds", spread),
  /** 1 while requests wait and no instance is there, else 0. */
  HasBacklogWithoutCapacity: queueMetric("HasBacklogWithoutCapacity", "Count", ["Average"]),

  RequestDownloadFailures: variantMetric("RequestDownloadFailures", "Count", ["Sum"]),
  ResponseUploadFailures: variantMetric("ResponseUploadFailures", "Count", ["Sum"]),
  NotificationFailures: variantMetric("NotificationFailures", "Count", ["Sum"]),
  ExpiredRequests: variantMetric("ExpiredRequests", "Count", ["Sum"]),
  InvocationFailures: variantMetric("InvocationFailures", "Count", ["Sum"]),
  /** The guide spells it with three s; the true name could not be settled, so nothing is built on it. */
  InvocationsProcessed: variantMetric("InvocationsProcessed", "Count", ["Sum"]),
  RequestDownloadLatency: variantMetric("RequestDownloadLatency", "Microseconds", timing),
  ResponseUploadLatency: variantMetric("ResponseUploadLatency", "Microseconds", timing),
  TimeInBacklog: variantMetric("TimeInBacklog", "Milliseconds", timing),
  /** From receipt to finish: backlog, work, upload and notice. */
  TotalProcessingTime: variantMetric("TotalProcessingTime", "Milliseconds", timing),
  Invocation4XXErrors: variantMetric("Invocation4XXErrors", "None", ["Average", "Sum"]),
  Invocation5XXErrors: variantMetric("Invocation5XXErrors", "None", ["Average", "Sum"]),
  ModelLatency: variantMetric("ModelLatency", "Microseconds", timing),

  /** Its SampleCount over a minute is the number of instances (guide, async-inference-troubleshooting). */
  CPUUtilization: hostMetric("CPUUtilization"),
  MemoryUtilization: hostMetric("MemoryUtilization"),
  DiskUtilization: hostMetric("DiskUtilization"),
  GPUUtilization: hostMetric("GPUUtilization"),
  GPUMemoryUtilization: hostMetric("GPUMemoryUtilization"),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

/** Real-time metrics that an asynchronous endpoint never publishes: scaling on one of them does nothing, for ever. */
export const metricsNeverPublished = ["Invocations", "InvocationsPerInstance", "OverheadLatency"] as const;
