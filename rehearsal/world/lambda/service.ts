import { AwsError } from "../aws-error";
import type { Call } from "../call";
import { Partitions } from "../partitions";
import type { World } from "../world";

/** The members of Lambda's AddPermission that are played. */
export interface AddPermissionInput {
  /** A name, or an ARN with or without a qualifier. */
  readonly FunctionName: string;
  readonly StatementId: string;
  readonly Action: string;
  readonly Principal: string;
  readonly Qualifier?: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
}

interface Named {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

/**
 * Lambda as far as its functions hear of results: who may invoke them. No function is run. The functions are the
 * account's own, made elsewhere, so every name stands for one that exists.
 */
export class Lambda {
  private readonly permissions = new Partitions<Map<string, Map<string, object>>>(() => new Map());

  constructor(private readonly world: World) {}

  async addPermission(call: Call, input: AddPermissionInput): Promise<{ Statement: string }> {
    if (!/^[a-zA-Z0-9-_]{1,100}$/.test(input.StatementId)) throw refused("statementId", input.StatementId);
    if (!/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/.test(input.Action)) throw refused("action", input.Action);
    const resource = functionArn(call, input);
    const statements = this.permissions.of(call).get(resource) ?? new Map<string, object>();
    if (statements.has(input.StatementId)) {
      throw new AwsError(
        "ResourceConflictException",
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        409,
      );
    }
    const statement = {
      Sid: input.StatementId,
      Effect: "Allow",
      Principal: input.Principal === "*" ? "*" : { Service: input.Principal },
      Action: input.Action,
      Resource: resource,
      ...conditionOf(input),
    };
    statements.set(input.StatementId, statement);
    this.permissions.of(call).set(resource, statements);
    return { Statement: JSON.stringify(statement) };
  }

  /** @throws AwsError ResourceNotFoundException when the function was given no permission */
  async getPolicy(call: Call, input: Named): Promise<{ Policy: string }> {
    const statements = this.permissions.of(call).get(functionArn(call, input));
    if (statements === undefined || statements.size === 0) throw noPolicy();
    return { Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: [...statements.values()] }) };
  }

  async removePermission(call: Call, input: Named & { readonly StatementId: string }): Promise<object> {
    const statements = this.permissions.of(call).get(functionArn(call, input));
    if (statements?.delete(input.StatementId) !== true) throw noPolicy();
    return {};
  }

  /**
   * Asks whether a service may invoke a function, as Lambda asks when it is called.
   *
   * @throws AwsError AccessDeniedException
   */
  authorizeInvoke(call: Call, arn: string): void {
    const statements = this.permissions.of(call).get(arn);
    const resourcePolicy =
      statements === undefined || statements.size === 0
        ? undefined
        : JSON.stringify({ Version: "2012-10-17", Statement: [...statements.values()] });
    const { principal } = call;
    const context: Record<string, string> = {
      "aws:SourceAccount": call.accountId,
      ...(principal.kind === "service" && principal.sourceArn !== undefined
        ? { "aws:SourceArn": principal.sourceArn }
        : {}),
    };
    const request = { action: "lambda:InvokeFunction", resource: arn, context };
    const decision = this.world.iam.isAllowed(call, { ...request, resourcePolicy });
    if (!decision.allowed)
      throw new AwsError("AccessDeniedException", this.world.iam.refusal(call, request, decision), 403);
  }
}

function functionArn(call: Call, { FunctionName, Qualifier }: Named): string {
  const own = FunctionName.startsWith("arn:")
    ? FunctionName
    : `arn:aws:lambda:${call.region}:${call.accountId}:function:${FunctionName}`;
  return Qualifier === undefined ? own : `${own}:${Qualifier}`;
}

function conditionOf({ SourceArn, SourceAccount }: AddPermissionInput): { Condition?: object } {
  const condition = {
    ...(SourceAccount === undefined ? {} : { StringEquals: { "AWS:SourceAccount": SourceAccount } }),
    ...(SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": SourceArn } }),
  };
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
}

function refused(member: string, value: string): AwsError {
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern`,
  );
}

function noPolicy(): AwsError {
  return new AwsError("ResourceNotFoundException", "No policy is associated with the given resource.", 404);
}
