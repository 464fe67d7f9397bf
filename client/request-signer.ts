import { createHmac, hash } from "node:crypto";
import { HttpRequest } from "@smithy/core/protocols";
import type { HttpRequest as Request, RequestSigner } from "@smithy/types";
import type { Keys } from "./aws-access";

type Signing = NonNullable<Parameters<RequestSigner["sign"]>[1]>;

const algorithm = "AWS4-HMAC-SHA256";
/** Proxies and clients change these on the way. Of the SDK's list, those that an invocation carries. */
const unsigned = new Set([
  "authorization",
  "connection",
  "expect",
  "transfer-encoding",
  "user-agent",
  "x-amzn-trace-id",
]);

/**
 * Signature version 4 for requests without a query and with their bytes at hand, with the key of a day made once. The
 * SDK's signer looks for that key by a digest of the credentials, and takes twice as long.
 */
export class DayKeySigner implements RequestSigner {
  private kept: { readonly of: string; readonly key: Buffer } | undefined;

  constructor(private readonly credentials: () => Promise<Keys>) {}

  async sign(request: Request, { signingDate = new Date(), signingRegion = "", signingService = "" }: Signing = {}) {
    const keys = await this.credentials();
    const signed = HttpRequest.clone(request);
    const { headers } = signed;
    const date = new Date(signingDate).toISOString().replace(/[-:]|\.\d{3}/g, "");
    const body = signed.body as Uint8Array | undefined;
    headers["x-amz-date"] = date;
    headers["x-amz-content-sha256"] = hash("sha256", body ?? "");
    if (keys.sessionToken !== undefined) headers["x-amz-security-token"] = keys.sessionToken;
    const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), plain(value)]));
    const names = [...values.keys()].filter((name) => !unsigned.has(name)).sort();
    const canonical = [
      signed.method,
      canonicalPath(signed.path),
      "",
      ...names.map((name) => `${name}:${values.get(name)}`),
      "",
      names.join(";"),
      headers["x-amz-content-sha256"],
    ].join("\n");
    const day = date.slice(0, 8);
    const scope = `${day}/${signingRegion}/${signingService}/aws4_request`;
    const toSign = `${algorithm}\n${date}\n${scope}\n${hash("sha256", canonical)}`;
    const key = this.keyOf(keys.secretAccessKey, [day, signingRegion, signingService, "aws4_request"]);
    const signature = createHmac("sha256", key).update(toSign).digest("hex");
    headers.authorization = `${algorithm} Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
    return signed;
  }

  private keyOf(secret: string, parts: readonly string[]): Buffer {
    const of = [secret, ...parts].join("\n");
    if (this.kept?.of !== of) {
      const first: string | Buffer = `AWS4${secret}`;
      const key = parts.reduce<string | Buffer>(
        (made, part) => createHmac("sha256", made).update(part).digest(),
        first,
      );
      this.kept = { of, key: key as Buffer };
    }
    return this.kept.key;
  }
}

function plain(value: string): string {
  return value
    .replace(/[\r\n]/g, " ")
    .replace(/[ \t]+/g, " ")
    .replace(/^ | $/g, "");
}

/** Encoded once more, as every service but S3 wants it. */
function canonicalPath(path: string): string {
  const encoded = encodeURIComponent(path).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return encoded.replaceAll("%2F", "/");
}
