import type { Readable } from "node:stream";
import type * as sdk from "@aws-sdk/client-s3";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { fromTagList, toTagList } from "../tags";
import type { BucketState, StoredObject, StoredPart } from "./bucket-state";
import { Buckets } from "./buckets";
import { type Checksums, checksumsIn, oneOf, type Summed } from "./checksums";
import { type Body, checksumOf, readSegments } from "./disk";
import {
  encryptionOf,
  expectedOf,
  preconditionFailed,
  putContext,
  rangeOf,
  refuseUnlessAsExpected,
  validKey,
  validMetadata,
  versionShown,
} from "./requests";
import { deleteCurrent, deleteVersion, nullVersion, versionOf } from "./versions";

/** Up to here an object that has no checksum gets one while its bytes are waited for. */
const summedAtOnceBytesMax = 8 * 1024 * 1024;

/** Objects, put and got whole. */
export abstract class Objects extends Buckets {
  async putObject(call: Call, input: sdk.PutObjectCommandInput): Promise<Answer<sdk.PutObjectCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const key = validKey(input.Key);
    const metadata = validMetadata(input.Metadata);
    const headers = this.headersFor(call, bucket, input);
    this.authorize(call, bucket, "s3:PutObject", key, putContext(input));
    this.useKey(call, bucket, key, headers, "kms:GenerateDataKey");
    refuseUnlessAsExpected(input, bucket.objects.get(key));
    const written = await this.write(input.Body as Body, expectedOf(input));
    try {
      // While the bytes came, another writer may have been quicker, or the bucket may have gone.
      this.refuseIfGone(call, bucket);
      refuseUnlessAsExpected(input, bucket.objects.get(key));
    } catch (cause) {
      await this.remove([written]);
      throw cause;
    }
    const versionId = this.newVersionId(bucket);
    const checksums = whole(written.checksums);
    await this.store(call, bucket, {
      key,
      versionId,
      segments: [written],
      bytes: written.bytes,
      etag: `"${written.md5}"`,
      modifiedMs: this.world.clock.now(),
      headers,
      metadata,
      ...(checksums === undefined ? {} : { checksums }),
      tags: Object.fromEntries(new URLSearchParams(input.Tagging ?? "")),
    });
    return {
      ETag: `"${written.md5}"`,
      ...versionShown(bucket, versionId),
      ...encryptionOf(headers),
      ...checksums,
    };
  }

  async getObject(call: Call, input: sdk.GetObjectCommandInput): Promise<Answer<sdk.GetObjectCommandOutput>> {
    const action = input.VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
    const { bucket, object } = this.object(call, input, action);
    this.useKey(call, bucket, object.key, object.headers, "kms:Decrypt");
    const range = rangeOf(input.Range, object.bytes);
    const isSummed = input.ChecksumMode === "ENABLED" && !range.partial;
    const checksums = isSummed ? await this.summed(object, summedAtOnceBytesMax) : {};
    const body = readSegments(object.segments, range.from, range.to);
    const release = this.world.clock.hold();
    body.once("close", release);
    return {
      ...this.described(object),
      ...checksums,
      ContentLength: range.to - range.from + 1,
      ...(range.partial ? { ContentRange: `bytes ${range.from}-${range.to}/${object.bytes}` } : {}),
      Body: body as Readable as sdk.GetObjectCommandOutput["Body"],
    };
  }

  async headObject(call: Call, input: sdk.HeadObjectCommandInput): Promise<Answer<sdk.HeadObjectCommandOutput>> {
    const action = input.VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
    const { bucket, object } = this.object(call, input, action);
    this.useKey(call, bucket, object.key, object.headers, "kms:Decrypt");
    const range = rangeOf(input.Range, object.bytes);
    return {
      ...this.described(object),
      ...(input.ChecksumMode === "ENABLED" && !range.partial ? await this.summed(object) : {}),
      ContentLength: range.to - range.from + 1,
      ...(range.partial ? { ContentRange: `bytes ${range.from}-${range.to}/${object.bytes}` } : {}),
    };
  }

  async getObjectAttributes(
    call: Call,
    input: sdk.GetObjectAttributesCommandInput,
  ): Promise<Answer<sdk.GetObjectAttributesCommandOutput>> {
    const action = input.VersionId === undefined ? "s3:GetObjectAttributes" : "s3:GetObjectVersionAttributes";
    const { bucket, object } = this.object(call, input, action);
    this.authorize(call, bucket, input.VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion", object.key);
    this.useKey(call, bucket, object.key, object.headers, "kms:Decrypt");
    const asked = (name: sdk.ObjectAttributes): boolean => input.ObjectAttributes?.includes(name) === true;
    const isInParts = /-\d+"$/.test(object.etag);
    return {
      LastModified: new Date(object.modifiedMs),
      ...(object.versionId === nullVersion ? {} : { VersionId: object.versionId }),
      ...(asked("ETag") ? { ETag: object.etag.replaceAll('"', "") } : {}),
      ...(asked("Checksum") ? { Checksum: await this.summed(object) } : {}),
      ...(asked("ObjectParts") && isInParts ? { ObjectParts: partsOf(object, input) } : {}),
      ...(asked("StorageClass") ? { StorageClass: "STANDARD" as const } : {}),
      ...(asked("ObjectSize") ? { ObjectSize: object.bytes } : {}),
    };
  }

  async copyObject(call: Call, input: sdk.CopyObjectCommandInput): Promise<Answer<sdk.CopyObjectCommandOutput>> {
    const [, from = "", fromKey = ""] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(input.CopySource ?? "")) ?? [];
    const source = await this.source(call, { Bucket: from, Key: fromKey });
    const replace = input.MetadataDirective === "REPLACE";
    const answer = await this.putObject(call, {
      Bucket: input.Bucket,
      Key: input.Key,
      Body: source.Body,
      ContentType: replace ? input.ContentType : source.ContentType,
      Metadata: replace ? input.Metadata : source.Metadata,
      ServerSideEncryption: input.ServerSideEncryption,
      SSEKMSKeyId: input.SSEKMSKeyId,
      ChecksumAlgorithm: input.ChecksumAlgorithm ?? source.algorithm,
    });
    return {
      CopyObjectResult: {
        ETag: answer.ETag,
        LastModified: new Date(this.world.clock.now()),
        ...checksumsIn(answer),
        ChecksumType: answer.ChecksumType,
      },
    };
  }

  async deleteObject(call: Call, input: sdk.DeleteObjectCommandInput): Promise<Answer<sdk.DeleteObjectCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const key = validKey(input.Key);
    const { VersionId } = input;
    this.authorize(call, bucket, VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion", key);
    if (VersionId !== undefined) {
      const deleted = deleteVersion(bucket, key, VersionId);
      this.rows?.object(bucket, key);
      await this.removeAll(deleted);
      return { VersionId };
    }
    const markerId = this.newVersionId(bucket);
    const { gone, isMarked } = deleteCurrent(bucket, key, markerId, this.world.clock.now());
    this.rows?.object(bucket, key);
    await this.removeAll(gone);
    return isMarked ? { DeleteMarker: true, VersionId: markerId } : {};
  }

  async deleteObjects(
    call: Call,
    input: sdk.DeleteObjectsCommandInput,
  ): Promise<Answer<sdk.DeleteObjectsCommandOutput>> {
    const Deleted: sdk.DeletedObject[] = [];
    const Errors: sdk._Error[] = [];
    for (const { Key, VersionId } of input.Delete?.Objects ?? []) {
      try {
        await this.deleteObject(call, { Bucket: input.Bucket, Key, VersionId });
        Deleted.push({ Key, ...(VersionId === undefined ? {} : { VersionId }) });
      } catch (cause) {
        if (!(cause instanceof AwsError)) throw cause;
        Errors.push({ Key, Code: cause.code, Message: cause.message });
      }
    }
    return { ...(input.Delete?.Quiet ? {} : { Deleted }), ...(Errors.length === 0 ? {} : { Errors }) };
  }

  async putObjectTagging(
    call: Call,
    input: sdk.PutObjectTaggingCommandInput,
  ): Promise<Answer<sdk.PutObjectTaggingCommandOutput>> {
    const { bucket, object } = this.object(call, input, "s3:PutObjectTagging");
    object.tags = fromTagList(input.Tagging?.TagSet);
    this.rows?.object(bucket, object.key);
    return {};
  }

  async getObjectTagging(
    call: Call,
    input: sdk.GetObjectTaggingCommandInput,
  ): Promise<Answer<sdk.GetObjectTaggingCommandOutput>> {
    return { TagSet: toTagList(this.object(call, input, "s3:GetObjectTagging").object.tags) };
  }

  private object(
    call: Call,
    input: {
      Bucket?: string | undefined;
      Key?: string | undefined;
      VersionId?: string | undefined;
      IfMatch?: string | undefined;
      IfNoneMatch?: string | undefined;
    },
    action: string,
  ): { bucket: BucketState; object: StoredObject } {
    const bucket = this.bucket(call, input.Bucket);
    const key = validKey(input.Key);
    this.authorize(call, bucket, action, key);
    const object = input.VersionId === undefined ? bucket.objects.get(key) : versionOf(bucket, key, input.VersionId);
    if (object !== undefined && "isMarker" in object)
      throw new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
    if (object === undefined) {
      // Who may not list is not told whether a key is missing.
      this.authorize(call, bucket, "s3:ListBucket");
      throw input.VersionId === undefined
        ? new AwsError("NoSuchKey", "The specified key does not exist.", 404)
        : new AwsError("NoSuchVersion", "The specified version does not exist.", 404);
    }
    const same = (etag: string): boolean =>
      etag === "*" || etag.replaceAll('"', "") === object.etag.replaceAll('"', "");
    if (input.IfMatch !== undefined && !same(input.IfMatch)) throw preconditionFailed();
    if (input.IfNoneMatch !== undefined && same(input.IfNoneMatch))
      throw new AwsError("NotModified", "Not Modified", 304);
    return { bucket, object };
  }

  /** An object to copy, and what it is summed with. */
  private async source(call: Call, from: { Bucket: string; Key: string }) {
    const answer = await this.getObject(call, from);
    const found = oneOf(this.buckets.get(from.Bucket)?.objects.get(from.Key)?.checksums ?? {});
    return { ...answer, algorithm: found?.algorithm };
  }

  /**
   * An object's checksum. One that was put without is given S3's own when it is first asked for: to sum every gigabyte
   * that nobody asks about would be the slowest part of an upload.
   *
   * @param bytesMax of larger objects only what is known already is told
   */
  private async summed(object: StoredObject, bytesMax = Number.POSITIVE_INFINITY): Promise<Summed> {
    if (object.checksums === undefined && object.bytes <= bytesMax) {
      const ChecksumCRC64NVME = await this.world.clock.holding(() => checksumOf(object.segments, "CRC64NVME"));
      object.checksums ??= { ChecksumCRC64NVME, ChecksumType: "FULL_OBJECT" };
    }
    return object.checksums ?? {};
  }

  private described(object: StoredObject) {
    return {
      ...object.headers,
      ETag: object.etag,
      LastModified: new Date(object.modifiedMs),
      AcceptRanges: "bytes",
      ...(object.versionId === nullVersion ? {} : { VersionId: object.versionId }),
      Metadata: { ...object.metadata },
    };
  }
}

/** The checksum of an object that was put whole. */
function whole(checksums: Checksums): Summed | undefined {
  return oneOf(checksums) === undefined ? undefined : { ...checksums, ChecksumType: "FULL_OBJECT" };
}

/** A page of an object's parts; each is told of only where it has a checksum, as S3 does it. */
function partsOf({ segments }: StoredObject, input: sdk.GetObjectAttributesCommandInput): sdk.GetObjectAttributesParts {
  const after = Number(input.PartNumberMarker ?? 0);
  const most = input.MaxParts ?? 1000;
  const all = segments.map((segment, index) => ({
    PartNumber: index + 1,
    Size: segment.bytes,
    ...("checksums" in segment ? (segment as StoredPart).checksums : {}),
  }));
  const page = all.filter(({ PartNumber }) => PartNumber > after).slice(0, most);
  const last = page.at(-1)?.PartNumber ?? after;
  return {
    TotalPartsCount: all.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(last),
    MaxParts: most,
    IsTruncated: last < all.length,
    ...(page.some((part) => oneOf(part) !== undefined) ? { Parts: page } : {}),
  };
}

/** @throws AwsError InvalidArgument */
function decoded(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch {
    throw new AwsError("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
}
