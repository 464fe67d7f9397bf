import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Keeper, Kept } from "../keeper";
import type { BucketState, HiddenVersion, StoredObject, StoredPart, UploadState } from "./bucket-state";

/** The collections of one bucket, and of one upload. */
const objectsOf = (bucket: string): string => `s3.objects/${bucket}`;
const uploadsOf = (bucket: string): string => `s3.uploads/${bucket}`;
const partsOf = (bucket: string, uploadId: string): string => `s3.parts/${bucket}/${uploadId}`;

/** A file that a journal names and the folder has not. */
export class MissingFile extends Error {
  constructor(
    readonly path: string,
    readonly of: string,
  ) {
    super(`${path} of ${of} is missing`);
  }
}

/** Writes down objects, their versions and uploads in progress. The bytes lie in files, by name, under one folder. */
export class ObjectRows {
  constructor(
    private readonly keeper: Keeper,
    private readonly folder: string,
  ) {}

  /** All there is now of a key, current and hidden. */
  object(bucket: BucketState, key: string): void {
    const current = bucket.objects.get(key);
    const hidden = bucket.hidden.get(key);
    const name = objectsOf(bucket.name);
    if (current === undefined && hidden === undefined) this.keeper.remove(name, key);
    else this.keeper.put(name, key, { current: current && withNames(current), hidden: hidden?.map(withNames) });
  }

  upload(bucket: BucketState, { parts: _, ...upload }: UploadState): void {
    this.keeper.put(uploadsOf(bucket.name), upload.id, upload);
  }

  part(bucket: BucketState, upload: UploadState, number: number, part: StoredPart): void {
    this.keeper.put(partsOf(bucket.name, upload.id), String(number), { ...part, path: basename(part.path) });
  }

  /** An upload was completed or taken back. */
  ended(bucket: BucketState, upload: UploadState): void {
    this.keeper.remove(uploadsOf(bucket.name), upload.id);
    this.keeper.drop(partsOf(bucket.name, upload.id));
  }

  /** A bucket is gone, and what was being uploaded into it. */
  dropped(bucket: BucketState): void {
    for (const upload of bucket.uploads.values()) this.ended(bucket, upload);
    this.keeper.drop(objectsOf(bucket.name));
  }

  /**
   * Fills buckets with what was written down, and removes files that nothing names: half-written ones among them.
   *
   * @throws MissingFile
   */
  async revive(buckets: ReadonlyMap<string, BucketState>, kept: Kept): Promise<void> {
    const unnamed = new Set(await readdir(this.folder));
    const named = new Set(unnamed);
    const located = <Piece extends { readonly path: string }>(piece: Piece, of: string): Piece => {
      if (!named.has(piece.path)) throw new MissingFile(join(this.folder, piece.path), of);
      unnamed.delete(piece.path);
      return { ...piece, path: join(this.folder, piece.path) };
    };
    const whole = <Version extends HiddenVersion>(version: Version): Version =>
      "isMarker" in version
        ? version
        : { ...version, segments: version.segments.map((each) => located(each, `object ${version.key}`)) };
    for (const bucket of buckets.values()) {
      for (const [key, value] of kept.collection(objectsOf(bucket.name))) {
        const { current, hidden } = value as { current?: StoredObject; hidden?: HiddenVersion[] };
        if (current !== undefined) bucket.objects.set(key, whole(current));
        if (hidden !== undefined) bucket.hidden.set(key, hidden.map(whole));
      }
      for (const [id, value] of kept.collection(uploadsOf(bucket.name))) {
        const parts = [...kept.collection(partsOf(bucket.name, id))].map(
          ([number, part]) => [Number(number), located(part as StoredPart, `upload ${id}`)] as const,
        );
        bucket.uploads.set(id, { ...(value as Omit<UploadState, "parts">), parts: new Map(parts) });
      }
    }
    for (const name of unnamed) await rm(join(this.folder, name), { force: true, recursive: true });
  }
}

/** With the names of files alone: the folder may be moved. */
function withNames<Version extends HiddenVersion>(version: Version): Version {
  if ("isMarker" in version) return version;
  return { ...version, segments: version.segments.map((each) => ({ ...each, path: basename(each.path) })) };
}
