import { filterPolicyCombinationsMax, filterPolicyKeysMax } from "../../../contract/limits";

type Json = Record<string, unknown>;

/** Thrown for a filter policy SNS would refuse. */
export class BadFilterPolicy extends Error {}

/** Numbers of a filter policy lie within plus and minus this (SNS guide, subscription-filter-policy-constraints). */
const numberMax = 1e9;

/** A message attribute as it was published. */
export interface Attribute {
  readonly type: string;
  readonly value: string;
}

/** Whether a message passes a subscription's filter policy (JSON text), by its attributes or by its body. */
export function passes(
  policy: string,
  scope: string,
  body: string,
  attributes: Readonly<Record<string, Attribute>>,
): boolean {
  const rules = parseFilterPolicy(policy, scope);
  if (scope !== "MessageBody") return fits(rules, fromAttributes(attributes));
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) && fits(rules, value);
  } catch {
    return false;
  }
}

/**
 * Reads a filter policy as SNS does when a subscription is given one.
 *
 * @throws BadFilterPolicy
 */
export function parseFilterPolicy(text: string, scope: string): Json {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw new BadFilterPolicy("FilterPolicy: failed to parse JSON.");
  }
  if (!isObject(policy)) throw new BadFilterPolicy("FilterPolicy: must be an object");
  const leaves = leavesOf(policy, scope);
  if (leaves.length > filterPolicyKeysMax)
    throw new BadFilterPolicy(`FilterPolicy: Filter policy can not have more than ${filterPolicyKeysMax} keys`);
  const combinations = leaves.reduce((product, { conditions, depth }) => product * conditions.length * depth, 1);
  if (combinations > filterPolicyCombinationsMax)
    throw new BadFilterPolicy("FilterPolicy: Filter policy is too complex");
  for (const { conditions } of leaves) conditions.forEach(checkCondition);
  return policy;
}

interface Leaf {
  readonly conditions: readonly unknown[];
  /** How many levels down it stands, which counts for the complexity of a policy on bodies. */
  readonly depth: number;
}

function leavesOf(rules: Json, scope: string, depth = 1): Leaf[] {
  return Object.entries(rules).flatMap(([key, rule]) => {
    if (Array.isArray(rule)) {
      if (rule.length === 0) throw new BadFilterPolicy("FilterPolicy: Empty arrays are not allowed");
      return [{ conditions: rule, depth }];
    }
    if (isObject(rule) && scope === "MessageBody") return leavesOf(rule, scope, depth + 1);
    throw new BadFilterPolicy(
      `FilterPolicy: "${key}" must be an ${scope === "MessageBody" ? "object or an " : ""}array`,
    );
  });
}

const operators = ["exists", "prefix", "suffix", "equals-ignore-case", "numeric", "anything-but"] as const;

function checkCondition(condition: unknown): void {
  if (condition === null || ["string", "boolean"].includes(typeof condition)) return;
  if (typeof condition === "number") {
    checkNumber(condition);
    return;
  }
  if (!isObject(condition))
    throw new BadFilterPolicy("FilterPolicy: Match value must be String, number, true, false, or null");
  const names = Object.keys(condition);
  const [name = ""] = names;
  if (names.length !== 1) throw new BadFilterPolicy("FilterPolicy: Only one key allowed in match expression");
  if (!(operators as readonly string[]).includes(name))
    throw new BadFilterPolicy(`FilterPolicy: Unrecognized match type ${name}`);
  const value = condition[name];
  if (name === "exists" && typeof value !== "boolean")
    throw new BadFilterPolicy("FilterPolicy: exists match pattern must be either true or false.");
  if (["prefix", "suffix", "equals-ignore-case"].includes(name) && typeof value !== "string")
    throw new BadFilterPolicy(`FilterPolicy: ${name} match pattern must be a string`);
  if (name === "numeric") checkRange(value);
  if (name === "anything-but") {
    const list = Array.isArray(value) ? value : [value];
    if (list.length === 0) throw new BadFilterPolicy("FilterPolicy: Empty arrays are not allowed");
    if (isObject(value)) checkCondition(value);
  }
}

function checkRange(value: unknown): void {
  if (!Array.isArray(value) || value.length === 0 || value.length > 4 || value.length % 2 === 1)
    throw new BadFilterPolicy("FilterPolicy: Value of numeric must be an array of one or two comparisons");
  for (let index = 0; index < value.length; index += 2) {
    if (!["=", "<", "<=", ">", ">="].includes(String(value[index])))
      throw new BadFilterPolicy(`FilterPolicy: Unrecognized numeric range operator: ${value[index]}`);
    if (typeof value[index + 1] !== "number")
      throw new BadFilterPolicy(`FilterPolicy: Value of ${value[index]} must be numeric`);
    checkNumber(value[index + 1] as number);
  }
}

function checkNumber(value: number): void {
  if (Math.abs(value) > numberMax)
    throw new BadFilterPolicy(`FilterPolicy: Value must be between ${-numberMax} and ${numberMax}, inclusive`);
}

/** Every key of the policy must be met; of the conditions of a key one is enough. */
function fits(rules: Json, message: Json): boolean {
  return Object.entries(rules).every(([key, rule]) => {
    const value = Object.hasOwn(message, key) ? message[key] : undefined;
    if (Array.isArray(rule)) return rule.some((condition) => meets(condition, value));
    // A list of objects in the body passes when one of them does.
    return (Array.isArray(value) ? value : [value]).some((each) => isObject(each) && fits(rule as Json, each));
  });
}

/** A list in the message passes when one of its values does. */
function meets(condition: unknown, value: unknown): boolean {
  if (isObject(condition) && "exists" in condition) return (value !== undefined) === condition.exists;
  if (value === undefined) return false;
  return Array.isArray(value) ? value.some((each) => meetsOne(condition, each)) : meetsOne(condition, value);
}

function meetsOne(condition: unknown, value: unknown): boolean {
  if (!isObject(condition)) return value === condition;
  const text = typeof value === "string" ? value : undefined;
  const { prefix, suffix, numeric } = condition;
  if (typeof prefix === "string") return text?.startsWith(prefix) === true;
  if (typeof suffix === "string") return text?.endsWith(suffix) === true;
  const same = condition["equals-ignore-case"];
  if (typeof same === "string") return text?.toLowerCase() === same.toLowerCase();
  if (Array.isArray(numeric)) return typeof value === "number" && inRange(numeric, value);
  const not = condition["anything-but"];
  return !(Array.isArray(not) ? not : [not]).some((each) => meetsOne(each, value));
}

function inRange(numeric: readonly unknown[], value: number): boolean {
  for (let index = 0; index < numeric.length; index += 2) {
    const bound = Number(numeric[index + 1]);
    const holds = {
      "=": value === bound,
      "<": value < bound,
      "<=": value <= bound,
      ">": value > bound,
      ">=": value >= bound,
    }[String(numeric[index])];
    if (holds !== true) return false;
  }
  return true;
}

function fromAttributes(attributes: Readonly<Record<string, Attribute>>): Json {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => {
      if (type === "String.Array") return [name, parsedOr(value)];
      return [name, type.startsWith("Number") ? Number(value) : value];
    }),
  );
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
