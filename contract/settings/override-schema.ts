/** A JSON Schema as far as a part of settings uses it. */
type Schema = { readonly [key: string]: unknown };

/**
 * The JSON Schema of what may stand in an override: nothing is required, as the rest comes from the stack's own settings,
 * and every value may be `null`, which takes the stack's away.
 */
export function overrideSchema(schema: Schema): Schema {
  const { required: _, default: __, ...rest } = schema;
  const properties = rest.properties as Readonly<Record<string, Schema>> | undefined;
  const { anyOf, oneOf } = rest as { readonly anyOf?: readonly Schema[]; readonly oneOf?: readonly Schema[] };
  return {
    ...rest,
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(overrideSchema) }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(overrideSchema) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [name, orNull(overrideSchema(each))]),
          ),
        }),
  };
}

function orNull({ description, ...rest }: Schema): Schema {
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, { type: "null" }] };
}
