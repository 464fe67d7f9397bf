import { createHash } from "node:crypto";
import type * as sdk from "@aws-sdk/client-s3";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { BucketState } from "./bucket-state";
import type { Body } from "./disk";
import { Listings } from "./list-operations";
import { checksumsOf, encryptionOf, expectedOf, putContext, validKey, versionShown } from "./requests";

const partBytesMin = 5 * 1024 * 1024;

/** Objects put in parts. */
export abstract class MultipartUploads extends Listings {
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
    const upload = {
      id,
      key,
      startedMs: this.world.clock.now(),
      headers,
      metadata: input.Metadata ?? {},
      parts: new Map(),
    };
    bucket.uploads.set(id, upload);
    this.rows?.upload(bucket, upload);
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
    const part = { ...written, checksums: checksumsOf(input) };
    upload.parts.set(number, part);
    this.rows?.part(bucket, upload, number, part);
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
    const versionId = this.newVersionId(bucket);
    bucket.uploads.delete(upload.id);
    this.rows?.ended(bucket, upload);
    await this.store(call, bucket, {
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
    await this.remove([...upload.parts.values()].filter((part) => !parts.includes(part)));
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
    this.rows?.ended(bucket, upload);
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
}
