import type { Kind, Properties, Property, PropertyValue, Schema } from "./property";
import { isRecord } from "./property-values";
import { isEmpty, same } from "./same";

/**
 * A resource's inputs as AWS tells them now. What means the same as before keeps the program's own form; what AWS chose
 * itself is no input; what AWS does not tell is taken to be as it was; anything else that differs is drift and shows.
 *
 * @param before the inputs of the last deployment, empty for a resource that is being imported
 */
export function refreshedInputs(schema: Schema, before: Properties, live: Properties): Properties {
  const inputs: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(schema)) {
    const value = refreshedMember(property, before[name], live[name]);
    if (value !== undefined) inputs[name] = value;
  }
  return inputs;
}

function refreshedMember(property: Property, before: PropertyValue, live: PropertyValue): PropertyValue {
  if (property.untold) return before;
  if (before === undefined) {
    const isNews = !isEmpty(live) && !property.chosenByAws && !same(property, live, property.fallback);
    return isNews ? refreshedValue(property, undefined, live) : undefined;
  }
  if (live === undefined) return isEmpty(before) || same(property, before, property.fallback) ? before : undefined;
  return refreshedValue(property, before, live);
}

function refreshedValue(kind: Kind, before: PropertyValue, live: PropertyValue): PropertyValue {
  if (same(kind, before, live)) return before;
  if (kind.kind === "object" && isRecord(live)) {
    return refreshedInputs(kind.properties, isRecord(before) ? before : {}, live);
  }
  if (kind.kind === "list" && Array.isArray(live)) {
    const old = Array.isArray(before) ? before : [];
    if (!kind.unordered) return live.map((item, index) => refreshedValue(kind.of, old[index], item));
    const fresh = live.map((item) => {
      const twin = old.find((candidate) => same(kind.of, candidate, refreshedValue(kind.of, candidate, item)));
      return twin ?? refreshedValue(kind.of, undefined, item);
    });
    return same(kind, before, fresh) ? before : fresh;
  }
  return live;
}
