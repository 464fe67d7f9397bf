import type { RegionManifest } from "../../contract/manifest";
import { administrator, type Call } from "../../rehearsal/world/call";
import type { World } from "../../rehearsal/world/world";

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Runs `run` as a user who holds the region's policy for callers and nothing else, so that the rehearsal shows that this
 * policy suffices. The user is gone afterwards: a policy that is attached to somebody cannot be destroyed.
 */
export async function asCaller<Value>(
  world: World,
  region: RegionManifest,
  run: (credentials: Credentials) => Promise<Value>,
): Promise<Value> {
  const { iam } = world;
  const call: Call = { accountId: world.accountId, region: region.region, principal: administrator };
  // Several steps of a rehearsal may be under way in one region.
  const UserName = `caller-${region.region}-${world.ids.hex(8)}`;
  const attached = { UserName, PolicyArn: region.callerPolicyArn };
  await iam.createUser(call, { UserName });
  await iam.attachUserPolicy(call, attached);
  const { AccessKey } = await iam.createAccessKey(call, { UserName });
  const AccessKeyId = AccessKey?.AccessKeyId ?? "";
  try {
    return await run({ accessKeyId: AccessKeyId, secretAccessKey: AccessKey?.SecretAccessKey ?? "" });
  } finally {
    await iam.deleteAccessKey(call, { UserName, AccessKeyId });
    await iam.detachUserPolicy(call, attached);
    await iam.deleteUser(call, { UserName });
  }
}
