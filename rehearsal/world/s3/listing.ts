import type * as sdk from "@aws-sdk/client-s3";
import type { BucketState, StoredObject } from "./bucket-state";

/** One page of a bucket's keys, as both listing operations cut it. */
export interface Page {
  readonly objects: StoredObject[];
  readonly commonPrefixes: string[];
  /** The last key or prefix of the page, when there is more. */
  readonly last?: string;
}

export function listPage(
  bucket: BucketState,
  {
    prefix = "",
    delimiter,
    after = "",
    most = 1000,
  }: {
    prefix?: string | undefined;
    delimiter?: string | undefined;
    after?: string | undefined;
    most?: number | undefined;
  },
): Page {
  bucket.sortedKeys ??= [...bucket.objects.keys()].sort((left, right) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right)),
  );
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  let last = "";
  for (const key of bucket.sortedKeys) {
    if (!key.startsWith(prefix) || key <= after) continue;
    const cut = delimiter === undefined || delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const folder = cut < 0 ? undefined : key.slice(0, cut + (delimiter?.length ?? 0));
    if (folder !== undefined && (folder === commonPrefixes.at(-1) || after.startsWith(folder))) continue;
    if (objects.length + commonPrefixes.length >= most) return { objects, commonPrefixes, last };
    if (folder === undefined) objects.push(bucket.objects.get(key) as StoredObject);
    else commonPrefixes.push(folder);
    last = folder ?? key;
  }
  return { objects, commonPrefixes };
}

export function listed({ key, etag, bytes, modifiedMs }: StoredObject): sdk._Object {
  return { Key: key, ETag: etag, Size: bytes, LastModified: new Date(modifiedMs), StorageClass: "STANDARD" };
}
