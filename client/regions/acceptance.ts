/**
 * What a failed submission says about the request: whether the region has surely not taken it, so that another may, or
 * whether nobody can tell. SageMaker has no call that asks for a request by its id.
 */
export type Acceptance = "refused" | "unreachable" | "busy" | "unknown";

/** Errors of a connection that was never made: no byte of the request has left. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

const throttles = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "SlowDown",
  "RequestLimitExceeded",
  "ServiceUnavailable",
  "ServiceUnavailableException",
]);

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly cause?: SdkError;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** @param cause what the AWS SDK threw after its own retries */
export function acceptanceAfter(cause: unknown): Acceptance {
  const error = cause as SdkError;
  const code = error.code ?? error.cause?.code;
  if (code !== undefined && neverConnected.has(code)) return "unreachable";
  const status = error.$metadata?.httpStatusCode;
  if (throttles.has(error.name ?? "") || status === 429 || status === 503) return "busy";
  // An answer with a 4xx is a refusal; after a 500, or a connection that broke, the request may be queued all the same.
  return status !== undefined && status >= 400 && status < 500 ? "refused" : "unknown";
}

/** Errors of a connection that broke, or of a body that ended before its end. */
const brokenOff = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ERR_STREAM_PREMATURE_CLOSE"]);

/** Whether the same call may well succeed in a while: too many calls, a server's error, a connection that broke. */
export function mayPass(cause: unknown): boolean {
  const { name, code, cause: inner, $metadata } = cause as SdkError;
  const status = $metadata?.httpStatusCode;
  if (throttles.has(name ?? "") || status === 429 || (status !== undefined && status >= 500)) return true;
  return name === "TimeoutError" || brokenOff.has(code ?? inner?.code ?? "");
}
