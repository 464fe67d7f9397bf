import { createHash } from "node:crypto";
import { AwsError } from "../world/aws-error";
import type { Protocol } from "./answer";
import { scopeOfHost } from "./hosts";
import type { Incoming } from "./incoming";
import { algorithm, dateOf, isSame, type Signed, signatureOf, timeOf } from "./signature";

/** The clocks a signature may have been made by. */
export interface Clocks {
  readonly wallMs: number;
  readonly worldMs: number;
  /** The world's time when its door was opened: no client has heard of an earlier one. */
  readonly beganMs: number;
}

/** A signature may be so far off AWS's clock: S3's documented bound, taken for all (API reference, SigV4, read 2026-11-25). */
const skewMs = 15 * 60_000;
const emptyDigest = createHash("sha256").digest("hex");
const mismatch =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/** What a service answers to whom it cannot tell. */
export function unsigned(protocol: Protocol): AwsError {
  if (protocol === "restXml") return new AwsError("AccessDenied", "Access Denied", 403);
  if (protocol === "query")
    return new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  if (protocol === "ec2")
    return new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
  return new AwsError(
    "MissingAuthenticationTokenException",
    "Missing Authentication Token",
    protocol === "json" ? 400 : 403,
  );
}

/**
 * Judges the signature in a request's header: its form, its scope and its time always, its value where the secret is
 * known, which is so for access keys that were given out here. Any other key is a dummy and signs as it likes.
 *
 * A rehearsal's clock runs ahead of the wall clock, and clients sign by either: those that learn AWS's time from the
 * `Date` of its answers by the former, the others by the latter, and a client that heard the date an hour of the world
 * ago by one between. So a signature is in time when it is from between the two clocks, give or take AWS's own bound.
 *
 * @returns what is left to do once the body has come, when the signature covers a digest that no header names
 * @throws AwsError in the service's own words
 */
export function checkAuthorization(
  incoming: Incoming,
  protocol: Protocol,
  secret: string | undefined,
  clocks: Clocks,
): ((body: Buffer) => void) | undefined {
  const header = incoming.message.headers.authorization;
  if (header === undefined || !header.startsWith("AWS4")) return undefined;
  const say = wordsOf(protocol);
  if (!header.startsWith(`${algorithm} `)) throw say.malformed(`The authorization algorithm is not ${algorithm}.`);
  const parts = Object.fromEntries(
    header
      .slice(algorithm.length + 1)
      .split(/[,\s]+/)
      .map((part) => part.split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string | undefined>;
  const [, scopeDate = "", region = "", service = "", end = ""] = (parts.Credential ?? "").split("/");
  if (end !== "aws4_request" || !/^\d{8}$/.test(scopeDate))
    throw say.malformed(
      "The Credential is mal-formed; expecting <access-key-id>/YYYYMMDD/REGION/SERVICE/aws4_request.",
    );
  checkScope(incoming.host, region, service, say);
  const date = dateIn(incoming);
  const signedMs = timeOf(date ?? "");
  if (date === undefined || signedMs === undefined) {
    if (secret === undefined && date === undefined) return undefined;
    throw say.undated();
  }
  if (date.slice(0, 8) !== scopeDate) {
    throw say.mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  checkTime(date, signedMs, clocks, say);
  if (secret === undefined) return undefined;
  const given = parts.Signature ?? "";
  const headers = (parts.SignedHeaders ?? "").split(";");
  const check = (payload: string): void => {
    const signed: Signed = { date, service, headers, payload };
    if (!isSame(given, signatureOf(incoming, signed, secret))) throw say.mismatch();
  };
  const digest = incoming.message.headers["x-amz-content-sha256"];
  if (typeof digest !== "string") {
    return (body) => check(body.length === 0 ? emptyDigest : createHash("sha256").update(body).digest("hex"));
  }
  check(digest);
  return undefined;
}

/** A host that names a region or a service is one endpoint: what is signed for another is not for it. */
function checkScope(host: string, region: string, service: string, say: Words): void {
  const expected = scopeOfHost(host);
  if (expected.region !== undefined && expected.region !== region) throw say.wrongRegion(region, expected.region);
  if (expected.service !== undefined && expected.service !== service)
    throw say.mismatch(`Credential should be scoped to correct service: '${expected.service}'. `);
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) throw say.wrongRegion(region, "us-east-1");
}

function checkTime(date: string, signedMs: number, { wallMs, worldMs, beganMs }: Clocks, say: Words): void {
  // While the clocks are in step, the world is AWS; once they are apart, a client may go by any date it has heard.
  const isInStep = Math.abs(wallMs - worldMs) <= skewMs;
  const earliestMs = Math.min(wallMs, isInStep ? worldMs : beganMs) - skewMs;
  const latestMs = Math.max(wallMs, worldMs) + skewMs;
  // The date is in whole seconds.
  if (signedMs < Math.floor(earliestMs / 1000) * 1000) {
    throw say.skewed(
      `Signature expired: ${date} is now earlier than ${dateOf(earliestMs)} (${dateOf(earliestMs + skewMs)} - 15 min.)`,
    );
  }
  if (signedMs > latestMs) {
    throw say.skewed(
      `Signature not yet current: ${date} is still later than ${dateOf(latestMs)} (${dateOf(latestMs - skewMs)} + 15 min.)`,
    );
  }
}

function dateIn({ message: { headers } }: Incoming): string | undefined {
  const given = headers["x-amz-date"];
  if (given !== undefined) return String(given);
  const dateMs = Date.parse(headers.date ?? "");
  return Number.isNaN(dateMs) ? undefined : dateOf(dateMs);
}

interface Words {
  malformed(message: string): AwsError;
  undated(): AwsError;
  skewed(message: string): AwsError;
  mismatch(message?: string): AwsError;
  wrongRegion(region: string, expected: string): AwsError;
}

function wordsOf(protocol: Protocol): Words {
  if (protocol === "restXml") return s3Words;
  if (protocol === "ec2") {
    const failed = () =>
      new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
    return {
      malformed: failed,
      undated: failed,
      mismatch: failed,
      wrongRegion: failed,
      skewed: () => new AwsError("RequestExpired", "Request has expired."),
    };
  }
  const isJson = protocol === "json" || protocol === "restJson";
  const status = protocol === "json" ? 400 : 403;
  const wrong = (message = mismatch) =>
    new AwsError(isJson ? "InvalidSignatureException" : "SignatureDoesNotMatch", message, status);
  const incomplete = (message: string) =>
    new AwsError(
      isJson ? "IncompleteSignatureException" : "IncompleteSignature",
      message,
      protocol === "json" ? 400 : 403,
    );
  return {
    malformed: incomplete,
    undated: () => incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."),
    mismatch: wrong,
    skewed: wrong,
    wrongRegion: (region) => wrong(`Credential should be scoped to a valid region, not '${region}'. `),
  };
}

const s3Words: Words = {
  malformed: (message) => new AwsError("AuthorizationHeaderMalformed", message),
  undated: () => new AwsError("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header", 403),
  mismatch: () =>
    new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
    ),
  skewed: () =>
    new AwsError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      403,
      { MaxAllowedSkewMilliseconds: String(skewMs) },
    ),
  wrongRegion: (region, expected) =>
    new AwsError(
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed; the region '${region}' is wrong; expecting '${expected}'`,
      400,
      { Region: expected },
    ),
};
