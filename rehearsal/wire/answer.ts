import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { AwsError } from "../world/aws-error";
import { toJson } from "./json-codec";
import { type Operation, type Placed, placesOf, type ServiceModel, type Shape, trait } from "./schemas";
import { document, toXml } from "./xml-codec";

export type Protocol = "json" | "query" | "ec2" | "restJson" | "restXml";

export interface Reply {
  readonly response: ServerResponse;
  readonly requestId: string;
}

const s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Sends an operation's output in its protocol. */
export async function sendOutput(
  { response, requestId }: Reply,
  protocol: Protocol,
  model: ServiceModel,
  operation: Operation,
  output: Record<string, unknown>,
  head: boolean,
): Promise<void> {
  response.setHeader("x-amzn-RequestId", requestId);
  if (protocol === "json") {
    send(response, 200, "application/x-amz-json-1.1", JSON.stringify(toJson(operation.output, output) ?? {}));
  } else if (protocol === "query") {
    const result = toXml(operation.output, output);
    const namespace = `http://${model.key}.amazonaws.com/doc/${model.version}/`;
    const body = {
      ...(result === undefined ? {} : { [`${operation.name}Result`]: result }),
      ResponseMetadata: { RequestId: requestId },
    };
    send(response, 200, "text/xml", document(`${operation.name}Response`, body, namespace));
  } else if (protocol === "ec2") {
    const result = toXml(operation.output, output) as object | undefined;
    const namespace = `http://ec2.amazonaws.com/doc/${model.version}/`;
    send(response, 200, "text/xml", document(`${operation.name}Response`, { requestId, ...result }, namespace));
  } else await sendRest(response, protocol, operation, output, head);
}

async function sendRest(
  response: ServerResponse,
  protocol: "restJson" | "restXml",
  operation: Operation,
  output: Record<string, unknown>,
  head: boolean,
): Promise<void> {
  const inBody: Placed[] = [];
  for (const place of placesOf(operation.output)) {
    const { header, prefix } = place;
    const value = output[place.name];
    if (header !== undefined) {
      if (value !== undefined) response.setHeader(header, headerText(value));
    } else if (prefix !== undefined) {
      for (const [key, each] of Object.entries((value ?? {}) as object))
        response.setHeader(`${prefix}${key}`, String(each));
    } else if (!place.isStatus) inBody.push(place);
  }
  const status = output.ContentRange === undefined ? (operation.http?.status ?? 200) : 206;
  const payload = inBody.find(({ isPayload }) => isPayload);
  const value = payload === undefined ? undefined : output[payload.name];
  if (value instanceof Readable) {
    response.writeHead(status);
    await pipeline(value, response);
  } else if (head) {
    response.writeHead(status);
    response.end();
  } else if (payload !== undefined && typeof value === "string") {
    send(response, status, "application/json", value);
  } else if (protocol === "restJson") {
    const picked = Object.fromEntries(inBody.map(({ name }) => [name, output[name]]));
    send(response, status, "application/json", JSON.stringify(toJson(operation.output, picked)));
  } else if (inBody.length === 0) {
    response.writeHead(status, { "Content-Length": 0 });
    response.end();
  } else {
    const shape = payload?.member ?? operation.output;
    const tree = toXml(shape, payload === undefined ? output : value, travelsElsewhere);
    const root =
      trait(shape, "xmlName") ?? payload?.name ?? operation.output.getName()?.split("#")[1] ?? operation.name;
    // GetBucketLocation's answer is the root's own text.
    const location = operation.name === "GetBucketLocation" ? (output.LocationConstraint ?? "") : tree;
    send(
      response,
      status,
      "application/xml",
      document(operation.name === "GetBucketLocation" ? "LocationConstraint" : root, location ?? {}, s3Namespace),
    );
  }
}

function travelsElsewhere(member: Shape): boolean {
  return trait(member, "httpHeader") !== undefined || trait(member, "httpPrefixHeaders") !== undefined;
}

/** Sends an error in its protocol's envelope. Once an answer has begun there is nothing left but to break it off. */
export function sendError(
  { response, requestId }: Reply,
  protocol: Protocol,
  model: ServiceModel | undefined,
  error: AwsError,
  head: boolean,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = model?.errors.get(error.code);
  const name = known?.name ?? error.code;
  response.setHeader("x-amzn-RequestId", requestId);
  // Where a bucket is, as clients that follow it read it; a HEAD has no document to say it in.
  if (error.more.Region !== undefined) response.setHeader("x-amz-bucket-region", error.more.Region);
  if (head) {
    response.writeHead(error.statusCode);
    response.end();
  } else if (protocol === "json" || protocol === "restJson") {
    response.setHeader("x-amzn-ErrorType", name);
    if (name !== error.code) response.setHeader("x-amzn-query-error", `${error.code};${error.fault}`);
    const type = protocol === "json" && known !== undefined ? `${known.namespace}#${name}` : name;
    send(
      response,
      error.statusCode,
      "application/x-amz-json-1.1",
      JSON.stringify({ __type: type, message: error.message, Message: error.message }),
    );
  } else if (protocol === "query") {
    const body = { Error: { Type: error.fault, Code: error.code, Message: error.message }, RequestId: requestId };
    send(response, error.statusCode, "text/xml", document("ErrorResponse", body));
  } else if (protocol === "ec2") {
    const body = { Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId };
    send(response, error.statusCode, "text/xml", document("Response", body));
  } else {
    if (error.statusCode === 304) {
      response.writeHead(304);
      response.end();
      return;
    }
    send(
      response,
      error.statusCode,
      "application/xml",
      document("Error", { Code: error.code, Message: error.message, ...error.more, RequestId: requestId }),
    );
  }
}

function send(response: ServerResponse, status: number, contentType: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": body.length });
  response.end(body);
}

function headerText(value: unknown): string {
  return value instanceof Date ? value.toUTCString() : String(value);
}
