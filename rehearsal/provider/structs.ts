import { createRequire } from "node:module";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties, PropertyValue } from "./property";

/**
 * Pulumi's messages are made by the copy of google-protobuf that lies under it, and take only what that very copy has
 * made; ours may be another version.
 */
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const { Struct: PulumiStruct } = fromPulumi("google-protobuf/google/protobuf/struct_pb") as {
  Struct: { fromJavaScript(value: object): Struct };
};
const { Empty: PulumiEmpty } = fromPulumi("google-protobuf/google/protobuf/empty_pb") as { Empty: new () => Empty };
const { Any: PulumiAny } = fromPulumi("google-protobuf/google/protobuf/any_pb") as {
  Any: new () => import("google-protobuf/google/protobuf/any_pb").Any;
};

/** Properties as a message; members without a value are left out. */
export function toStruct(properties: Properties): Struct {
  return PulumiStruct.fromJavaScript(withoutAbsent(properties) as object);
}

/** A message's properties; none when there is no message. */
export function fromStruct(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

export function empty(): Empty {
  return new PulumiEmpty();
}

/** A message of any type, as errors carry their details. */
export function packed(bytes: Uint8Array, typeName: string): import("google-protobuf/google/protobuf/any_pb").Any {
  const any = new PulumiAny();
  any.pack(bytes, typeName);
  return any;
}

function withoutAbsent(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map((item) => withoutAbsent(item) ?? null);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutAbsent(item)]])),
  );
}
