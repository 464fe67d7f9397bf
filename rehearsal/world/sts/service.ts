import type * as sdk from "@aws-sdk/client-sts";
import type { Answer, Call } from "../call";
import { principalArn } from "../iam/service";
import type { World } from "../world";

/** Security Token Service: who is calling. */
export class Sts {
  constructor(readonly world: World) {}

  async getCallerIdentity(
    call: Call,
    _input: sdk.GetCallerIdentityCommandInput,
  ): Promise<Answer<sdk.GetCallerIdentityCommandOutput>> {
    return { Account: call.accountId, Arn: principalArn(call), UserId: "AIDAREHEARSAL" };
  }
}
