import type { Properties, PropertyValue, Schema } from "../property";

/** Which attribute of SNS or SQS keeps which property. */
export type AttributeNames = Readonly<Record<string, string>>;

/** Properties as SNS and SQS want their attributes: all of them text. */
export function attributesOf(names: AttributeNames, properties: Properties): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([property, attribute]) => {
      const value = properties[property];
      return value === undefined ? [] : [[attribute, String(value)]];
    }),
  );
}

/** What SNS or SQS tells, as properties of the kinds the schema names. */
export function propertiesOf(
  names: AttributeNames,
  schema: Schema,
  attributes: Readonly<Record<string, string | undefined>>,
): Properties {
  return Object.fromEntries(
    Object.entries(names).flatMap(([property, attribute]) => {
      const value = attributes[attribute];
      return value === undefined ? [] : [[property, parsed(schema[property]?.kind, value)]];
    }),
  );
}

function parsed(kind: string | undefined, value: string): PropertyValue {
  if (kind === "number") return Number(value);
  if (kind === "flag") return value === "true";
  return value;
}
