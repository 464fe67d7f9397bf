import type * as sdk from "@aws-sdk/client-sts";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { nameOf } from "../iam/names";
import { principalArn } from "../iam/service";
import type { World } from "../world";

const sessionSeconds = { least: 900, usual: 3600, most: 43_200 };

/** Security Token Service: who is calling, and keys for a while as somebody else. */
export class Sts {
  constructor(private readonly world: World) {}

  async getCallerIdentity(
    call: Call,
    _input: sdk.GetCallerIdentityCommandInput,
  ): Promise<Answer<sdk.GetCallerIdentityCommandOutput>> {
    return { Account: call.accountId, Arn: principalArn(call), UserId: "AIDAREHEARSAL" };
  }

  /** The role's trust policy decides, and the caller's own policies where that leaves it to the account. */
  async assumeRole(call: Call, input: sdk.AssumeRoleCommandInput): Promise<Answer<sdk.AssumeRoleCommandOutput>> {
    const roleArn = input.RoleArn ?? "";
    const sessionName = input.RoleSessionName ?? "";
    if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
      throw new AwsError(
        "ValidationError",
        "The roleSessionName must be 2 to 64 of the characters a-z A-Z 0-9 +=,.@-_",
      );
    }
    if (input.Policy !== undefined || (input.PolicyArns ?? []).length > 0)
      throw new AwsError("NotImplemented", "Session policies are not played by this rehearsal.", 501);
    const seconds = input.DurationSeconds ?? sessionSeconds.usual;
    if (seconds < sessionSeconds.least || seconds > sessionSeconds.most) {
      throw new AwsError(
        "ValidationError",
        `The requested DurationSeconds must be from ${sessionSeconds.least} to ${sessionSeconds.most}.`,
      );
    }
    const decision = this.world.iam.isAssumable(call, roleArn);
    // As AWS does, a missing role is not told from a closed one, nor why it is closed.
    if (!decision.allowed) {
      throw new AwsError(
        "AccessDenied",
        `User: ${principalArn(call)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
    }
    const session = this.world.iam.startSession(roleArn, sessionName, seconds);
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: new Date(session.expiresMs),
      },
      AssumedRoleUser: {
        AssumedRoleId: `AROAREHEARSAL:${sessionName}`,
        Arn: `arn:aws:sts::${call.accountId}:assumed-role/${nameOf(roleArn)}/${sessionName}`,
      },
    };
  }
}
