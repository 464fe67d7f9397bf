/** A plain object, as YAML and JSON make them. */
export type Plain = { readonly [key: string]: unknown };

export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * `over` laid on `base`; neither is changed. Objects merge key by key. Everything else is replaced whole: lists, `false`
 * by an object and an object by `false`, and an object by one of another `kind`. `null` takes the base's value away, so
 * that the default stands.
 */
export function mergeDeep(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isPlain(over)) return over;
  const merged: Record<string, unknown> = isPlain(base) && isSameKind(base, over) ? { ...base } : {};
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else merged[key] = mergeDeep(merged[key], value);
  }
  return merged;
}

function isSameKind(base: Plain, over: Plain): boolean {
  return over.kind === undefined || base.kind === over.kind;
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: ReadonlyArray<PropertyKey>): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
