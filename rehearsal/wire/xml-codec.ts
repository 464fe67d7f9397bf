import { XMLBuilder, XMLParser } from "fast-xml-parser";
import { Malformed, type Place } from "./malformed";
import { members, type Shape, trait } from "./schemas";

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", suppressEmptyNode: false });
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  processEntities: true,
  htmlEntities: true,
});

/** An XML document with one root. */
export function document(root: string, content: unknown, namespace?: string): string {
  const node = typeof content === "object" && content !== null ? { ...content } : { "#text": content };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: namespace === undefined ? node : { "@xmlns": namespace, ...node } })}`;
}

/**
 * A value of the SDK's types as the tree the XML builder takes.
 *
 * @param skip members that travel elsewhere (headers, the status)
 */
export function toXml(shape: Shape, value: unknown, skip: (member: Shape) => boolean = () => false): unknown {
  if (value === undefined || value === null) return undefined;
  if (shape.isStructSchema()) {
    const out: Record<string, unknown> = {};
    for (const [name, member] of members(shape)) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner === undefined || skip(member)) continue;
      out[trait(member, "xmlName") ?? name] = wrapped(member, inner);
    }
    return out;
  }
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return typeof value === "object" ? value : String(value);
}

/** A list's or map's entries within their wrapper, or repeated in place when they are flattened. */
function wrapped(shape: Shape, value: unknown): unknown {
  const flat = trait<number>(shape, "xmlFlattened") === 1;
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    const entries = (value as unknown[]).map((each) => wrapped(item, each));
    return flat ? entries : { [trait(item, "xmlName") ?? "member"]: entries };
  }
  if (shape.isMapSchema()) {
    const entries = Object.entries(value as object).map(([key, each]) => ({
      [trait(shape.getKeySchema(), "xmlName") ?? "key"]: key,
      [trait(shape.getValueSchema(), "xmlName") ?? "value"]: wrapped(shape.getValueSchema(), each),
    }));
    return flat ? entries : { entry: entries };
  }
  return toXml(shape, value);
}

/** Reads an XML document's root. Declarations of entities are refused unread. @throws Malformed */
export function parseXml(text: string): Record<string, unknown> {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Malformed("A document type is not taken.");
  try {
    const tree = parser.parse(text, true) as Record<string, unknown>;
    delete tree["?xml"];
    return tree;
  } catch (cause) {
    throw new Malformed((cause as Error).message);
  }
}

/** A parsed tree as a value of the SDK's types. */
export function fromXml(shape: Shape, node: unknown): unknown {
  if (node === undefined || node === null) return undefined;
  if (shape.isStructSchema()) {
    const out: Record<string, unknown> = {};
    for (const [name, member] of members(shape)) {
      const inner = (node as Record<string, unknown>)[trait(member, "xmlName") ?? name];
      if (inner !== undefined) out[name] = fromXml(member, inner);
    }
    return out;
  }
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    const flat = trait<number>(shape, "xmlFlattened") === 1;
    const inner = flat ? node : (node as Record<string, unknown>)[trait(item, "xmlName") ?? "member"];
    if (inner === undefined || inner === "") return [];
    return (Array.isArray(inner) ? inner : [inner]).map((each) => fromXml(item, each));
  }
  return simple(shape, String(typeof node === "object" ? "" : node));
}

/**
 * A simple value from text, as headers, queries and XML carry it.
 *
 * @throws Malformed for text that is no such value
 */
export function simple(shape: Shape, text: string, place: Place = "body"): unknown {
  const wrong = (): Malformed =>
    new Malformed(`${text.slice(0, 100)} is no value of ${shape.getName() ?? "its member"}`, place);
  if (shape.isBooleanSchema()) {
    if (text !== "true" && text !== "false") throw wrong();
    return text === "true";
  }
  if (shape.isNumericSchema()) {
    const value = Number(text);
    if (text.trim() === "" || (Number.isNaN(value) && text !== "NaN")) throw wrong();
    return value;
  }
  if (shape.isTimestampSchema()) {
    const seconds = Number(text);
    const value = new Date(text !== "" && Number.isFinite(seconds) ? seconds * 1000 : text);
    if (Number.isNaN(value.getTime())) throw wrong();
    return value;
  }
  if (shape.isBlobSchema()) return Buffer.from(text, "base64");
  return text;
}
