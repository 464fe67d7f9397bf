import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { AwsError } from "../world/aws-error";
import type { Attested } from "../world/s3/disk";
import { AwsChunkedDecoder } from "./aws-chunked";
import { refuseForeign } from "./hosts";
import { type ServiceKey, serviceBySigningName } from "./schemas";

/** A request as far as every protocol needs it. */
export interface Incoming {
  readonly message: IncomingMessage;
  readonly method: string;
  /** Still encoded, beginning with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The host asked for, without its port. */
  readonly host: string;
  readonly service: ServiceKey | undefined;
  /** Empty where the signature names none: S3's version 2. */
  readonly region: string;
  readonly accessKeyId: string;
  /** What comes with a temporary access key. */
  readonly sessionToken: string | undefined;
  /** The whole body, once it has been read into memory. */
  body?: Buffer;
  /** Called before the body is read. */
  onBody?: () => void;
}

/**
 * Reads where a request goes: its signature's scope names service and region.
 *
 * @throws AwsError when it names a host that is not the rehearsal's, or comes from a page of another origin
 */
export function readIncoming(message: IncomingMessage): Incoming {
  const absolute = /^https?:\/\/([^/]+)(.*)$/.exec(message.url ?? "/");
  const host = (absolute?.[1] ?? message.headers.host ?? "").replace(/:\d+$/, "");
  refuseForeign(host, message);
  const target = absolute === null ? (message.url ?? "/") : absolute[2] || "/";
  const [path = "/", query = ""] = target.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(
    message.headers.authorization ?? `Credential=${parameters.get("X-Amz-Credential") ?? ""}`,
  );
  const [, accessKeyId = "", region = "us-east-1", signing = ""] =
    scope ?? olderScope(parameters, message) ?? confirmationScope(parameters) ?? [];
  return {
    message,
    method: message.method ?? "GET",
    path,
    query: parameters,
    host,
    service:
      path.startsWith("/endpoints/") && signing === "sagemaker" ? "sagemakerRuntime" : serviceBySigningName(signing),
    region,
    accessKeyId,
    sessionToken:
      message.headers["x-amz-security-token"]?.toString() ?? parameters.get("X-Amz-Security-Token") ?? undefined,
  };
}

/** Signature version 2, with which boto3 still signs URLs of objects, is S3's alone and names no region. */
function olderScope(parameters: URLSearchParams, message: IncomingMessage): readonly string[] | undefined {
  const accessKeyId =
    parameters.get("AWSAccessKeyId") ?? /^AWS ([^:]+):/.exec(message.headers.authorization ?? "")?.[1];
  return accessKeyId === undefined ? undefined : ["", accessKeyId, "", "s3"];
}

/** A subscriber confirms by opening a URL, which is not signed: the topic's ARN says where it belongs. */
function confirmationScope(parameters: URLSearchParams): readonly string[] | undefined {
  if (parameters.get("Action") !== "ConfirmSubscription") return undefined;
  const [, , , region = "", accountId = ""] = (parameters.get("TopicArn") ?? "").split(":");
  return ["", accountId, region, "sns"];
}

/** The body without transfer framing, to be streamed. Nothing is asked for before somebody reads it. */
export function bodyStream({ message, onBody = () => undefined }: Incoming): Readable & Attested {
  const chunked =
    /aws-chunked/.test(String(message.headers["content-encoding"] ?? "")) ||
    /^STREAMING-/.test(String(message.headers["x-amz-content-sha256"] ?? ""));
  if (!chunked) {
    whenRead(message, onBody);
    const digest = message.headers["x-amz-content-sha256"];
    const isSigned = typeof digest === "string" && /^[0-9a-f]{64}$/.test(digest);
    return Object.assign(message, { holdsClock: true, ...(isSigned ? { signedSha256: digest } : {}) });
  }
  const length = message.headers["x-amz-decoded-content-length"];
  const decoder = new AwsChunkedDecoder(
    String(message.headers["x-amz-trailer"] ?? ""),
    length === undefined ? undefined : Number(length),
  );
  message.once("error", (cause) => decoder.destroy(cause));
  // Whoever refuses the request before reading it leaves nobody to hear that its framing is broken.
  decoder.on("error", () => undefined);
  message.once("aborted", () => decoder.destroy(new AwsError("IncompleteBody", "The client went away")));
  whenRead(decoder, () => {
    onBody();
    message.pipe(decoder);
  });
  return decoder;
}

function whenRead(stream: Readable, begin: () => void): void {
  const heard = (name: string | symbol): void => {
    if (name !== "data" && name !== "readable") return;
    stream.off("newListener", heard);
    begin();
  };
  stream.on("newListener", heard);
}

/** The whole body, at most `bytesMax` of it. @throws AwsError RequestEntityTooLarge */
export async function bodyBytes(incoming: Incoming, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyStream(incoming)) {
    size += (chunk as Buffer).length;
    if (size > bytesMax)
      throw new AwsError("RequestEntityTooLarge", `The request's body is larger than ${bytesMax} bytes.`, 413);
    chunks.push(chunk as Buffer);
  }
  incoming.body = Buffer.concat(chunks);
  return incoming.body;
}
