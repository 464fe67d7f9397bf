import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "../world/aws-error";
import type { Incoming } from "./incoming";

/** A presigned URL lasts at most a week (S3 API reference, sigv4-query-string-auth). */
const secondsMax = 604_800;
const algorithm = "AWS4-HMAC-SHA256";

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
  const expected = Buffer.from(signatureOf(incoming, date, secret));
  const given = Buffer.from(signature);
  if (expected.length === given.length && timingSafeEqual(expected, given)) return;
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

function timeOf(date: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Signature version 4 of a request as it came, its payload unsigned. */
function signatureOf({ message, method, path, query, region }: Incoming, date: string, secret: string): string {
  const names = (query.get("X-Amz-SignedHeaders") ?? "").split(";");
  const pairs = [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([left, leftValue], [right, rightValue]) => compare(left, right) || compare(leftValue, rightValue))
    .map((pair) => pair.join("="));
  const canonical = [
    method,
    path,
    pairs.join("&"),
    ...names.map((name) => `${name}:${String(message.headers[name] ?? "").trim()}`),
    "",
    names.join(";"),
    message.headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD",
  ].join("\n");
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const toSign = [algorithm, date, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((last, part) => createHmac("sha256", last).update(part).digest(), `AWS4${secret}`);
  return createHmac("sha256", key).update(toSign).digest("hex");
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}
