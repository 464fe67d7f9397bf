/** A value as JSON can say it: maps, sets, dates and bytes under a key of their own, everything else as it is. */
export function toPlain(value: unknown): unknown {
  if (value === null || typeof value !== "object") {
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint")
      throw new TypeError(`a ${typeof value} cannot be kept`);
    return value;
  }
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Date) return { $date: value.getTime() };
  if (value instanceof Map) return { $map: [...value].map(([key, each]) => [toPlain(key), toPlain(each)]) };
  if (value instanceof Set) return { $set: [...value].map(toPlain) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(`an object of class ${value.constructor.name} cannot be kept`);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const plain = Object.fromEntries(entries.map(([key, each]) => [key, toPlain(each)]));
  // Somebody's own key must not be read as one of ours.
  return entries.length === 1 && entries[0]?.[0].startsWith("$") ? { $object: Object.entries(plain) } : plain;
}

/** The opposite of `toPlain`. */
export function fromPlain(plain: unknown): unknown {
  if (plain === null || typeof plain !== "object") return plain;
  if (Array.isArray(plain)) return plain.map(fromPlain);
  const entries = Object.entries(plain);
  const [only] = entries;
  if (entries.length === 1 && only?.[0].startsWith("$")) return special(only[0], only[1]);
  return Object.fromEntries(entries.map(([key, each]) => [key, fromPlain(each)]));
}

function special(kind: string, value: unknown): unknown {
  switch (kind) {
    case "$date":
      return new Date(value as number);
    case "$map":
      return new Map((value as unknown[][]).map(([key, each]) => [fromPlain(key), fromPlain(each)]));
    case "$set":
      return new Set((value as unknown[]).map(fromPlain));
    case "$bytes":
      return Buffer.from(value as string, "base64");
    default:
      return Object.fromEntries((value as Array<[string, unknown]>).map(([key, each]) => [key, fromPlain(each)]));
  }
}
