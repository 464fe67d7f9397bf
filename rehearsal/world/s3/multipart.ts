import { createHash } from "node:crypto";
import type * as sdk from "@aws-sdk/client-s3";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { BucketState } from "./bucket-state";
import type { Body } from "./disk";
import { Listings } from "./list-operations";
import { noSuchUpload, partsNamed, refuseOtherSum, refuseWrongSum, summingOf, sumOfParts } from "./parts";
import {
  encryptionOf,
  expectedOf,
  putContext,
  refuseUnlessAsExpected,
  validKey,
  validMetadata,
  versionShown,
} from "./requests";

/** A page of parts or of uploads (S3 API reference, ListParts and ListMultipartUploads, read 2026-11-25). */
const listedMax = 1000;

/** Objects put in parts. */
export abstract class MultipartUploads extends Listings {
  async createMultipartUpload(
    call: Call,
    input: sdk.CreateMultipartUploadCommandInput,
  ): Promise<Answer<sdk.CreateMultipartUploadCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const key = validKey(input.Key);
    const metadata = validMetadata(input.Metadata);
    const headers = this.headersFor(call, bucket, input);
    this.authorize(call, bucket, "s3:PutObject", key, putContext(input));
    this.useKey(call, bucket, key, headers, "kms:GenerateDataKey");
    const summing = summingOf(input);
    const id = this.world.ids.hex(32);
    const upload = {
      id,
      key,
      startedMs: this.world.clock.now(),
      headers,
      metadata,
      ...(summing === undefined ? {} : { summing }),
      parts: new Map(),
    };
    bucket.uploads.set(id, upload);
    this.rows?.upload(bucket, upload);
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: id,
      ...encryptionOf(headers),
      ...(summing === undefined ? {} : { ChecksumAlgorithm: summing.algorithm, ChecksumType: summing.type }),
    };
  }

  async uploadPart(call: Call, input: sdk.UploadPartCommandInput): Promise<Answer<sdk.UploadPartCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const upload = this.upload(bucket, input);
    this.authorize(call, bucket, "s3:PutObject", upload.key);
    this.useKey(call, bucket, upload.key, upload.headers, "kms:Decrypt");
    const number = input.PartNumber ?? 0;
    if (!(Number.isInteger(number) && number >= 1 && number <= 10_000)) {
      throw new AwsError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
    }
    const expected = expectedOf(input);
    const { summing } = upload;
    const written = await this.write(input.Body as Body, {
      ...expected,
      // The whole object's checksum is made of the parts', which their senders need not give.
      ...(summing?.type === "FULL_OBJECT" ? { algorithm: summing.algorithm } : {}),
    });
    try {
      refuseOtherSum(summing?.algorithm, written.checksums);
      // While the bytes came, the upload may have ended.
      if (bucket.uploads.get(upload.id) !== upload) throw noSuchUpload();
    } catch (cause) {
      await this.remove([written]);
      throw cause;
    }
    const before = upload.parts.get(number);
    upload.parts.set(number, written);
    this.rows?.part(bucket, upload, number, written);
    if (before !== undefined) await this.remove([before]);
    return { ETag: `"${written.md5}"`, ...written.checksums, ...encryptionOf(upload.headers) };
  }

  async completeMultipartUpload(
    call: Call,
    input: sdk.CompleteMultipartUploadCommandInput,
  ): Promise<Answer<sdk.CompleteMultipartUploadCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const upload = this.upload(bucket, input);
    this.authorize(call, bucket, "s3:PutObject", upload.key);
    refuseUnlessAsExpected(input, bucket.objects.get(upload.key));
    const parts = partsNamed(upload, input.MultipartUpload?.Parts ?? []);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== bytes) {
      throw new AwsError(
        "InvalidRequest",
        "The provided 'x-amz-mp-object-size' header value does not match what was computed.",
      );
    }
    const checksums = await sumOfParts(upload, parts);
    refuseWrongSum(input, checksums);
    // Of two that complete the same upload at once, the second comes too late.
    if (bucket.uploads.get(upload.id) !== upload) throw noSuchUpload();
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
      bytes,
      etag,
      modifiedMs: this.world.clock.now(),
      headers: upload.headers,
      metadata: upload.metadata,
      ...(checksums === undefined ? {} : { checksums }),
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
      ...checksums,
    };
  }

  async abortMultipartUpload(
    call: Call,
    input: sdk.AbortMultipartUploadCommandInput,
  ): Promise<Answer<sdk.AbortMultipartUploadCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const upload = this.upload(bucket, input);
    this.authorize(call, bucket, "s3:AbortMultipartUpload", upload.key);
    bucket.uploads.delete(upload.id);
    this.rows?.ended(bucket, upload);
    await this.remove([...upload.parts.values()]);
    return {};
  }

  async listParts(call: Call, input: sdk.ListPartsCommandInput): Promise<Answer<sdk.ListPartsCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    const upload = this.upload(bucket, input);
    this.authorize(call, bucket, "s3:ListMultipartUploadParts", upload.key);
    const most = pageSize(input.MaxParts);
    const after = Number(input.PartNumberMarker ?? 0);
    const left = [...upload.parts].filter(([number]) => number > after).sort(([one], [other]) => one - other);
    const Parts = left.slice(0, most).map(([PartNumber, { md5, bytes, checksums }]) => ({
      PartNumber,
      ETag: `"${md5}"`,
      Size: bytes,
      ...checksums,
    }));
    const last = Parts.at(-1)?.PartNumber;
    return {
      Bucket: input.Bucket,
      Key: upload.key,
      UploadId: upload.id,
      MaxParts: most,
      Parts,
      IsTruncated: left.length > most,
      ...(left.length > most && last !== undefined ? { NextPartNumberMarker: String(last) } : {}),
    };
  }

  async listMultipartUploads(
    call: Call,
    input: sdk.ListMultipartUploadsCommandInput,
  ): Promise<Answer<sdk.ListMultipartUploadsCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    this.authorize(call, bucket, "s3:ListBucketMultipartUploads");
    const most = pageSize(input.MaxUploads);
    const ordered = [...bucket.uploads.values()]
      .filter(({ key }) => key.startsWith(input.Prefix ?? ""))
      .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : left.startedMs - right.startedMs));
    const left = ordered.slice(beginOf(ordered, input));
    const shown = left.slice(0, most);
    const last = shown.at(-1);
    return {
      Bucket: input.Bucket,
      MaxUploads: most,
      Uploads: shown.map(({ id, key, startedMs }) => ({ UploadId: id, Key: key, Initiated: new Date(startedMs) })),
      IsTruncated: left.length > most,
      ...(left.length > most && last !== undefined ? { NextKeyMarker: last.key, NextUploadIdMarker: last.id } : {}),
    };
  }

  private upload(bucket: BucketState, { UploadId, Key }: { UploadId?: string | undefined; Key?: string | undefined }) {
    const upload = bucket.uploads.get(UploadId ?? "");
    if (upload === undefined || upload.key !== Key) throw noSuchUpload();
    return upload;
  }
}

/** As many as are asked for, and at most as many as S3 lists at once. */
function pageSize(asked: number | undefined): number {
  return Math.min(asked ?? listedMax, listedMax);
}

/** Behind the key and the upload that an earlier page ended with; a key alone is passed over with all its uploads. */
function beginOf(
  uploads: ReadonlyArray<{ readonly key: string; readonly id: string }>,
  { KeyMarker, UploadIdMarker }: sdk.ListMultipartUploadsCommandInput,
): number {
  if (KeyMarker === undefined) return 0;
  const last = uploads.findIndex(({ key, id }) => key === KeyMarker && id === UploadIdMarker);
  if (last >= 0) return last + 1;
  const behind = uploads.findIndex(({ key }) => key > KeyMarker);
  return behind < 0 ? uploads.length : behind;
}
