import { members, type Shape, trait } from "./schemas";
import { simple } from "./xml-codec";

/** An awsQuery request's form as a value of the SDK's types: `Tags.member.1.Key=…`, `Attributes.entry.1.key=…`. */
export function fromQuery(shape: Shape, form: URLSearchParams, prefix = ""): unknown {
  if (shape.isStructSchema()) {
    const out: Record<string, unknown> = {};
    for (const [name, member] of members(shape)) {
      const inner = fromQuery(member, form, join(prefix, trait(member, "xmlName") ?? name));
      if (inner !== undefined) out[name] = inner;
    }
    return prefix !== "" && Object.keys(out).length === 0 ? undefined : out;
  }
  const flat = trait<number>(shape, "xmlFlattened") === 1;
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    const base = flat ? prefix : join(prefix, trait(item, "xmlName") ?? "member");
    const list = numbered((index) => fromQuery(item, form, `${base}.${index}`));
    return list.length === 0 && form.get(prefix) !== "" ? undefined : list;
  }
  if (shape.isMapSchema()) {
    const base = flat ? prefix : `${prefix}.entry`;
    const key = trait(shape.getKeySchema(), "xmlName") ?? "key";
    const value = trait(shape.getValueSchema(), "xmlName") ?? "value";
    const entries = numbered((index) => {
      const name = form.get(`${base}.${index}.${key}`);
      return name === null
        ? undefined
        : ([name, fromQuery(shape.getValueSchema(), form, `${base}.${index}.${value}`)] as const);
    });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  const text = form.get(prefix);
  return text === null ? undefined : simple(shape, text);
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
