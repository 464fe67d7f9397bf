import { joinPath } from "./check";
import type { Kind, Properties, Property, PropertyValue, Schema } from "./property";
import { isRecord, unknownValue } from "./property-values";
import { isEmpty, same } from "./same";

/** What a changed property means for its resource. */
export interface Change {
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/**
 * Compares old and new inputs property by property.
 *
 * @param ignored paths that the program asked to leave alone, e.g. `tags` or `tags.owner`
 * @returns each change by its path, e.g. `productionVariants[0].instanceType`
 */
export function diffInputs(
  schema: Schema,
  olds: Properties,
  news: Properties,
  ignored: readonly string[] = [],
): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  diffMembers((name) => schema[name], olds, news, "", false, changes);
  for (const path of changes.keys()) {
    if (ignored.some((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`))) {
      changes.delete(path);
    }
  }
  return changes;
}

function diffMembers(
  propertyOf: (name: string) => Property | undefined,
  olds: Properties,
  news: Properties,
  path: string,
  replaces: boolean,
  changes: Map<string, Change>,
): void {
  for (const name of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    const property = propertyOf(name);
    if (property === undefined) continue;
    const old = olds[name] ?? property.fallback;
    // Where AWS chooses, leaving a value out again changes nothing.
    const unsaid = property.chosenByAws ? olds[name] : property.fallback;
    diffValue(property, old, news[name] ?? unsaid, joinPath(path, name), replaces || property.replaces, changes);
  }
}

function diffValue(
  kind: Kind,
  old: PropertyValue,
  fresh: PropertyValue,
  path: string,
  replaces: boolean,
  changes: Map<string, Change>,
): void {
  if (isEmpty(old) && isEmpty(fresh)) return;
  if (old === undefined || fresh === undefined) {
    changes.set(path, {
      kind: old === undefined ? "add" : "delete",
      replaces: replaces || replacesWithin(kind, old ?? fresh),
    });
    return;
  }
  if (same(kind, old, fresh)) return;
  if (kind.kind === "object" && isRecord(old) && isRecord(fresh)) {
    diffMembers((name) => kind.properties[name], old, fresh, path, replaces, changes);
    return;
  }
  if (kind.kind === "map" && isRecord(old) && isRecord(fresh)) {
    diffMembers(() => kind.of, old, fresh, path, replaces, changes);
    return;
  }
  if (kind.kind === "list" && !kind.unordered && Array.isArray(old) && Array.isArray(fresh)) {
    for (let index = 0; index < Math.max(old.length, fresh.length); index++) {
      diffValue(kind.of, old[index], fresh[index], `${path}[${index}]`, replaces, changes);
    }
    return;
  }
  changes.set(path, { kind: "update", replaces: replaces || replacesWithin(kind, fresh) });
}

/** Whether an object that comes or goes whole holds a property whose change replaces the resource. */
function replacesWithin(kind: Kind, value: PropertyValue): boolean {
  if (value === unknownValue) return false;
  if (kind.kind === "object" && isRecord(value)) {
    return Object.entries(kind.properties).some(
      ([name, property]) => value[name] !== undefined && (property.replaces || replacesWithin(property, value[name])),
    );
  }
  if (kind.kind === "list" && Array.isArray(value)) return value.some((item) => replacesWithin(kind.of, item));
  return false;
}
