/** A policy's statement with every member as a list, so that evaluation has one form to look at. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  /** Principal kinds (`AWS`, `Service`, or `*` for everybody) with their values; absent in identity policies. */
  readonly principals?: ReadonlyArray<{ readonly kind: string; readonly values: readonly string[] }>;
  readonly conditions: ReadonlyArray<{
    readonly operator: string;
    readonly key: string;
    readonly values: readonly string[];
  }>;
}

/** Thrown for text that is not a policy; the message says where. */
export class MalformedPolicy extends Error {}

type Json = Record<string, unknown>;

/** Reads a policy document's JSON text. Throws MalformedPolicy. */
export function parsePolicy(text: string): Statement[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new MalformedPolicy("the policy is not valid JSON");
  }
  if (!isObject(document)) throw new MalformedPolicy("the policy is not an object");
  if (document.Version !== undefined && document.Version !== "2012-10-17" && document.Version !== "2008-10-17") {
    throw new MalformedPolicy(`version ${JSON.stringify(document.Version)} is not supported`);
  }
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  return statements.map(parseStatement);
}

function parseStatement(value: unknown): Statement {
  if (!isObject(value)) throw new MalformedPolicy("a statement is not an object");
  if (value.Effect !== "Allow" && value.Effect !== "Deny")
    throw new MalformedPolicy("a statement's Effect is neither Allow nor Deny");
  if (value.Action === undefined && value.NotAction === undefined)
    throw new MalformedPolicy("a statement has no Action");
  return {
    effect: value.Effect,
    ...optional("actions", value.Action),
    ...optional("notActions", value.NotAction),
    ...optional("resources", value.Resource),
    ...optional("notResources", value.NotResource),
    ...(value.Principal === undefined ? {} : { principals: parsePrincipals(value.Principal) }),
    conditions: parseConditions(value.Condition),
  };
}

function parsePrincipals(value: unknown): NonNullable<Statement["principals"]> {
  if (value === "*") return [{ kind: "*", values: ["*"] }];
  if (!isObject(value)) throw new MalformedPolicy("a statement's Principal is neither * nor an object");
  return Object.entries(value).map(([kind, names]) => ({ kind, values: texts(names) }));
}

function parseConditions(value: unknown): Statement["conditions"] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new MalformedPolicy("a statement's Condition is not an object");
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw new MalformedPolicy(`the condition ${operator} is not an object`);
    return Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) }));
  });
}

function optional<Key extends string>(key: Key, value: unknown): { [K in Key]?: string[] } {
  return (value === undefined ? {} : { [key]: texts(value) }) as { [K in Key]?: string[] };
}

function texts(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((each) => {
    if (typeof each === "string") return each;
    if (typeof each === "boolean" || typeof each === "number") return String(each);
    throw new MalformedPolicy(`${JSON.stringify(each)} stands where text is expected`);
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
