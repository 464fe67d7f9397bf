import { Malformed, nestingMax } from "./malformed";
import { members, type Shape } from "./schemas";

/** A value of the SDK's types as JSON: blobs in base64, times in seconds. Undefined members are left out. */
export function toJson(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (shape.isStructSchema()) {
    const out: Record<string, unknown> = {};
    for (const [name, member] of members(shape)) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner !== undefined) out[name] = toJson(member, inner);
    }
    return out;
  }
  if (shape.isListSchema()) return (value as unknown[]).map((each) => toJson(shape.getValueSchema(), each));
  if (shape.isMapSchema()) {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, each]) => [key, toJson(shape.getValueSchema(), each)]),
    );
  }
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}

/**
 * The opposite of `toJson`. Members the shape does not know are dropped.
 *
 * @throws Malformed for a value of another type, in the words of AWS's own JSON services
 */
export function fromJson(shape: Shape, value: unknown, depth = 0): unknown {
  if (value === undefined || value === null) return undefined;
  if (depth > nestingMax) throw new Malformed("The request is nested too deeply.");
  if (shape.isStructSchema()) {
    if (typeof value !== "object" || Array.isArray(value)) throw unexpected(value);
    const out: Record<string, unknown> = {};
    for (const [name, member] of members(shape)) {
      const inner = fromJson(member, (value as Record<string, unknown>)[name], depth + 1);
      if (inner !== undefined) out[name] = inner;
    }
    return out;
  }
  if (shape.isListSchema()) {
    if (!Array.isArray(value)) throw unexpected(value);
    return value.map((each) => fromJson(shape.getValueSchema(), each, depth + 1));
  }
  if (shape.isMapSchema()) {
    if (typeof value !== "object" || Array.isArray(value)) throw unexpected(value);
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, fromJson(shape.getValueSchema(), each, depth + 1)]),
    );
  }
  if (shape.isDocumentSchema()) return value;
  if (typeof value === "object") throw unexpected(value);
  if (shape.isTimestampSchema()) return moment(value);
  if (shape.isNumericSchema()) return amount(value);
  if (shape.isBooleanSchema()) {
    if (typeof value !== "boolean") throw inconvertible(value, "Boolean");
    return value;
  }
  if (typeof value !== "string") throw inconvertible(value, "String");
  return shape.isBlobSchema() ? Buffer.from(value, "base64") : value;
}

function moment(value: unknown): Date {
  const found = typeof value === "number" ? new Date(value * 1000) : new Date(String(value));
  if (typeof value === "boolean" || Number.isNaN(found.getTime())) throw inconvertible(value, "Date");
  return found;
}

function amount(value: unknown): number {
  if (typeof value === "number") return value;
  // JSON has no other way to write these.
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw inconvertible(value, "Integer");
}

function unexpected(value: unknown): Malformed {
  if (typeof value !== "object") return new Malformed("Unexpected field type");
  return new Malformed(
    Array.isArray(value)
      ? "Start of list found where not expected"
      : "Start of structure or map found where not expected",
  );
}

function inconvertible(value: unknown, type: string): Malformed {
  const token =
    typeof value === "string"
      ? "STRING_VALUE"
      : typeof value === "boolean"
        ? `${String(value).toUpperCase()}_VALUE`
        : Number.isInteger(value)
          ? "NUMBER_VALUE"
          : "DECIMAL_VALUE";
  return new Malformed(`${token} cannot be converted to ${type}`);
}
