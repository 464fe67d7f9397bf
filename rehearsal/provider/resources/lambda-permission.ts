import { unlessGone } from "../aws-calls";
import { arn, replaces, required, text } from "../property";
import { defineResource } from "../resource-type";

const gone = ["ResourceNotFoundException"] as const;

interface StatementOfPolicy {
  readonly Sid: string;
  readonly Action: string;
  readonly Principal: "*" | { readonly Service: string };
  readonly Condition?: {
    readonly ArnLike?: Readonly<Record<string, string>>;
    readonly StringEquals?: Readonly<Record<string, string>>;
  };
}

/** Who may invoke a function. Its id is its statement's id. The function itself is not the program's. */
export const lambdaPermission = defineResource({
  token: "aws:lambda/permission:Permission",
  regional: true,
  importForm: "<function name>/<statement id>",
  inputs: {
    action: required(
      replaces(text({ pattern: /^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/, patternMeans: "an action of Lambda" })),
    ),
    function: required(
      replaces(
        text({
          pattern: /^(arn:aws:lambda:[a-z0-9-]+:\d{12}:function:)?[a-zA-Z0-9-_]{1,140}$/,
          patternMeans: "a function's name or ARN",
        }),
      ),
    ),
    principal: required(replaces(text({ minLength: 1 }))),
    qualifier: replaces(text({ maxLength: 128, pattern: /^[a-zA-Z0-9-_$]+$/, patternMeans: "a version or an alias" })),
    sourceAccount: replaces(text({ pattern: /^\d{12}$/, patternMeans: "an account id" })),
    sourceArn: replaces(arn()),
    statementId: required(
      replaces(text({ maxLength: 100, pattern: /^[a-zA-Z0-9-_]+$/, patternMeans: "letters, digits, - and _" })),
    ),
  },
  computed: [],
  autoname: { property: "statementId", maxLength: 100 },
  imported(id) {
    const [, named, statementId] = /^([^/]+)\/([^/]+)$/.exec(id) ?? [];
    return named === undefined || statementId === undefined
      ? undefined
      : { id: statementId, inputs: { function: named, statementId } };
  },
  async create({ aws, exists }, given) {
    await aws.lambda.addPermission({
      FunctionName: given.function,
      StatementId: given.statementId,
      Action: given.action,
      Principal: given.principal,
      ...(given.qualifier === undefined ? {} : { Qualifier: given.qualifier }),
      ...(given.sourceArn === undefined ? {} : { SourceArn: given.sourceArn }),
      ...(given.sourceAccount === undefined ? {} : { SourceAccount: given.sourceAccount }),
    });
    exists(given.statementId);
    return given.statementId;
  },
  async read({ aws }, { id, inputs: known }) {
    const answer = await unlessGone(gone, () => aws.lambda.getPolicy(functionOf(known)));
    if (answer === undefined) return undefined;
    const { Statement } = JSON.parse(answer.Policy) as { Statement: readonly StatementOfPolicy[] };
    const found = Statement.find(({ Sid }) => Sid === id);
    if (found === undefined) return undefined;
    return {
      function: known.function,
      qualifier: known.qualifier,
      statementId: found.Sid,
      action: found.Action,
      principal: found.Principal === "*" ? "*" : found.Principal.Service,
      sourceArn: found.Condition?.ArnLike?.["AWS:SourceArn"],
      sourceAccount: found.Condition?.StringEquals?.["AWS:SourceAccount"],
    };
  },
  async delete({ aws }, { id, inputs: given }) {
    await unlessGone(gone, () => aws.lambda.removePermission({ ...functionOf(given), StatementId: id }));
  },
});

function functionOf(given: { readonly function?: unknown; readonly qualifier?: unknown }) {
  return {
    FunctionName: String(given.function),
    ...(given.qualifier === undefined ? {} : { Qualifier: String(given.qualifier) }),
  };
}
