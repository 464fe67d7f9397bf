import type * as sdk from "@aws-sdk/client-s3";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { S3Store } from "./store";

/** Buckets: one namespace for all regions. */
export abstract class Buckets extends S3Store {
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
    this.rows?.dropped(bucket);
    return {};
  }
}
