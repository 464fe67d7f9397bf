import type { Kind, Properties, PropertyValue, Schema } from "./property";
import { isRecord } from "./property-values";

/** AWS's name of a property's member: `s3OutputPath` is `S3OutputPath` unless the schema says otherwise. */
function memberOf(name: string, schema: Schema): string {
  return schema[name]?.member ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/**
 * A property value in the shape of AWS's API, as the schema describes it.
 *
 * The caller names AWS's type; the schema has proved the value.
 */
export function toAws<Shape>(schema: Schema, properties: Properties): Shape {
  const shape: Record<string, PropertyValue> = {};
  for (const [name, property] of Object.entries(schema)) {
    const value = properties[name];
    if (value !== undefined) shape[memberOf(name, schema)] = valueToAws(property, value);
  }
  return shape as Shape;
}

function valueToAws(kind: Kind, value: PropertyValue): PropertyValue {
  if (kind.kind === "list" && Array.isArray(value)) return value.map((item) => valueToAws(kind.of, item));
  if (kind.kind === "map" && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueToAws(kind.of, item)]));
  }
  if (kind.kind === "object" && isRecord(value)) return toAws(kind.properties, value);
  return value;
}

/** What AWS tells about a resource, as properties: members the schema does not know are left out, absent stays absent. */
export function fromAws(schema: Schema, shape: object | undefined): Properties {
  const properties: Record<string, PropertyValue> = {};
  const members = (shape ?? {}) as Record<string, PropertyValue>;
  for (const [name, property] of Object.entries(schema)) {
    const value = members[memberOf(name, schema)];
    if (value !== undefined && value !== null) properties[name] = valueFromAws(property, value);
  }
  return properties;
}

function valueFromAws(kind: Kind, value: PropertyValue): PropertyValue {
  if (kind.kind === "list" && Array.isArray(value)) return value.map((item) => valueFromAws(kind.of, item));
  if (kind.kind === "map" && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueFromAws(kind.of, item)]));
  }
  if (kind.kind === "object" && isRecord(value)) return fromAws(kind.properties, value);
  return value;
}

/** Some of a schema's properties. */
export function pick<S extends Schema, K extends keyof S>(schema: S, ...names: readonly K[]): Pick<S, K> {
  return Object.fromEntries(names.map((name) => [name, schema[name]])) as Pick<S, K>;
}
