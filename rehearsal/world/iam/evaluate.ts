import type { Principal } from "../call";
import type { Statement } from "./policy-document";

/** What somebody wants to do. */
export interface AccessRequest {
  /** e.g. `s3:GetObject` */
  readonly action: string;
  /** The ARN it would be done to. */
  readonly resource: string;
  /** Condition keys with their values, e.g. `aws:SourceArn`; `aws:SecureTransport` is `true` unless given. */
  readonly context?: Readonly<Record<string, string>>;
}

export interface Policies {
  readonly accountId: string;
  /** What the caller's own policies say; undefined for a caller whose policies are not asked (see Principal). */
  readonly identity?: readonly Statement[];
  /** A bound on the identity policies. @default - none */
  readonly boundary?: readonly Statement[];
  /** What the resource's policy says. @default - it has none */
  readonly resource?: readonly Statement[];
  /**
   * Whether identity policies count only when the resource's policy hands the decision to the account, as with KMS keys.
   * @default false
   */
  readonly resourceMustDelegate?: boolean;
}

export interface Decision {
  readonly allowed: boolean;
  /** In AWS's words, e.g. `because no identity-based policy allows the s3:GetObject action`. */
  readonly reason: string;
}

/** AWS's decision within one account: an explicit denial wins, then any allowance, else it is denied. */
export function decide(principal: Principal, request: AccessRequest, policies: Policies): Decision {
  const matches = (statement: Statement): boolean => covers(statement, request);
  const named = (policies.resource ?? []).filter((statement) => matches(statement));
  const forCaller = named.filter((statement) => concerns(statement, principal, policies.accountId));
  const denied = (where: string): Decision => ({ allowed: false, reason: `with an explicit deny in ${where}` });

  if (forCaller.some(({ effect }) => effect === "Deny")) return denied("a resource-based policy");
  const identity = policies.identity?.filter(matches);
  if (identity?.some(({ effect }) => effect === "Deny")) return denied("an identity-based policy");
  const bounded = policies.boundary?.filter(matches);
  if (bounded?.some(({ effect }) => effect === "Deny")) return denied("a permissions boundary");

  const delegated =
    !policies.resourceMustDelegate || forCaller.some((statement) => namesAccount(statement, policies.accountId));
  if (principal.kind === "administrator" && delegated)
    return { allowed: true, reason: "the caller administers the account" };
  const byResource = forCaller.some(
    (statement) => statement.effect === "Allow" && !namesAccount(statement, policies.accountId),
  );
  const outOfBounds = bounded !== undefined && !bounded.some(({ effect }) => effect === "Allow");
  if (byResource && !outOfBounds) return { allowed: true, reason: "a resource-based policy allows it" };
  if (outOfBounds) {
    return { allowed: false, reason: `because no permissions boundary allows the ${request.action} action` };
  }
  if (identity?.some(({ effect }) => effect === "Allow")) {
    return delegated
      ? { allowed: true, reason: "an identity-based policy allows it" }
      : { allowed: false, reason: `because no resource-based policy allows the ${request.action} action` };
  }
  const kind = principal.kind === "role" || principal.kind === "user" ? "identity-based" : "resource-based";
  return { allowed: false, reason: `because no ${kind} policy allows the ${request.action} action` };
}

function covers(statement: Statement, request: AccessRequest): boolean {
  const action = request.action.toLowerCase();
  const actionFits = statement.actions?.some((pattern) => like(pattern.toLowerCase(), action));
  const actionOut = statement.notActions?.some((pattern) => like(pattern.toLowerCase(), action));
  if (actionFits === false || actionOut === true) return false;
  const resourceFits = statement.resources?.some((pattern) => like(pattern, request.resource));
  const resourceOut = statement.notResources?.some((pattern) => like(pattern, request.resource));
  if (resourceFits === false || resourceOut === true) return false;
  const context: Record<string, string> = { "aws:SecureTransport": "true", ...request.context };
  return statement.conditions.every(({ operator, key, values }) => holds(operator, contextValue(context, key), values));
}

function contextValue(context: Readonly<Record<string, string>>, key: string): string | undefined {
  const found = Object.keys(context).find((each) => each.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : context[found];
}

function concerns(statement: Statement, principal: Principal, accountId: string): boolean {
  return (statement.principals ?? []).some(({ kind, values }) => {
    if (kind === "*" || values.includes("*")) return true;
    if (kind === "Service") return principal.kind === "service" && values.includes(principal.service);
    if (kind !== "AWS" || principal.kind === "service") return false;
    const own = [
      accountId,
      `arn:aws:iam::${accountId}:root`,
      ...(principal.kind === "role" ? [principal.roleArn] : []),
      ...(principal.kind === "user" ? [principal.userArn] : []),
    ];
    return values.some((value) => own.includes(value));
  });
}

/** A statement that names the whole account hands the decision to the account's identity policies. */
function namesAccount(statement: Statement, accountId: string): boolean {
  return (
    statement.effect === "Allow" &&
    (statement.principals ?? []).some(
      ({ kind, values }) =>
        kind === "AWS" && values.some((value) => value === accountId || value === `arn:aws:iam::${accountId}:root`),
    )
  );
}

const comparisons: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  StringLike: (actual, wanted) => like(wanted, actual),
  ArnEquals: (actual, wanted) => like(wanted, actual),
  ArnLike: (actual, wanted) => like(wanted, actual),
  Bool: (actual, wanted) => actual === wanted,
  NumericEquals: (actual, wanted) => Number(actual) === Number(wanted),
  NumericLessThan: (actual, wanted) => Number(actual) < Number(wanted),
  NumericLessThanEquals: (actual, wanted) => Number(actual) <= Number(wanted),
  NumericGreaterThan: (actual, wanted) => Number(actual) > Number(wanted),
  NumericGreaterThanEquals: (actual, wanted) => Number(actual) >= Number(wanted),
};

/** An operator this world does not know holds for nobody, so that a typing mistake shows as a denial. */
function holds(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  const name = operator.replace(/^ForAnyValue:|^ForAllValues:/, "");
  if (actual === undefined && operator.startsWith("ForAllValues:")) return true;
  if (name === "Null") return (actual === undefined) === (wanted[0] === "true");
  const ifExists = name.endsWith("IfExists");
  const plain = ifExists ? name.slice(0, -"IfExists".length) : name;
  if (actual === undefined) return ifExists || /^(String|Arn)Not/.test(plain);
  const negative = /^(String|Arn|Numeric)Not(.+)$/.exec(plain);
  if (negative !== null) return !holds(`${negative[1]}${negative[2]}`, actual, wanted);
  const compare = comparisons[plain];
  return compare !== undefined && wanted.some((value) => compare(actual, value));
}

/** Patterns come from policies, which are asked again with every call. */
const expressions = new Map<string, RegExp>();
const expressionsKept = 10_000;

/** Whether `text` fits a pattern in which `*` stands for anything and `?` for one character. */
export function like(pattern: string, text: string): boolean {
  if (!pattern.includes("*") && !pattern.includes("?")) return pattern === text;
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", "[\\s\\S]*")
      .replaceAll("?", "[\\s\\S]");
    expression = new RegExp(`^${source}$`);
    if (expressions.size >= expressionsKept) expressions.clear();
    expressions.set(pattern, expression);
  }
  return expression.test(text);
}
