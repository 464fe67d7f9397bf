/** SageMaker's notice about one request, as far as its members are documented. */
export interface Notice {
  readonly inferenceId: string;
  readonly outcome: "completed" | "failed";
  readonly outputLocation?: string;
  readonly failureReason?: string;
  /** As the service wrote them, e.g. `2026-01-25T22:46:00.608Z`. */
  readonly receivedTime?: string;
  readonly eventTime?: string;
}

/**
 * Reads a message of the notice queue: SNS's envelope around SageMaker's document.
 *
 * @returns the notice; `"test"` for the TestNotification sent when an endpoint changes; undefined for anything else
 */
export function parseNotice(messageBody: string): Notice | "test" | undefined {
  const document = parseObject(parseObject(messageBody)?.Message);
  if (document?.eventSource !== "aws:sagemaker") return undefined;
  if (document.eventName === "TestNotification") return "test";
  const inferenceId = document.inferenceId;
  if (document.eventName !== "InferenceResult" || typeof inferenceId !== "string") return undefined;
  const response = document.responseParameters as Record<string, unknown> | undefined;
  return {
    inferenceId,
    outcome: document.invocationStatus === "Completed" ? "completed" : "failed",
    ...text("outputLocation", response?.outputLocation),
    ...text("failureReason", document.failureReason),
    ...text("receivedTime", document.receivedTime),
    ...text("eventTime", document.eventTime),
  };
}

function text<Key extends string>(key: Key, value: unknown): { [key in Key]?: string } {
  return (typeof value === "string" ? { [key]: value } : {}) as { [key in Key]?: string };
}

function parseObject(json: unknown): Record<string, unknown> | undefined {
  if (typeof json !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
