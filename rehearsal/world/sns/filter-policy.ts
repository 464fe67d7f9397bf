type Json = Record<string, unknown>;

/** Thrown for a filter policy SNS would refuse. */
export class BadFilterPolicy extends Error {}

/** Whether a message passes a subscription's filter policy (JSON text), by its attributes or by its body. */
export function passes(
  policy: string,
  scope: string,
  body: string,
  attributes: Readonly<Record<string, string>>,
): boolean {
  const rules = parseFilterPolicy(policy);
  if (scope !== "MessageBody") return fits(rules, attributes);
  try {
    return fits(rules, JSON.parse(body) as Json);
  } catch {
    return false;
  }
}

/** @throws BadFilterPolicy */
export function parseFilterPolicy(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadFilterPolicy("FilterPolicy: failed to parse JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BadFilterPolicy("FilterPolicy: must be an object");
  return value as Json;
}

function fits(rules: Json, message: Json): boolean {
  return Object.entries(rules).every(([key, rule]) => {
    const value = message?.[key];
    if (Array.isArray(rule)) return rule.some((condition) => meets(condition, value));
    return (
      typeof rule === "object" &&
      rule !== null &&
      typeof value === "object" &&
      value !== null &&
      fits(rule as Json, value as Json)
    );
  });
}

function meets(condition: unknown, value: unknown): boolean {
  if (typeof condition !== "object" || condition === null)
    return Array.isArray(value) ? value.includes(condition) : value === condition;
  const { exists, prefix, suffix, numeric, ...rest } = condition as Json & {
    exists?: boolean;
    prefix?: string;
    suffix?: string;
    numeric?: unknown[];
  };
  if (exists !== undefined) return (value !== undefined) === exists;
  if (prefix !== undefined) return typeof value === "string" && value.startsWith(prefix);
  if (suffix !== undefined) return typeof value === "string" && value.endsWith(suffix);
  if (numeric !== undefined) return inRange(numeric, Number(value));
  const not = rest["anything-but"];
  if (not !== undefined)
    return value !== undefined && !(Array.isArray(not) ? not : [not]).some((each) => meets(each, value));
  return false;
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
  return !Number.isNaN(value);
}
