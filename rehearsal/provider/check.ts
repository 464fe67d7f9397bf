import type { Kind, Properties, PropertyValue, Schema } from "./property";
import { isAsset, isRecord, type Secrecy, unknownValue } from "./property-values";

/** One input that AWS's provider would refuse before sending anything. */
export interface CheckFailure {
  /** Path of the property, e.g. `productionVariants[0].initialInstanceCount`; empty for the resource as a whole. */
  readonly property: string;
  readonly reason: string;
}

export interface Checked {
  /** The inputs with the provider's own fallbacks filled in and documents turned to text. */
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

/**
 * Judges inputs against a schema and finds every failure at once. What is not known yet is not judged; what is secret
 * is not shown.
 */
export function checkInputs(schema: Schema, inputs: Properties, secrecy: Secrecy): Checked {
  const failures: CheckFailure[] = [];
  const checked = checkMembers(schema, inputs, "", secrecy, failures);
  return { inputs: checked, failures };
}

function checkMembers(
  schema: Schema,
  given: Properties,
  path: string,
  secrecy: Secrecy | undefined,
  failures: CheckFailure[],
): Properties {
  const checked: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const property = schema[name];
    const at = joinPath(path, name);
    if (property === undefined) {
      failures.push({ property: at, reason: `ASY-563 the rehearsal does not play this property` });
      continue;
    }
    checked[name] = checkValue(property, value, at, secrecyUnder(secrecy, name), failures);
  }
  for (const [name, property] of Object.entries(schema)) {
    if (checked[name] !== undefined) continue;
    if (property.fallback !== undefined) checked[name] = property.fallback;
    else if (property.required)
      failures.push({ property: joinPath(path, name), reason: "ASY-562 a value is required" });
  }
  return checked;
}

function checkValue(
  kind: Kind,
  value: PropertyValue,
  path: string,
  secrecy: Secrecy | undefined,
  failures: CheckFailure[],
): PropertyValue {
  if (value === unknownValue) return value;
  const refuse = (expected: string): PropertyValue => {
    const got = secrecy === undefined ? shown(value) : "a secret";
    failures.push({ property: path, reason: `ASY-562 got ${got}, expected ${expected}` });
    return value;
  };
  switch (kind.kind) {
    case "text":
      if (typeof value !== "string") return refuse("text");
      return textFault(kind, value) === undefined ? value : refuse(textFault(kind, value) ?? "");
    case "number":
      if (typeof value !== "number") return refuse(kind.whole ? "a whole number" : "a number");
      return numberFault(kind, value) === undefined ? value : refuse(numberFault(kind, value) ?? "");
    case "flag":
      return typeof value === "boolean" ? value : refuse("true or false");
    case "document":
      if (isRecord(value)) return JSON.stringify(value);
      if (typeof value !== "string") return refuse("a JSON document");
      return isJson(value) ? value : refuse("a JSON document");
    case "list": {
      if (!Array.isArray(value)) return refuse("a list");
      const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = kind;
      if (value.length < minItems || value.length > maxItems) {
        const bounds = maxItems === Number.POSITIVE_INFINITY ? `${minItems} or more` : `${minItems} to ${maxItems}`;
        failures.push({ property: path, reason: `ASY-562 got ${value.length} items, expected ${bounds}` });
      }
      return value.map((item, index) => checkValue(kind.of, item, `${path}[${index}]`, secrecy, failures));
    }
    case "map":
      if (!isRecord(value)) return refuse("a map");
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          checkValue(kind.of, item, joinPath(path, key), secrecyUnder(secrecy, key), failures),
        ]),
      );
    case "object":
      if (!isRecord(value)) return refuse("an object");
      return checkMembers(kind.properties, value, path, secrecy, failures);
    case "asset":
      return isAsset(value) ? value : refuse("a file or an archive");
  }
}

function textFault(kind: Extract<Kind, { kind: "text" }>, value: string): string | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, patternMeans, oneOf } = kind;
  if (oneOf !== undefined && !oneOf.includes(value)) {
    return oneOf.length <= 12 ? `one of ${oneOf.join(", ")}` : `one of the ${oneOf.length} values AWS knows`;
  }
  if (value.length < minLength || value.length > maxLength) {
    return maxLength === Number.POSITIVE_INFINITY
      ? `${minLength} or more characters`
      : `${minLength} to ${maxLength} characters`;
  }
  if (pattern !== undefined && !pattern.test(value)) return patternMeans ?? `text like ${pattern.source}`;
  return undefined;
}

function numberFault(kind: Extract<Kind, { kind: "number" }>, value: number): string | undefined {
  const { whole, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, oneOf } = kind;
  if (oneOf !== undefined && !oneOf.includes(value)) return `one of ${oneOf.join(", ")}`;
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return undefined;
  const noun = whole ? "a whole number" : "a number";
  if (max === Number.POSITIVE_INFINITY) return min === Number.NEGATIVE_INFINITY ? noun : `${noun} from ${min}`;
  return `${noun} from ${min} to ${max}`;
}

function isJson(document: string): boolean {
  try {
    JSON.parse(document);
    return true;
  } catch {
    return false;
  }
}

function secrecyUnder(secrecy: Secrecy | undefined, key: string): Secrecy | undefined {
  return secrecy === true ? true : secrecy?.[key];
}

/** A value as a message shows it. */
function shown(value: PropertyValue): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** `a` and `b` as `a.b`; keys that are no plain word are quoted as Pulumi's paths want it. */
export function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
