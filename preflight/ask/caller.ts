import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { UsageError } from "../../contract/errors";
import type { Answer } from "../verdict";
import { asked, failureKind } from "./asked";
import type { Asking } from "./asking";

export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  /** The user or role whose policies decide, or why there is none to ask about. */
  readonly policySource: Answer<string>;
}

/**
 * Who asks. Without an answer there is nothing else to ask.
 *
 * @throws UsageError ASY-620 without credentials, ASY-621 with credentials that AWS refuses, ASY-622 when nobody answers
 */
export async function askCaller(asking: Asking): Promise<Caller> {
  const client = asking.client(STSClient, asking.homeRegion);
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}), asking.call);
    const arn = Arn ?? "";
    return { accountId: Account ?? "", arn, policySource: await policySourceOf(asking, arn) };
  } catch (cause) {
    asking.signal.throwIfAborted();
    const { name, message, code } = cause as Error & { code?: string };
    const got = [name, code, message].filter((part) => part !== undefined && part !== "").join(": ");
    const at =
      asking.access.endpoint ?? (asking.access.profile === undefined ? "AWS" : `profile ${asking.access.profile}`);
    switch (failureKind(cause)) {
      case "credentials":
        throw new UsageError({
          code: "ASY-620",
          at,
          got: message,
          expected: "credentials of the account to deploy to",
        });
      case "refused":
      case "expired":
        throw new UsageError({ code: "ASY-621", at, got, expected: "credentials that are in force" });
      case "unreachable":
      case "throttled":
        throw new UsageError({ code: "ASY-622", at, got, expected: "an answer to sts:GetCallerIdentity" });
      default:
        throw cause;
    }
  }
}

/**
 * The user's or role's ARN behind a caller's. A session of a role names the role without its path, so the role itself is
 * asked.
 */
async function policySourceOf(asking: Asking, arn: string): Promise<Answer<string>> {
  if (/^arn:aws[\w-]*:iam::\d+:user\//.test(arn)) return { known: arn };
  const roleName = /^arn:aws[\w-]*:sts::\d+:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (roleName === undefined) {
    return { unknown: `${arn} has no policies that could be simulated: its rights cannot be asked for` };
  }
  const client = asking.client(IAMClient, asking.homeRegion);
  const role = await asked(asking.signal, () => client.send(new GetRoleCommand({ RoleName: roleName }), asking.call));
  return "unknown" in role ? role : { known: role.known.Role?.Arn ?? "" };
}
