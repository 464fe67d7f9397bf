import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type * as sdk from "@aws-sdk/client-s3";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { KeyUse } from "../kms/service";
import { fromTagList, toTagList } from "../tags";
import type { World } from "../world";
import { BucketSettings } from "./bucket-settings";
import type { BucketState, ObjectHeaders, StoredObject } from "./bucket-state";
import { type Body, type Expected, readSegments, type Segment, writeBody } from "./disk";
import { listed, listPage } from "./listing";
import { deleteCurrent, deleteVersion, listVersions, makeCurrent, nullVersion, versionOf } from "./versions";

const partBytesMin = 5 * 1024 * 1024;

/** Simple Storage Service: buckets are one namespace for all regions, objects lie on disk and are streamed. */
export class S3 extends BucketSettings {
  private readonly buckets = new Map<string, BucketState>();
  private readonly folder: string;

  constructor(private readonly world: World) {
    super();
    this.folder = join(world.folder, "s3");
    mkdirSync(this.folder, { recursive: true });
  }

  async createBucket(call: Call, input: sdk.CreateBucketCommandInput): Promise<Answer<sdk.CreateBucketCommandOutput>> {
    const name = input.Bucket ?? "";
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes("..") || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
      throw new AwsError("InvalidBucketName", "The specified bucket is not valid.");
    }
    const region = input.CreateBucketConfiguration?.LocationConstraint ?? call.region;
    if (region !== call.region) {
      throw new AwsError(
        "IllegalLocationConstraintException",
        `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      );
    }
    if (this.buckets.has(name)) {
      throw new AwsError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
      );
    }
    this.buckets.set(name, {
      name,
      region: call.region,
      accountId: call.accountId,
      createdMs: this.world.clock.now(),
      objects: new Map(),
      hidden: new Map(),
      uploads: new Map(),
      sortedKeys: undefined,
    });
    return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
  }

  async headBucket(call: Call, input: sdk.HeadBucketCommandInput): Promise<Answer<sdk.HeadBucketCommandOutput>> {
    return { BucketRegion: this.bucket(call, input.Bucket).region, BucketArn: `arn:aws:s3:::${input.Bucket}` };
  }

  async getBucketLocation(
    call: Call,
    input: sdk.GetBucketLocationCommandInput,
  ): Promise<Answer<sdk.GetBucketLocationCommandOutput>> {
    const { region } = this.bucket(
      { ...call, region: this.buckets.get(input.Bucket ?? "")?.region ?? call.region },
      input.Bucket,
    );
    return region === "us-east-1" ? {} : { LocationConstraint: region as never };
  }

  /** The region of a bucket, for requests whose signature names none. */
  regionOf(bucket: string): string | undefined {
    return this.buckets.get(bucket)?.region;
  }

  async listBuckets(call: Call, _input: sdk.ListBucketsCommandInput): Promise<Answer<sdk.ListBucketsCommandOutput>> {
    return {
      Buckets: [...this.buckets.values()]
        .filter((bucket) => bucket.accountId === call.accountId)
        .map((bucket) => ({
          Name: bucket.name,
          BucketRegion: bucket.region,
          CreationDate: new Date(bucket.createdMs),
        })),
      Owner: { ID: call.accountId },
    };
  }

  async deleteBucket(call: Call, input: sdk.DeleteBucketCommandInput): Promise<Answer<sdk.DeleteBucketCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    if (bucket.objects.size > 0 || bucket.hidden.size > 0)
      throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
    for (const upload of bucket.uploads.values()) await this.remove([...upload.parts.values()]);
    this.buckets.delete(bucket.name);
    return {};
  }

  async putObject(call: Call, input: sdk.PutObjectCommandInput): Promise<Answer<sdk.PutObjectCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const key = validKey(input.Key);
    const headers = this.headersFor(call, bucket, input);
    this.authorize(call, bucket, "s3:PutObject", key, putContext(input));
    this.useKey(call, bucket, key, headers, "kms:GenerateDataKey");
    refuseUnlessAsExpected(input, bucket.objects.get(key));
    const written = await this.write(input.Body as Body, expectedOf(input));
    try {
      // While the bytes came, another writer may have been quicker.
      refuseUnlessAsExpected(input, bucket.objects.get(key));
    } catch (cause) {
      await this.remove([written]);
      throw cause;
    }
    const versionId = this.newVersionId(bucket);
    await this.store(bucket, {
      key,
      versionId,
      segments: [written],
      bytes: written.bytes,
      etag: `"${written.md5}"`,
      modifiedMs: this.world.clock.now(),
      headers,
      metadata: input.Metadata ?? {},
      tags: Object.fromEntries(new URLSearchParams(input.Tagging ?? "")),
    });
    return {
      ETag: `"${written.md5}"`,
      ...versionShown(bucket, versionId),
      ...encryptionOf(headers),
      ...checksumsOf(input),
    };
  }

  async getObject(call: Call, input: sdk.GetObjectCommandInput): Promise<Answer<sdk.GetObjectCommandOutput>> {
    const action = input.VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
    const { bucket, object } = this.object(call, input, action);
    this.useKey(call, bucket, object.key, object.headers, "kms:Decrypt");
    const range = rangeOf(input.Range, object.bytes);
    const body = readSegments(object.segments, range.from, range.to);
    const release = this.world.clock.hold();
    body.once("close", release);
    return {
      ...this.described(object),
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
      ContentLength: range.to - range.from + 1,
      ...(range.partial ? { ContentRange: `bytes ${range.from}-${range.to}/${object.bytes}` } : {}),
    };
  }

  async copyObject(call: Call, input: sdk.CopyObjectCommandInput): Promise<Answer<sdk.CopyObjectCommandOutput>> {
    const [, from = "", fromKey = ""] = /^\/?([^/]+)\/(.+)$/.exec(decodeURIComponent(input.CopySource ?? "")) ?? [];
    const source = await this.getObject(call, { Bucket: from, Key: fromKey });
    const replace = input.MetadataDirective === "REPLACE";
    const answer = await this.putObject(call, {
      Bucket: input.Bucket,
      Key: input.Key,
      Body: source.Body,
      ContentType: replace ? input.ContentType : source.ContentType,
      Metadata: replace ? input.Metadata : source.Metadata,
      ServerSideEncryption: input.ServerSideEncryption,
      SSEKMSKeyId: input.SSEKMSKeyId,
    });
    return { CopyObjectResult: { ETag: answer.ETag, LastModified: new Date(this.world.clock.now()) } };
  }

  async deleteObject(call: Call, input: sdk.DeleteObjectCommandInput): Promise<Answer<sdk.DeleteObjectCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const key = validKey(input.Key);
    const { VersionId } = input;
    this.authorize(call, bucket, VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion", key);
    if (VersionId !== undefined) {
      await this.removeAll(deleteVersion(bucket, key, VersionId));
      return { VersionId };
    }
    const markerId = this.newVersionId(bucket);
    const { gone, isMarked } = deleteCurrent(bucket, key, markerId, this.world.clock.now());
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

  async listObjectsV2(
    call: Call,
    input: sdk.ListObjectsV2CommandInput,
  ): Promise<Answer<sdk.ListObjectsV2CommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    this.authorize(call, bucket, "s3:ListBucket", undefined, { "s3:prefix": input.Prefix ?? "" });
    const after =
      input.ContinuationToken === undefined
        ? input.StartAfter
        : Buffer.from(input.ContinuationToken, "base64").toString("utf8");
    const page = listPage(bucket, { prefix: input.Prefix, delimiter: input.Delimiter, after, most: input.MaxKeys });
    return {
      Name: bucket.name,
      Prefix: input.Prefix ?? "",
      MaxKeys: input.MaxKeys ?? 1000,
      KeyCount: page.objects.length + page.commonPrefixes.length,
      IsTruncated: page.last !== undefined,
      ...(input.Delimiter === undefined ? {} : { Delimiter: input.Delimiter }),
      ...(page.objects.length === 0 ? {} : { Contents: page.objects.map(listed) }),
      ...(page.commonPrefixes.length === 0
        ? {}
        : { CommonPrefixes: page.commonPrefixes.map((Prefix) => ({ Prefix })) }),
      ...(page.last === undefined ? {} : { NextContinuationToken: Buffer.from(page.last).toString("base64") }),
    };
  }

  async listObjects(call: Call, input: sdk.ListObjectsCommandInput): Promise<Answer<sdk.ListObjectsCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    this.authorize(call, bucket, "s3:ListBucket", undefined, { "s3:prefix": input.Prefix ?? "" });
    const page = listPage(bucket, {
      prefix: input.Prefix,
      delimiter: input.Delimiter,
      after: input.Marker,
      most: input.MaxKeys,
    });
    return {
      Name: bucket.name,
      Prefix: input.Prefix ?? "",
      Marker: input.Marker ?? "",
      MaxKeys: input.MaxKeys ?? 1000,
      IsTruncated: page.last !== undefined,
      Contents: page.objects.map(listed),
      CommonPrefixes: page.commonPrefixes.map((Prefix) => ({ Prefix })),
      ...(page.last === undefined ? {} : { NextMarker: page.last }),
    };
  }

  async listObjectVersions(
    call: Call,
    input: sdk.ListObjectVersionsCommandInput,
  ): Promise<Answer<sdk.ListObjectVersionsCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const { Prefix: prefix, KeyMarker: after, MaxKeys: most } = input;
    return {
      Name: bucket.name,
      ...listVersions(bucket, {
        ...(prefix === undefined ? {} : { prefix }),
        ...(after === undefined ? {} : { after }),
        ...(most === undefined ? {} : { most }),
      }),
    };
  }

  async putObjectTagging(
    call: Call,
    input: sdk.PutObjectTaggingCommandInput,
  ): Promise<Answer<sdk.PutObjectTaggingCommandOutput>> {
    this.object(call, input, "s3:PutObjectTagging").object.tags = fromTagList(input.Tagging?.TagSet);
    return {};
  }

  async getObjectTagging(
    call: Call,
    input: sdk.GetObjectTaggingCommandInput,
  ): Promise<Answer<sdk.GetObjectTaggingCommandOutput>> {
    return { TagSet: toTagList(this.object(call, input, "s3:GetObjectTagging").object.tags) };
  }

  async createMultipartUpload(
    call: Call,
    input: sdk.CreateMultipartUploadCommandInput,
  ): Promise<Answer<sdk.CreateMultipartUploadCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const key = validKey(input.Key);
    const headers = this.headersFor(call, bucket, input);
    this.authorize(call, bucket, "s3:PutObject", key, putContext(input));
    this.useKey(call, bucket, key, headers, "kms:GenerateDataKey");
    const id = this.world.ids.hex(32);
    bucket.uploads.set(id, {
      id,
      key,
      startedMs: this.world.clock.now(),
      headers,
      metadata: input.Metadata ?? {},
      parts: new Map(),
    });
    return { Bucket: bucket.name, Key: key, UploadId: id, ...encryptionOf(headers) };
  }

  async uploadPart(call: Call, input: sdk.UploadPartCommandInput): Promise<Answer<sdk.UploadPartCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const upload = this.upload(bucket, input.UploadId);
    this.authorize(call, bucket, "s3:PutObject", upload.key);
    this.useKey(call, bucket, upload.key, upload.headers, "kms:Decrypt");
    const number = input.PartNumber ?? 0;
    if (!(number >= 1 && number <= 10_000)) {
      throw new AwsError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
    }
    const written = await this.write(input.Body as Body, expectedOf(input));
    const before = upload.parts.get(number);
    upload.parts.set(number, { ...written, checksums: checksumsOf(input) });
    if (before !== undefined) await this.remove([before]);
    return { ETag: `"${written.md5}"`, ...checksumsOf(input) };
  }

  async completeMultipartUpload(
    call: Call,
    input: sdk.CompleteMultipartUploadCommandInput,
  ): Promise<Answer<sdk.CompleteMultipartUploadCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const upload = this.upload(bucket, input.UploadId);
    this.authorize(call, bucket, "s3:PutObject", upload.key);
    const named = input.MultipartUpload?.Parts ?? [];
    if (named.length === 0) throw new AwsError("MalformedXML", "You must specify at least one part");
    const parts = named.map(({ PartNumber, ETag }, index) => {
      const part = upload.parts.get(PartNumber ?? 0);
      if (part === undefined || part.md5 !== ETag?.replaceAll('"', "")) {
        throw new AwsError("InvalidPart", "One or more of the specified parts could not be found.");
      }
      if (index > 0 && (named[index - 1]?.PartNumber ?? 0) >= (PartNumber ?? 0)) {
        throw new AwsError("InvalidPartOrder", "The list of parts was not in ascending order.");
      }
      if (index < named.length - 1 && part.bytes < partBytesMin) {
        throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
      }
      return part;
    });
    const digest = createHash("md5");
    for (const { md5 } of parts) digest.update(Buffer.from(md5, "hex"));
    const etag = `"${digest.digest("hex")}-${parts.length}"`;
    bucket.uploads.delete(upload.id);
    await this.remove([...upload.parts.values()].filter((part) => !parts.includes(part)));
    const versionId = this.newVersionId(bucket);
    await this.store(bucket, {
      key: upload.key,
      versionId,
      segments: parts,
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      etag,
      modifiedMs: this.world.clock.now(),
      headers: upload.headers,
      metadata: upload.metadata,
      tags: {},
    });
    return {
      Bucket: bucket.name,
      Key: upload.key,
      ETag: etag,
      Location: `/${bucket.name}/${upload.key}`,
      ...versionShown(bucket, versionId),
      ...encryptionOf(upload.headers),
    };
  }

  async abortMultipartUpload(
    call: Call,
    input: sdk.AbortMultipartUploadCommandInput,
  ): Promise<Answer<sdk.AbortMultipartUploadCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const upload = this.upload(bucket, input.UploadId);
    this.authorize(call, bucket, "s3:AbortMultipartUpload", upload.key);
    bucket.uploads.delete(upload.id);
    await this.remove([...upload.parts.values()]);
    return {};
  }

  async listParts(call: Call, input: sdk.ListPartsCommandInput): Promise<Answer<sdk.ListPartsCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const upload = this.upload(bucket, input.UploadId);
    this.authorize(call, bucket, "s3:ListMultipartUploadParts", upload.key);
    const Parts = [...upload.parts]
      .sort(([left], [right]) => left - right)
      .map(([PartNumber, { md5, bytes, checksums }]) => ({
        PartNumber,
        ETag: `"${md5}"`,
        Size: bytes,
        ...checksums,
      }));
    return { Bucket: input.Bucket, Key: upload.key, UploadId: upload.id, Parts, IsTruncated: false };
  }

  async listMultipartUploads(
    call: Call,
    input: sdk.ListMultipartUploadsCommandInput,
  ): Promise<Answer<sdk.ListMultipartUploadsCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    this.authorize(call, bucket, "s3:ListBucketMultipartUploads");
    const { uploads } = bucket;
    return {
      Bucket: input.Bucket,
      Uploads: [...uploads.values()]
        .filter(({ key }) => key.startsWith(input.Prefix ?? ""))
        .sort((left, right) =>
          left.key < right.key ? -1 : left.key > right.key ? 1 : left.startedMs - right.startedMs,
        )
        .map(({ id, key, startedMs }) => ({ UploadId: id, Key: key, Initiated: new Date(startedMs) })),
      IsTruncated: false,
    };
  }

  protected override bucket(call: Call, name: string | undefined): BucketState {
    const bucket = this.buckets.get(name ?? "");
    if (bucket === undefined || bucket.accountId !== call.accountId) {
      throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
    }
    if (bucket.region !== call.region) {
      throw new AwsError(
        "PermanentRedirect",
        `The bucket you are attempting to access must be addressed using the specified endpoint. It is in ${bucket.region}.`,
        301,
      );
    }
    return bucket;
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

  private upload(bucket: BucketState, id: string | undefined) {
    const upload = bucket.uploads.get(id ?? "");
    if (upload === undefined) {
      throw new AwsError(
        "NoSuchUpload",
        "The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        404,
      );
    }
    return upload;
  }

  private write(body: Body, expected: Expected) {
    const path = join(this.folder, this.world.ids.hex(32));
    return this.world.clock.holding(() => writeBody(path, body, expected));
  }

  private async store(bucket: BucketState, object: StoredObject): Promise<void> {
    await this.removeAll(makeCurrent(bucket, object));
  }

  private newVersionId(bucket: BucketState): string {
    return bucket.versioning === "Enabled" ? this.world.ids.hex(32) : nullVersion;
  }

  private async removeAll(objects: readonly StoredObject[]): Promise<void> {
    await this.remove(objects.flatMap(({ segments }) => segments));
  }

  private async remove(segments: readonly Segment[]): Promise<void> {
    await this.world.clock.holding(() => Promise.all(segments.map(({ path }) => rm(path, { force: true }))));
  }

  /** What was said of the object, and the bucket's own encryption where nothing was said of that. */
  private headersFor(call: Call, bucket: BucketState, input: ObjectHeaders): ObjectHeaders {
    const rule = bucket.encryption?.Rules?.[0];
    const byDefault = rule?.ApplyServerSideEncryptionByDefault;
    const encryption = input.ServerSideEncryption ?? byDefault?.SSEAlgorithm ?? "AES256";
    const key =
      input.SSEKMSKeyId ??
      (encryption === "aws:kms"
        ? // An algorithm named without a key takes S3's own key, whatever the bucket's default says.
          ((input.ServerSideEncryption === undefined ? byDefault?.KMSMasterKeyID : undefined) ??
          `arn:aws:kms:${call.region}:${call.accountId}:alias/aws/s3`)
        : undefined);
    return {
      ContentType: input.ContentType ?? "application/octet-stream",
      ...(input.ContentEncoding === undefined ? {} : { ContentEncoding: input.ContentEncoding }),
      ...(input.ContentDisposition === undefined ? {} : { ContentDisposition: input.ContentDisposition }),
      ...(input.ContentLanguage === undefined ? {} : { ContentLanguage: input.ContentLanguage }),
      ...(input.CacheControl === undefined ? {} : { CacheControl: input.CacheControl }),
      ServerSideEncryption: encryption,
      ...(key === undefined
        ? {}
        : { SSEKMSKeyId: key, BucketKeyEnabled: input.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false }),
    };
  }

  /** With a bucket key the ciphertext is bound to the bucket, without one to the object. */
  private useKey(call: Call, bucket: BucketState, key: string, headers: ObjectHeaders, action: KeyUse): void {
    if (headers.ServerSideEncryption !== "aws:kms" || headers.SSEKMSKeyId === undefined) return;
    const arn = `arn:aws:s3:::${bucket.name}${headers.BucketKeyEnabled === true ? "" : `/${key}`}`;
    this.world.kms.authorizeUse(call, headers.SSEKMSKeyId, action, {
      via: "s3",
      encryptionContext: { "aws:s3:arn": arn },
    });
  }

  private authorize(
    call: Call,
    bucket: BucketState,
    action: string,
    key?: string,
    context: Record<string, string> = {},
  ): void {
    const resource = `arn:aws:s3:::${bucket.name}${key === undefined ? "" : `/${key}`}`;
    // Loopback stands for TLS: the wire has no certificate a client would trust.
    const request = { action, resource, context: { "s3:TlsVersion": "1.3", ...context } };
    const decision = this.world.iam.isAllowed(call, { ...request, resourcePolicy: bucket.policy });
    if (!decision.allowed) throw new AwsError("AccessDenied", this.world.iam.refusal(call, request, decision), 403);
  }
}

function validKey(key: string | undefined): string {
  if (key === undefined || key === "") throw new AwsError("InvalidRequest", "A key must be specified.");
  if (Buffer.byteLength(key) > 1024) throw new AwsError("KeyTooLongError", "Your key is too long");
  return key;
}

function rangeOf(range: string | undefined, bytes: number): { from: number; to: number; partial: boolean } {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  const whole = { from: 0, to: bytes - 1, partial: false };
  if (match === null || (match[1] === "" && match[2] === "")) return whole;
  const [, first = "", last = ""] = match;
  const from = first === "" ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === "" || last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (from >= bytes || from > to) throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416);
  return { from, to, partial: true };
}

function expectedOf(input: {
  ContentMD5?: string | undefined;
  ChecksumCRC32?: string | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumSHA1?: string | undefined;
  ChecksumSHA256?: string | undefined;
}): Expected {
  return {
    md5: input.ContentMD5,
    crc32: input.ChecksumCRC32,
    crc32c: input.ChecksumCRC32C,
    sha1: input.ChecksumSHA1,
    sha256: input.ChecksumSHA256,
  };
}

function checksumsOf(input: Parameters<typeof expectedOf>[0]): Readonly<Record<string, string>> {
  const { ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256 } = input;
  const given = { ChecksumCRC32, ChecksumCRC32C, ChecksumSHA1, ChecksumSHA256 };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function encryptionOf({ ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled }: ObjectHeaders) {
  return {
    ServerSideEncryption,
    ...(SSEKMSKeyId === undefined ? {} : { SSEKMSKeyId, BucketKeyEnabled }),
  };
}

function putContext(input: {
  ServerSideEncryption?: string | undefined;
  SSEKMSKeyId?: string | undefined;
  SSECustomerAlgorithm?: string | undefined;
}): Record<string, string> {
  return {
    ...(input.SSECustomerAlgorithm === undefined
      ? {}
      : { "s3:x-amz-server-side-encryption-customer-algorithm": input.SSECustomerAlgorithm }),
    ...(input.ServerSideEncryption === undefined
      ? {}
      : { "s3:x-amz-server-side-encryption": input.ServerSideEncryption }),
    ...(input.SSEKMSKeyId === undefined ? {} : { "s3:x-amz-server-side-encryption-aws-kms-key-id": input.SSEKMSKeyId }),
  };
}

/** Conditional writes: only where nothing is, or only in place of the version that the caller has read. */
function refuseUnlessAsExpected(
  input: { IfNoneMatch?: string | undefined; IfMatch?: string | undefined },
  there: StoredObject | undefined,
): void {
  if (input.IfNoneMatch === "*" && there !== undefined) throw preconditionFailed();
  if (input.IfMatch === undefined) return;
  if (there === undefined) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
  if (there.etag.replaceAll('"', "") !== input.IfMatch.replaceAll('"', "")) throw preconditionFailed();
}

/** Versions are told of only where they are kept. */
function versionShown(bucket: BucketState, VersionId: string): { VersionId?: string } {
  return bucket.versioning === "Enabled" ? { VersionId } : {};
}

function preconditionFailed(): AwsError {
  return new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
}
