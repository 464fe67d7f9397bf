import { createHash } from "node:crypto";
import { choice, document, fallback, list, object, required, set, text, type Values } from "../property";
import { isRecord } from "../property-values";
import { defineFunction } from "./provider-function";

const principals = () => set(object({ type: required(text()), identifiers: required(set(text())) }));

const statement = {
  sid: text({ pattern: /^[a-zA-Z0-9]*$/, patternMeans: "letters and digits" }),
  effect: fallback("Allow", choice(["Allow", "Deny"])),
  actions: set(text()),
  notActions: set(text()),
  resources: set(text()),
  notResources: set(text()),
  principals: principals(),
  notPrincipals: principals(),
  conditions: set(object({ test: required(text()), variable: required(text()), values: required(list(text())) })),
};
type Statement = Values<typeof statement>;

const args = {
  policyId: text(),
  version: fallback("2012-10-17", choice(["2008-10-17", "2012-10-17"])),
  statements: list(object(statement)),
  sourcePolicyDocuments: list(document()),
  overridePolicyDocuments: list(document()),
  sourceJson: text({ maxLength: 0 }),
  overrideJson: text({ maxLength: 0 }),
};

/** A policy document put together of statements, in the form that AWS's provider writes. */
export const getPolicyDocument = defineFunction({
  token: "aws:iam/getPolicyDocument:getPolicyDocument",
  args,
  async answer(_context, given) {
    const own = {
      Version: given.version,
      ...(given.policyId === undefined ? {} : { Id: given.policyId }),
      Statement: (given.statements ?? []).map(statementOf),
    };
    const parts = [
      ...(given.sourcePolicyDocuments ?? []).map((each): unknown => JSON.parse(each)),
      own,
      ...(given.overridePolicyDocuments ?? []).map((each): unknown => JSON.parse(each)),
    ];
    const merged = parts.reduce(merge, {});
    const json = JSON.stringify(merged, undefined, 2);
    return {
      ...given,
      json,
      minifiedJson: JSON.stringify(merged),
      id: String(createHash("sha256").update(json).digest().readUInt32BE(0)),
    };
  },
});

/** A later document's statement takes the place of an earlier one with the same Sid. */
function merge(one: object, other: unknown): object {
  if (!isRecord(other)) return one;
  const { Version: oldVersion, Id: oldId, Statement: before } = one as Record<string, unknown>;
  const statements = asList(before);
  for (const fresh of asList(other.Statement)) {
    const sid = isRecord(fresh) ? fresh.Sid : undefined;
    const index = statements.findIndex((each) => sid !== undefined && isRecord(each) && each.Sid === sid);
    if (index < 0) statements.push(fresh);
    else statements[index] = fresh;
  }
  const version = [oldVersion, other.Version]
    .filter((each) => typeof each === "string")
    .sort()
    .at(-1);
  const id = other.Id ?? oldId;
  return {
    ...(version === undefined ? {} : { Version: version }),
    ...(id === undefined ? {} : { Id: id }),
    ...(statements.length === 0 ? {} : { Statement: statements }),
  };
}

function asList(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? [...value] : [value];
}

function statementOf(given: Statement): object {
  return {
    ...(given.sid === undefined || given.sid === "" ? {} : { Sid: given.sid }),
    Effect: given.effect,
    ...several("Action", given.actions),
    ...several("NotAction", given.notActions),
    ...several("Resource", given.resources),
    ...several("NotResource", given.notResources),
    ...principalsOf("Principal", given.principals),
    ...principalsOf("NotPrincipal", given.notPrincipals),
    ...conditionsOf(given.conditions),
  };
}

/** One is written alone, several in falling order, as AWS's provider does. */
function several(name: string, values: readonly string[] | undefined): Record<string, string | string[]> {
  if (values === undefined || values.length === 0) return {};
  const [only, ...others] = [...values].sort().reverse().map(withVariables);
  return { [name]: only !== undefined && others.length === 0 ? only : [only ?? "", ...others] };
}

function principalsOf(name: string, given: Statement["principals"]): Record<string, unknown> {
  if (given === undefined || given.length === 0) return {};
  const [first] = given;
  if (given.length === 1 && first?.type === "*" && first.identifiers.join() === "*") return { [name]: "*" };
  const identifiers: Record<string, string[]> = {};
  for (const each of given) identifiers[each.type] = [...(identifiers[each.type] ?? []), ...each.identifiers];
  return { [name]: Object.assign({}, ...Object.entries(identifiers).map(([type, ids]) => several(type, ids))) };
}

function conditionsOf(given: Statement["conditions"]): Record<string, unknown> {
  if (given === undefined || given.length === 0) return {};
  const tests: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of given) {
    const variables = tests[test] ?? {};
    tests[test] = { ...variables, [variable]: [...(variables[variable] ?? []), ...values.map(withVariables)] };
  }
  return {
    Condition: Object.fromEntries(
      Object.entries(tests).map(([test, variables]) => [
        test,
        Object.fromEntries(
          Object.entries(variables).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
        ),
      ]),
    ),
  };
}

/** `&{aws:username}` stands for IAM's own `${...}`, which the program's language would have taken for itself. */
function withVariables(value: string): string {
  return value.replaceAll("&{", "${");
}
