import type { Kind, Property, PropertyValue } from "./property";
import { isAsset, isRecord, unknownValue } from "./property-values";

/** Whether two values of a property mean the same to AWS: documents by content, sets in any order, absent as empty. */
export function same(property: Kind, one: PropertyValue, other: PropertyValue): boolean {
  if (one === other || (isEmpty(one) && isEmpty(other))) return true;
  if (one === unknownValue || other === unknownValue) return false;
  switch (property.kind) {
    case "document":
      return typeof one === "string" && typeof other === "string" && canonical(one) === canonical(other);
    case "asset":
      return isAsset(one) && isAsset(other) && one.hash === other.hash && one.hash !== undefined;
    case "list":
      return Array.isArray(one) && Array.isArray(other) && sameLists(property, one, other);
    case "map":
      return isRecord(one) && isRecord(other) && sameKeys(one, other, () => property.of);
    case "object":
      return isRecord(one) && isRecord(other) && sameKeys(one, other, (key) => property.properties[key]);
    default:
      return false;
  }
}

/** Whether a value says no more than leaving it out would. */
export function isEmpty(value: PropertyValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === false || value === "";
}

function sameLists(
  property: Extract<Kind, { kind: "list" }>,
  one: readonly PropertyValue[],
  other: readonly PropertyValue[],
): boolean {
  if (one.length !== other.length) return false;
  if (!property.unordered) return one.every((item, index) => same(property.of, item, other[index]));
  const rest = [...other];
  return one.every((item) => {
    const index = rest.findIndex((candidate) => same(property.of, item, candidate));
    if (index >= 0) rest.splice(index, 1);
    return index >= 0;
  });
}

function sameKeys(
  one: Record<string, PropertyValue>,
  other: Record<string, PropertyValue>,
  propertyOf: (key: string) => Property | undefined,
): boolean {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => {
    const property = propertyOf(key);
    if (property === undefined) return one[key] === other[key];
    return same(property, one[key] ?? property.fallback, other[key] ?? property.fallback);
  });
}

/** A JSON document with its keys in order; text that is no JSON stays as it is. */
function canonical(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), (_key, value: unknown) =>
      isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
    );
  } catch {
    return document;
  }
}
