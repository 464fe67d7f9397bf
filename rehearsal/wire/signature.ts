import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Incoming } from "./incoming";

export const algorithm = "AWS4-HMAC-SHA256";

/** What a signature of version 4 was made of, beside the request itself. */
export interface Signed {
  /** As the signer wrote it: `20261125T120000Z`. */
  readonly date: string;
  /** The service in the signature's scope. */
  readonly service: string;
  /** Names in small letters, in the signature's order. */
  readonly headers: readonly string[];
  /** The digest of the body, or what stands in its place. */
  readonly payload: string;
}

/** Signature version 4 of a request as it came. */
export function signatureOf(incoming: Incoming, { date, service, headers, payload }: Signed, secret: string): string {
  const { message, method, query, region } = incoming;
  const pairs = [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([left, leftValue], [right, rightValue]) => compare(left, right) || compare(leftValue, rightValue))
    .map((pair) => pair.join("="));
  const canonical = [
    method,
    // S3 signs the path as it is sent, everybody else encodes it once more.
    service === "s3" ? incoming.path : incoming.path.split("/").map(encoded).join("/"),
    pairs.join("&"),
    ...headers.map(
      (name) =>
        `${name}:${String(message.headers[name] ?? "")
          .trim()
          .replace(/ +/g, " ")}`,
    ),
    "",
    headers.join(";"),
    payload,
  ].join("\n");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const toSign = [algorithm, date, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((last, part) => createHmac("sha256", last).update(part).digest(), `AWS4${secret}`);
  return createHmac("sha256", key).update(toSign).digest("hex");
}

/** Whether two signatures are one, in a time that does not tell how much of them is. */
export function isSame(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The moment an `X-Amz-Date` names. */
export function timeOf(date: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** A moment as an `X-Amz-Date` names it. */
export function dateOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:]|\.\d+/g, "");
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}
