import type * as sdk from "@aws-sdk/client-s3";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { MalformedPolicy, parsePolicy } from "../iam/policy-document";
import type { BucketState } from "./bucket-state";

/** What a bucket is told about itself: stored and given back as it was sent. */
export abstract class BucketSettings {
  /** @throws AwsError NoSuchBucket, PermanentRedirect */
  protected abstract bucket(call: Call, name: string | undefined): BucketState;

  async putBucketPolicy(
    call: Call,
    input: sdk.PutBucketPolicyCommandInput,
  ): Promise<Answer<sdk.PutBucketPolicyCommandOutput>> {
    const bucket = this.bucket(call, input.Bucket);
    try {
      parsePolicy(input.Policy ?? "");
    } catch (cause) {
      if (cause instanceof MalformedPolicy) throw new AwsError("MalformedPolicy", `${cause.message}.`);
      throw cause;
    }
    bucket.policy = input.Policy;
    return {};
  }

  async getBucketPolicy(
    call: Call,
    input: sdk.GetBucketPolicyCommandInput,
  ): Promise<Answer<sdk.GetBucketPolicyCommandOutput>> {
    return {
      Policy: told(this.bucket(call, input.Bucket).policy, "NoSuchBucketPolicy", "The bucket policy does not exist"),
    };
  }

  async deleteBucketPolicy(
    call: Call,
    input: sdk.DeleteBucketPolicyCommandInput,
  ): Promise<Answer<sdk.DeleteBucketPolicyCommandOutput>> {
    this.bucket(call, input.Bucket).policy = undefined;
    return {};
  }

  async putBucketEncryption(
    call: Call,
    input: sdk.PutBucketEncryptionCommandInput,
  ): Promise<Answer<sdk.PutBucketEncryptionCommandOutput>> {
    this.bucket(call, input.Bucket).encryption = input.ServerSideEncryptionConfiguration;
    return {};
  }

  /** Every bucket is encrypted with S3's own keys unless it was told otherwise. */
  async getBucketEncryption(
    call: Call,
    input: sdk.GetBucketEncryptionCommandInput,
  ): Promise<Answer<sdk.GetBucketEncryptionCommandOutput>> {
    return {
      ServerSideEncryptionConfiguration: this.bucket(call, input.Bucket).encryption ?? {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
      },
    };
  }

  async deleteBucketEncryption(
    call: Call,
    input: sdk.DeleteBucketEncryptionCommandInput,
  ): Promise<Answer<sdk.DeleteBucketEncryptionCommandOutput>> {
    this.bucket(call, input.Bucket).encryption = undefined;
    return {};
  }

  async putPublicAccessBlock(
    call: Call,
    input: sdk.PutPublicAccessBlockCommandInput,
  ): Promise<Answer<sdk.PutPublicAccessBlockCommandOutput>> {
    this.bucket(call, input.Bucket).publicAccessBlock = input.PublicAccessBlockConfiguration;
    return {};
  }

  async getPublicAccessBlock(
    call: Call,
    input: sdk.GetPublicAccessBlockCommandInput,
  ): Promise<Answer<sdk.GetPublicAccessBlockCommandOutput>> {
    const block = this.bucket(call, input.Bucket).publicAccessBlock;
    return {
      PublicAccessBlockConfiguration: told(
        block,
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
      ),
    };
  }

  async deletePublicAccessBlock(
    call: Call,
    input: sdk.DeletePublicAccessBlockCommandInput,
  ): Promise<Answer<sdk.DeletePublicAccessBlockCommandOutput>> {
    this.bucket(call, input.Bucket).publicAccessBlock = undefined;
    return {};
  }

  async putBucketOwnershipControls(
    call: Call,
    input: sdk.PutBucketOwnershipControlsCommandInput,
  ): Promise<Answer<sdk.PutBucketOwnershipControlsCommandOutput>> {
    this.bucket(call, input.Bucket).ownership = input.OwnershipControls;
    return {};
  }

  async getBucketOwnershipControls(
    call: Call,
    input: sdk.GetBucketOwnershipControlsCommandInput,
  ): Promise<Answer<sdk.GetBucketOwnershipControlsCommandOutput>> {
    const controls = this.bucket(call, input.Bucket).ownership;
    return {
      OwnershipControls: told(
        controls,
        "OwnershipControlsNotFoundError",
        "The bucket ownership controls were not found",
      ),
    };
  }

  async deleteBucketOwnershipControls(
    call: Call,
    input: sdk.DeleteBucketOwnershipControlsCommandInput,
  ): Promise<Answer<sdk.DeleteBucketOwnershipControlsCommandOutput>> {
    this.bucket(call, input.Bucket).ownership = undefined;
    return {};
  }

  async putBucketLifecycleConfiguration(
    call: Call,
    input: sdk.PutBucketLifecycleConfigurationCommandInput,
  ): Promise<Answer<sdk.PutBucketLifecycleConfigurationCommandOutput>> {
    this.bucket(call, input.Bucket).lifecycle = input.LifecycleConfiguration?.Rules;
    return {};
  }

  async getBucketLifecycleConfiguration(
    call: Call,
    input: sdk.GetBucketLifecycleConfigurationCommandInput,
  ): Promise<Answer<sdk.GetBucketLifecycleConfigurationCommandOutput>> {
    const rules = this.bucket(call, input.Bucket).lifecycle;
    return { Rules: told(rules, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist") };
  }

  async deleteBucketLifecycle(
    call: Call,
    input: sdk.DeleteBucketLifecycleCommandInput,
  ): Promise<Answer<sdk.DeleteBucketLifecycleCommandOutput>> {
    this.bucket(call, input.Bucket).lifecycle = undefined;
    return {};
  }

  async putBucketVersioning(
    call: Call,
    input: sdk.PutBucketVersioningCommandInput,
  ): Promise<Answer<sdk.PutBucketVersioningCommandOutput>> {
    this.bucket(call, input.Bucket).versioning = input.VersioningConfiguration?.Status;
    return {};
  }

  async getBucketVersioning(
    call: Call,
    input: sdk.GetBucketVersioningCommandInput,
  ): Promise<Answer<sdk.GetBucketVersioningCommandOutput>> {
    const { versioning } = this.bucket(call, input.Bucket);
    return versioning === undefined ? {} : { Status: versioning };
  }

  async putBucketTagging(
    call: Call,
    input: sdk.PutBucketTaggingCommandInput,
  ): Promise<Answer<sdk.PutBucketTaggingCommandOutput>> {
    this.bucket(call, input.Bucket).tags = input.Tagging?.TagSet;
    return {};
  }

  async getBucketTagging(
    call: Call,
    input: sdk.GetBucketTaggingCommandInput,
  ): Promise<Answer<sdk.GetBucketTaggingCommandOutput>> {
    return { TagSet: told(this.bucket(call, input.Bucket).tags, "NoSuchTagSet", "The TagSet does not exist") };
  }

  async deleteBucketTagging(
    call: Call,
    input: sdk.DeleteBucketTaggingCommandInput,
  ): Promise<Answer<sdk.DeleteBucketTaggingCommandOutput>> {
    this.bucket(call, input.Bucket).tags = undefined;
    return {};
  }
}

function told<Value>(value: Value | undefined, code: string, message: string): Value {
  if (value === undefined) throw new AwsError(code, message, 404);
  return value;
}
