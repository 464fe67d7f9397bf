import type * as sdk from "@aws-sdk/client-s3";
import type { Answer, Call } from "../call";
import { listed, listPage } from "./listing";
import { Objects } from "./objects";
import { listVersions } from "./versions";

/** What is in a bucket, a page at a time. */
export abstract class Listings extends Objects {
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
}
