import type { Readable } from "node:stream";
import { inlinePayloadBytesMax } from "../../contract/limits";
import { bodyBytes, bodyStream, type Incoming } from "./incoming";
import { fromJson } from "./json-codec";
import { decodedPart, Malformed } from "./malformed";
import { members, type Operation, type Placed, placesOf, type ServiceModel, type Shape, trait } from "./schemas";
import { fromXml, parseXml, simple } from "./xml-codec";

/** An operation found for a method, path and query, with what the path says. */
export interface Match {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

interface Template {
  readonly operation: Operation;
  readonly expression: RegExp;
  /** S3's listings of buckets have the path of the listing of one. */
  readonly bucketed: boolean;
  readonly names: readonly string[];
  readonly query: ReadonlyArray<readonly [string, string | undefined]>;
  /** Query members that must be there for this operation. */
  readonly needed: readonly string[];
  readonly neededHeaders: readonly string[];
}

/** Members that tell two operations of one template apart: S3 has several at `PUT /{Key+}`. */
const tellingQueries: Readonly<Record<string, readonly string[]>> = {
  UploadPart: ["partNumber", "uploadId"],
  UploadPartCopy: ["partNumber", "uploadId"],
  CompleteMultipartUpload: ["uploadId"],
  AbortMultipartUpload: ["uploadId"],
  ListParts: ["uploadId"],
};
const tellingHeaders: Readonly<Record<string, readonly string[]>> = {
  CopyObject: ["x-amz-copy-source"],
  UploadPartCopy: ["x-amz-copy-source"],
};

const templates = new WeakMap<ServiceModel, Template[]>();

/**
 * The REST operation a request asks for: the template with the most fixed parts that fits.
 *
 * @param bucketed whether the request names a bucket; undefined for services that have none
 */
export function matchRest(
  model: ServiceModel,
  incoming: Incoming,
  path: string,
  bucketed?: boolean,
): Match | undefined {
  let known = templates.get(model);
  if (known === undefined) {
    known = [...model.operations.values()].flatMap((operation) =>
      operation.http === undefined ? [] : [readTemplate(operation)],
    );
    known.sort((left, right) => weight(right) - weight(left));
    templates.set(model, known);
  }
  for (const template of known) {
    const method = template.operation.http?.method;
    if (method !== incoming.method || (bucketed !== undefined && bucketed !== template.bucketed)) continue;
    const found = template.expression.exec(path);
    if (found === null) continue;
    const queryFits = template.query.every(
      ([key, value]) =>
        key === "x-id" || (value === undefined ? incoming.query.has(key) : incoming.query.get(key) === value),
    );
    if (!queryFits || !template.needed.every((key) => incoming.query.has(key))) continue;
    if (!template.neededHeaders.every((name) => incoming.message.headers[name] !== undefined)) continue;
    const labels = Object.fromEntries(template.names.map((name, index) => [name, decodedPart(found[index + 1] ?? "")]));
    return { operation: template.operation, labels };
  }
  return undefined;
}

function readTemplate(operation: Operation): Template {
  const [path = "", query = ""] = (operation.http?.template ?? "").split("?");
  const names: string[] = [];
  const expression = path.replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
    names.push(name);
    return greedy === "+" ? "(.+)" : "([^/]+)";
  });
  return {
    operation,
    expression: new RegExp(`^${expression}$`, "s"),
    bucketed: members(operation.input).some(([name]) => name === "Bucket"),
    names,
    query:
      query === ""
        ? []
        : query
            .split("&")
            .map((part) => part.split("=") as [string, string | undefined])
            .map(([key, value]) => [key, value] as const),
    needed: tellingQueries[operation.name] ?? [],
    neededHeaders: tellingHeaders[operation.name] ?? [],
  };
}

function weight({ query, needed, neededHeaders }: Template): number {
  return query.filter(([key]) => key !== "x-id").length + needed.length + neededHeaders.length;
}

/** A REST request as the operation's input: labels, query, headers and payload put where the shape says. */
export async function restInput(
  match: Match,
  incoming: Incoming,
  format: "json" | "xml",
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = { ...match.labels };
  const { headers } = incoming.message;
  const inBody: Placed[] = [];
  for (const place of placesOf(match.operation.input)) {
    const { name, member, header, query, prefix } = place;
    if (header !== undefined) {
      const text = headers[header.toLowerCase()];
      if (text !== undefined)
        input[name] = member.isListSchema() ? String(text).split(/,\s*/) : simple(member, String(text), "head");
    } else if (query !== undefined) {
      const text = incoming.query.get(query);
      if (text !== null) input[name] = simple(member, text, "head");
    } else if (prefix !== undefined) {
      const found = Object.entries(headers).filter(([key]) => key.startsWith(prefix.toLowerCase()));
      if (found.length > 0)
        input[name] = Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), String(value)]));
    } else if (!place.isLabel) inBody.push(place);
  }
  const payload = inBody.find(({ isPayload }) => isPayload);
  if (payload !== undefined) {
    const { name, member } = payload;
    const value = await payloadOf(member, incoming, format);
    if (value !== undefined) input[name] = value;
  } else if (inBody.length > 0 && format === "json") {
    const text = (await bodyBytes(incoming, 8 * 1024 * 1024)).toString("utf8");
    Object.assign(input, fromJson(match.operation.input, text === "" ? {} : (parsedJson(text) as object)));
  } else incoming.message.resume();
  return input;
}

async function payloadOf(member: Shape, incoming: Incoming, format: "json" | "xml"): Promise<unknown> {
  if (trait<number>(member, "streaming") === 1) return bodyStream(incoming) as Readable;
  if (member.isBlobSchema()) {
    // One byte more than the service takes, so that the service itself says what is wrong.
    const bytes = await bodyBytes(incoming, inlinePayloadBytesMax + 64 * 1024);
    return bytes.length === 0 ? undefined : bytes;
  }
  const text = (await bodyBytes(incoming, 16 * 1024 * 1024)).toString("utf8");
  if (text === "") return undefined;
  if (member.isStringSchema()) return text;
  if (format === "json") return fromJson(member, parsedJson(text));
  return fromXml(member, Object.values(parseXml(text))[0]);
}

/** @throws Malformed */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Malformed("The request's body is not valid JSON.");
  }
}
