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

/** The opposite of `toJson`. Members the shape does not know are dropped. */
export function fromJson(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (shape.isStructSchema()) {
    if (typeof value !== "object") return undefined;
    const out: Record<string, unknown> = {};
    for (const [name, member] of members(shape)) {
      const inner = fromJson(member, (value as Record<string, unknown>)[name]);
      if (inner !== undefined) out[name] = inner;
    }
    return out;
  }
  if (shape.isListSchema())
    return Array.isArray(value) ? value.map((each) => fromJson(shape.getValueSchema(), each)) : undefined;
  if (shape.isMapSchema()) {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, each]) => [key, fromJson(shape.getValueSchema(), each)]),
    );
  }
  if (shape.isTimestampSchema()) return typeof value === "number" ? new Date(value * 1000) : new Date(String(value));
  if (shape.isBlobSchema()) return Buffer.from(String(value), "base64");
  return value;
}
