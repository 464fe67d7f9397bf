import { Malformed, nestingMax } from "./malformed";
import { members, type Shape, trait } from "./schemas";
import { simple } from "./xml-codec";

/** Parameters by name; of several with one name the first counts. */
export type Form = ReadonlyMap<string, string>;

/** A form as it was sent. */
export function formOf(parameters: URLSearchParams): Form {
  const form = new Map<string, string>();
  for (const [name, value] of parameters) if (!form.has(name)) form.set(name, value);
  return form;
}

/**
 * A query request's form as a value of the SDK's types.
 *
 * @param dialect `awsQuery`: `Tags.member.1.Key=…`, `Attributes.entry.1.key=…`; `ec2`: `Filter.1.Value.1=…`, every list
 * flat and every name in capitals
 * @throws Malformed
 */
export function fromQuery(
  shape: Shape,
  form: Form,
  prefix = "",
  dialect: "awsQuery" | "ec2" = "awsQuery",
  depth = 0,
): unknown {
  // Shapes may hold themselves.
  if (depth > nestingMax) throw new Malformed("The request is nested too deeply.");
  if (shape.isStructSchema()) {
    const out: Record<string, unknown> = {};
    for (const [name, member] of members(shape)) {
      const written = dialect === "ec2" ? ec2Name(name, member) : (trait(member, "xmlName") ?? name);
      const inner = fromQuery(member, form, join(prefix, written), dialect, depth + 1);
      if (inner !== undefined) out[name] = inner;
    }
    return prefix !== "" && Object.keys(out).length === 0 ? undefined : out;
  }
  const flat = dialect === "ec2" || trait<number>(shape, "xmlFlattened") === 1;
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    const base = flat ? prefix : join(prefix, trait(item, "xmlName") ?? "member");
    const list = numbered((index) => fromQuery(item, form, `${base}.${index}`, dialect, depth + 1));
    return list.length === 0 && form.get(prefix) !== "" ? undefined : list;
  }
  if (shape.isMapSchema()) {
    const base = flat ? prefix : `${prefix}.entry`;
    const key = trait(shape.getKeySchema(), "xmlName") ?? "key";
    const value = trait(shape.getValueSchema(), "xmlName") ?? "value";
    const entries = numbered((index) => {
      const name = form.get(`${base}.${index}.${key}`);
      return name === undefined
        ? undefined
        : ([name, fromQuery(shape.getValueSchema(), form, `${base}.${index}.${value}`, dialect, depth + 1)] as const);
    });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  const text = form.get(prefix);
  return text === undefined ? undefined : simple(shape, text);
}

function ec2Name(name: string, member: Shape): string {
  const written = trait(member, "ec2QueryName") ?? trait(member, "xmlName") ?? name;
  return written.charAt(0).toUpperCase() + written.slice(1);
}

function numbered<Value>(at: (index: number) => Value | undefined): Value[] {
  const list: Value[] = [];
  for (let index = 1; ; index++) {
    const value = at(index);
    if (value === undefined) return list;
    list.push(value);
  }
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
