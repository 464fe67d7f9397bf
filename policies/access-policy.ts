import type { Props } from "./async-resources";

/** One statement of an IAM, bucket, topic, queue or key policy, with every list made one. */
export interface Statement {
  readonly allows: boolean;
  /** `*`, or kind and name, e.g. `Service:sns.amazonaws.com`, `AWS:arn:…`. Empty in a role's own policy. */
  readonly principals: readonly string[];
  /** Everybody but the named: as open as `*`. */
  readonly exceptPrincipals: boolean;
  /** In lower case: AWS does not tell cases apart. */
  readonly actions: readonly string[];
  /** Everything but the named. */
  readonly exceptActions: boolean;
  readonly resources: readonly string[];
  readonly exceptResources: boolean;
  readonly conditions: readonly Condition[];
}

export interface Condition {
  /** In lower case, as is the key. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** The statements of a policy, whether it is JSON text or an object; undefined when it is neither. */
export function statementsOf(policy: unknown): readonly Statement[] | undefined {
  const document = typeof policy === "string" ? parsed(policy) : policy;
  if (typeof document !== "object" || document === null || !("Statement" in document)) return undefined;
  const { Statement } = document as { Statement: unknown };
  return (Array.isArray(Statement) ? Statement : [Statement]).map((each) => statement(each as Props));
}

/**
 * Looks at a policy's statements; a text that is no policy is a violation itself, since nothing can be said of it.
 */
export function judgePolicy(
  policy: unknown,
  what: string,
  report: (message: string) => void,
  judge: (statements: readonly Statement[]) => void,
): void {
  const statements = statementsOf(policy);
  if (statements === undefined) report(`${what} is no policy document in JSON.`);
  else judge(statements);
}

/** Whether a statement allows anybody at all: everybody is named, and no condition says who or from where. */
export function allowsAnybody({ allows, principals, exceptPrincipals, conditions }: Statement): boolean {
  const everybody = exceptPrincipals || principals.some((each) => each === "*" || each === "AWS:*");
  return allows && everybody && !conditions.some(tellsWho);
}

/** Whether statements together refuse calls without TLS, by everybody, for one of the actions and for each resource. */
export function refusesPlainHttp(
  statements: readonly Statement[],
  actions: readonly string[],
  coversAll: (resources: readonly string[]) => boolean = () => true,
): boolean {
  const refusing = statements.filter(({ allows, principals, conditions: [condition, ...more], ...statement }) => {
    const everybody = principals.some((each) => each === "*" || each === "AWS:*");
    const called = statement.actions.some((action) => action === "*" || actions.includes(action));
    return !allows && everybody && called && more.length === 0 && isWithoutTls(condition);
  });
  return refusing.length > 0 && coversAll(refusing.flatMap(({ resources }) => resources));
}

function isWithoutTls(condition: Condition | undefined): boolean {
  const { operator = "", key = "", values = [] } = condition ?? {};
  return operator.startsWith("bool") && key === "aws:securetransport" && values.join() === "false";
}

const whoKeys = new Set([
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceowner",
  "aws:sourceorgid",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "kms:calleraccount",
]);

/** A condition that narrows who may call. `…IfExists` does not: it passes a call that carries no such key. */
export function tellsWho({ operator, key, values }: Condition): boolean {
  return (
    whoKeys.has(key) &&
    /^(foranyvalue:)?(string|arn)(equals|like|equalsignorecase)$/.test(operator) &&
    values.every((value) => !/^\*?$/.test(value))
  );
}

function statement(from: Props): Statement {
  const principal = from.Principal ?? from.NotPrincipal;
  return {
    allows: from.Effect === "Allow",
    principals: typeof principal === "object" && principal !== null ? named(principal as Props) : list(principal),
    exceptPrincipals: "NotPrincipal" in from,
    actions: list(from.Action ?? from.NotAction).map((action) => action.toLowerCase()),
    exceptActions: "NotAction" in from,
    resources: list(from.Resource ?? from.NotResource),
    exceptResources: "NotResource" in from,
    conditions: Object.entries((from.Condition ?? {}) as Props).flatMap(([operator, keys]) =>
      Object.entries(keys as Props).map(([key, values]) => ({
        operator: operator.toLowerCase(),
        key: key.toLowerCase(),
        values: list(values),
      })),
    ),
  };
}

function named(principal: Props): string[] {
  return Object.entries(principal).flatMap(([kind, names]) => list(names).map((name) => `${kind}:${name}`));
}

function list(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
