import type * as sdk from "@aws-sdk/client-iam";
import { AwsError } from "../aws-error";
import { type Answer, administrator, type Call, type Principal } from "../call";
import type { World } from "../world";
import { like } from "./evaluate";

/**
 * What the policies of a user or role say to actions, without doing them. Of the deployer's own policies a rehearsal
 * knows only which actions the account's conditions deny.
 */
export function simulatePrincipalPolicy(
  world: World,
  call: Call,
  input: sdk.SimulatePrincipalPolicyCommandInput,
): Answer<sdk.SimulatePrincipalPolicyCommandOutput> {
  const source = input.PolicySourceArn ?? "";
  const principal = principalOf(world, source);
  const context = Object.fromEntries(
    (input.ContextEntries ?? []).map(({ ContextKeyName, ContextKeyValues }) => [
      ContextKeyName ?? "",
      ContextKeyValues?.[0] ?? "",
    ]),
  );
  const results = (input.ActionNames ?? []).flatMap((action) =>
    (input.ResourceArns ?? ["*"]).map((resource) => ({
      EvalActionName: action,
      EvalResourceName: resource,
      EvalDecision: decisionOn(world, { ...call, principal }, { action, resource, context }),
      MatchedStatements: [],
      MissingContextValues: [],
    })),
  );
  return { EvaluationResults: results, IsTruncated: false };
}

/** @throws AwsError InvalidInput for a principal that has no policies of its own */
function principalOf(world: World, arn: string): Principal {
  if (/^arn:aws:iam::\d{12}:role\//.test(arn)) return { kind: "role", roleArn: arn };
  if (/^arn:aws:iam::\d{12}:user\//.test(arn)) {
    return world.iam.hasUser(arn) ? { kind: "user", userArn: arn } : administrator;
  }
  throw new AwsError("InvalidInput", `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
}

function decisionOn(
  world: World,
  call: Call,
  request: { readonly action: string; readonly resource: string; readonly context: Readonly<Record<string, string>> },
): "allowed" | "explicitDeny" | "implicitDeny" {
  const denied = world.account.conditions.deniedActions ?? [];
  if (denied.some((pattern) => like(pattern.toLowerCase(), request.action.toLowerCase()))) return "explicitDeny";
  const { allowed, reason } = world.iam.isAllowed(call, request);
  if (allowed) return "allowed";
  return reason.startsWith("with an explicit deny") ? "explicitDeny" : "implicitDeny";
}
