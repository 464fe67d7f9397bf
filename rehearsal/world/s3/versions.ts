import type * as sdk from "@aws-sdk/client-s3";
import type { BucketState, HiddenVersion, StoredObject } from "./bucket-state";
import { listed } from "./listing";

/** The id of what was put while versions were not kept. */
export const nullVersion = "null";

/** Makes an object the current one of its key. @returns what is gone for good */
export function makeCurrent(bucket: BucketState, object: StoredObject): StoredObject[] {
  const before = bucket.objects.get(object.key);
  bucket.objects.set(object.key, object);
  if (before === undefined) bucket.sortedKeys = undefined;
  else if (keeps(bucket, before)) hide(bucket, before);
  else return [before];
  return object.versionId === nullVersion ? dropHidden(bucket, object.key, nullVersion) : [];
}

/**
 * Deletes the current object of a key: for good where versions were never kept, behind a marker otherwise.
 *
 * @param markerId the marker's id, should there be one
 */
export function deleteCurrent(
  bucket: BucketState,
  key: string,
  markerId: string,
  nowMs: number,
): { readonly gone: StoredObject[]; readonly isMarked: boolean } {
  const before = bucket.objects.get(key);
  if (bucket.objects.delete(key)) bucket.sortedKeys = undefined;
  if (bucket.versioning === undefined) return { gone: before === undefined ? [] : [before], isMarked: false };
  const gone: StoredObject[] = [];
  if (before !== undefined) {
    if (keeps(bucket, before)) hide(bucket, before);
    else gone.push(before);
  }
  hide(bucket, { key, versionId: markerId, modifiedMs: nowMs, isMarker: true });
  return { gone, isMarked: true };
}

/** Deletes one version for good, and brings the one before it back when it was the current one. */
export function deleteVersion(bucket: BucketState, key: string, versionId: string): StoredObject[] {
  const current = bucket.objects.get(key);
  const gone: StoredObject[] = [];
  if (current?.versionId === versionId) {
    bucket.objects.delete(key);
    gone.push(current);
  } else gone.push(...dropHidden(bucket, key, versionId));
  const [newest, ...older] = bucket.hidden.get(key) ?? [];
  if (!bucket.objects.has(key) && newest !== undefined && !("isMarker" in newest)) {
    bucket.objects.set(key, newest);
    remember(bucket, key, older);
  }
  bucket.sortedKeys = undefined;
  return gone;
}

/** A version of a key, current or hidden. */
export function versionOf(bucket: BucketState, key: string, versionId: string): HiddenVersion | undefined {
  const current = bucket.objects.get(key);
  return current?.versionId === versionId
    ? current
    : bucket.hidden.get(key)?.find((version) => version.versionId === versionId);
}

/** A page of every version of every key, newest first within a key; a key's versions are never parted. */
export function listVersions(
  bucket: BucketState,
  { prefix = "", after = "", most = 1000 }: { prefix?: string; after?: string; most?: number },
): Pick<sdk.ListObjectVersionsCommandOutput, "Versions" | "DeleteMarkers" | "IsTruncated" | "NextKeyMarker"> {
  const keys = [...new Set([...bucket.objects.keys(), ...bucket.hidden.keys()])].sort();
  const Versions: sdk.ObjectVersion[] = [];
  const DeleteMarkers: sdk.DeleteMarkerEntry[] = [];
  let last = "";
  for (const key of keys) {
    if (!key.startsWith(prefix) || key <= after) continue;
    if (Versions.length + DeleteMarkers.length >= most)
      return { Versions, DeleteMarkers, IsTruncated: true, NextKeyMarker: last };
    const current = bucket.objects.get(key);
    const all = [...(current === undefined ? [] : [current]), ...(bucket.hidden.get(key) ?? [])];
    for (const [index, version] of all.entries()) {
      const shared = { VersionId: version.versionId, IsLatest: index === 0 };
      if ("isMarker" in version)
        DeleteMarkers.push({ ...shared, Key: key, LastModified: new Date(version.modifiedMs) });
      else Versions.push({ ...listed(version), StorageClass: "STANDARD" as const, ...shared });
    }
    last = key;
  }
  return { Versions, DeleteMarkers, IsTruncated: false };
}

/** While versioning is suspended, what was put under `null` is overwritten and everything else is kept. */
function keeps(bucket: BucketState, before: StoredObject): boolean {
  if (bucket.versioning === "Enabled") return true;
  return bucket.versioning === "Suspended" && before.versionId !== nullVersion;
}

function hide(bucket: BucketState, version: HiddenVersion): void {
  remember(bucket, version.key, [version, ...(bucket.hidden.get(version.key) ?? [])]);
}

function dropHidden(bucket: BucketState, key: string, versionId: string): StoredObject[] {
  const versions = bucket.hidden.get(key) ?? [];
  remember(
    bucket,
    key,
    versions.filter((version) => version.versionId !== versionId),
  );
  return versions.filter(
    (version): version is StoredObject => version.versionId === versionId && !("isMarker" in version),
  );
}

function remember(bucket: BucketState, key: string, versions: readonly HiddenVersion[]): void {
  if (versions.length === 0) bucket.hidden.delete(key);
  else bucket.hidden.set(key, versions);
}
