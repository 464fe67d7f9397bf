import type * as sdk from "@aws-sdk/client-s3";
import type { Algorithm, Checksums, Summed } from "./checksums";
import type { Segment } from "./disk";

export interface StoredObject {
  readonly key: string;
  /** `null` for what was put while versions were not kept. */
  readonly versionId: string;
  readonly segments: readonly Segment[];
  readonly bytes: number;
  /** In quotes, as S3 writes it. */
  readonly etag: string;
  readonly modifiedMs: number;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  /** What its sender gave and S3 has compared, or what S3 has computed since. @default - none yet */
  checksums?: Summed | undefined;
  tags: Readonly<Record<string, string>>;
}

/** Says that a key was deleted while versions were kept. */
export interface DeleteMarker {
  readonly key: string;
  readonly versionId: string;
  readonly modifiedMs: number;
  readonly isMarker: true;
}

/** What lies behind a key's current object, or in its place. */
export type HiddenVersion = StoredObject | DeleteMarker;

/** What was said of an object when it was put, in the SDK's words. */
export interface ObjectHeaders {
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ServerSideEncryption?: sdk.ServerSideEncryption | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

export interface StoredPart extends Segment {
  readonly md5: string;
  /** Those its sender gave and S3 has verified, or that were computed for the whole object's. */
  readonly checksums: Checksums;
}

export interface UploadState {
  readonly id: string;
  readonly key: string;
  readonly startedMs: number;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  /** What every part is summed with. @default - each as its sender likes */
  readonly summing?: { readonly algorithm: Algorithm; readonly type: "FULL_OBJECT" | "COMPOSITE" } | undefined;
  readonly parts: Map<number, StoredPart>;
}

export interface BucketState {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly createdMs: number;
  readonly objects: Map<string, StoredObject>;
  /** Versions that are not current, newest first, by key. */
  readonly hidden: Map<string, readonly HiddenVersion[]>;
  readonly uploads: Map<string, UploadState>;
  /** Keys in order, rebuilt when they have changed. */
  sortedKeys: string[] | undefined;
  policy?: string | undefined;
  encryption?: sdk.ServerSideEncryptionConfiguration | undefined;
  publicAccessBlock?: sdk.PublicAccessBlockConfiguration | undefined;
  ownership?: sdk.OwnershipControls | undefined;
  lifecycle?: sdk.LifecycleRule[] | undefined;
  versioning?: sdk.BucketVersioningStatus | undefined;
  tags?: sdk.Tag[] | undefined;
}
