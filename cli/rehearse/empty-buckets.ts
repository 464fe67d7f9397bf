import type { Manifest } from "../../contract/manifest";
import { prefixes } from "../../contract/requests";
import { administrator } from "../../rehearsal/world/call";
import type { World } from "../../rehearsal/world/world";

/**
 * Deletes every payload, result and failure, as a person would before a destroy: AWS does not delete a bucket with
 * something in it, and a production stack does not allow that to be done for it. The model's files are the stack's own.
 */
export async function emptyBuckets(world: World, manifest: Manifest): Promise<void> {
  for (const { region, inputPrefix } of Object.values(manifest.regions)) {
    const call = { accountId: world.accountId, region, principal: administrator };
    const Bucket = new URL(inputPrefix).hostname;
    for (const Prefix of [prefixes.inputs, prefixes.results, prefixes.failures]) {
      const { Versions = [], DeleteMarkers = [] } = await world.s3.listObjectVersions(call, { Bucket, Prefix });
      for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
        await world.s3.deleteObject(call, { Bucket, Key, VersionId });
      }
    }
  }
}
