import { AwsError } from "../world/aws-error";
import type { Incoming } from "./incoming";
import { algorithm, isSame, signatureOf, timeOf } from "./signature";

/** A presigned URL lasts at most a week (S3 API reference, sigv4-query-string-auth). */
const secondsMax = 604_800;

/**
 * Checks a presigned URL: its end always, its signature where the secret is known, which is so for access keys that were
 * given out here. Of any other key nobody knows the secret, so any signature passes. URLs of signature version 2 are
 * asked for their end alone.
 *
 * @param nowMs by the wall clock, which is what the signing client goes by, too
 * @throws AwsError AccessDenied, AuthorizationQueryParametersError, SignatureDoesNotMatch
 */
export function checkPresigned(
  incoming: Incoming,
  secretOf: (accessKeyId: string) => string | undefined,
  nowMs: number,
): void {
  const { query } = incoming;
  const older = query.get("Expires");
  if (query.has("AWSAccessKeyId") && older !== null) {
    if (!(Number(older) * 1000 > nowMs)) throw expired();
    return;
  }
  const signature = query.get("X-Amz-Signature");
  if (signature === null) return;
  const seconds = Number(query.get("X-Amz-Expires") ?? Number.NaN);
  const date = query.get("X-Amz-Date") ?? "";
  const signedMs = timeOf(date);
  if (query.get("X-Amz-Algorithm") !== algorithm) throw wrong(`X-Amz-Algorithm only supports "${algorithm}"`);
  if (signedMs === undefined) throw wrong("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (!Number.isInteger(seconds)) throw wrong("X-Amz-Expires should be a number");
  if (seconds < 0) throw wrong("X-Amz-Expires must be non-negative");
  if (seconds > secondsMax)
    throw wrong(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${secondsMax} seconds`,
    );
  if (signedMs + seconds * 1000 <= nowMs) throw expired();
  const secret = secretOf(incoming.accessKeyId);
  if (secret === undefined) return;
  const headers = (query.get("X-Amz-SignedHeaders") ?? "").split(";");
  const payload = String(incoming.message.headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD");
  if (isSame(signature, signatureOf(incoming, { date, service: "s3", headers, payload }, secret))) return;
  throw new AwsError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    403,
  );
}

function expired(): AwsError {
  return new AwsError("AccessDenied", "Request has expired", 403);
}

function wrong(message: string): AwsError {
  return new AwsError("AuthorizationQueryParametersError", message);
}
