import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { prefixes, s3Uri } from "../contract/requests";
import { bucketPolicy } from "./bucket-policy";
import { bucketArn, bucketName, childOf, keptOptions, type RegionContext } from "./context";
import { lifecycleRules } from "./lifecycle-rules";

export interface PayloadStoreArgs {
  readonly context: RegionContext;
  readonly keyArn: pulumi.Input<string>;
}

/**
 * One bucket in the region, with a prefix each for inputs, results, failures and the model: encrypted with the region's
 * key and no other, closed to the public, TLS 1.2 or newer only, owned by the account alone, and emptied by age. Object
 * Lock is left to the account: it could not be taken back.
 *
 * With `storage.protect` a destroy leaves it and fails; with `storage.retainOnDelete` it stays in AWS and only Pulumi
 * forgets it. In both cases it stays with everything that protects it.
 */
export class PayloadStore extends pulumi.ComponentResource {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** The bucket with its protection in place: what stores something waits for it. */
  readonly ready: pulumi.Resource[];
  readonly inputPrefix: string;
  readonly outputPrefix: string;
  readonly failurePrefix: string;

  constructor(name: string, args: PayloadStoreArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:PayloadStore", name, {}, opts);
    const { context } = args;
    this.bucketName = bucketName(context);
    this.bucketArn = bucketArn(context);
    this.inputPrefix = s3Uri(this.bucketName, prefixes.inputs);
    this.outputPrefix = s3Uri(this.bucketName, prefixes.results);
    this.failurePrefix = s3Uri(this.bucketName, prefixes.failures);
    const bucket = this.createBucket(name, context);
    const versioning = this.createVersioning(name, context, bucket);
    this.ready = [
      bucket,
      ...this.createProtection(name, args, bucket),
      ...versioning,
      this.createExpiry(name, context, bucket, versioning),
    ];
    this.registerOutputs({ bucketName: this.bucketName });
  }

  private createBucket(name: string, context: RegionContext): aws.s3.Bucket {
    return new aws.s3.Bucket(
      name,
      {
        region: context.region,
        bucket: this.bucketName,
        forceDestroy: context.settings.storage.forceDestroy,
        tags: context.tags,
      },
      childOf(this, keptOptions(context)),
    );
  }

  private createVersioning(name: string, context: RegionContext, bucket: aws.s3.Bucket): pulumi.Resource[] {
    if (context.settings.storage.versioning === false) return [];
    return [
      new aws.s3.BucketVersioning(
        `${name}-versioning`,
        { region: context.region, bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
        this.settingOptions(context),
      ),
    ];
  }

  /** A bucket that stays keeps its settings, or it would stay open and unencrypted. */
  private settingOptions(
    context: RegionContext,
    more: pulumi.CustomResourceOptions = {},
  ): pulumi.CustomResourceOptions {
    return childOf(this, { ...keptOptions(context), ...more });
  }

  private createProtection(name: string, args: PayloadStoreArgs, bucket: aws.s3.Bucket): pulumi.Resource[] {
    const { context, keyArn } = args;
    const { region } = context;
    const of = { region, bucket: bucket.id };
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      this.settingOptions(context),
    );
    return [
      closed,
      new aws.s3.BucketOwnershipControls(
        `${name}-ownership`,
        { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
        this.settingOptions(context),
      ),
      new aws.s3.BucketServerSideEncryptionConfiguration(
        `${name}-encryption`,
        {
          ...of,
          rules: [
            {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
              bucketKeyEnabled: true,
            },
          ],
        },
        this.settingOptions(context),
      ),
      // S3 takes one change of a bucket's access at a time.
      new aws.s3.BucketPolicy(
        `${name}-policy`,
        { ...of, policy: pulumi.output(keyArn).apply((arn) => bucketPolicy(this.bucketArn, arn)) },
        this.settingOptions(context, { dependsOn: closed }),
      ),
    ];
  }

  /** S3 takes rules about non-current versions only where there can be some, so versioning comes first. */
  private createExpiry(
    name: string,
    context: RegionContext,
    bucket: aws.s3.Bucket,
    versioning: readonly pulumi.Resource[],
  ): pulumi.Resource {
    return new aws.s3.BucketLifecycleConfiguration(
      `${name}-expiry`,
      { region: context.region, bucket: bucket.id, rules: lifecycleRules(context.settings.storage) },
      this.settingOptions(context, { dependsOn: [...versioning] }),
    );
  }
}
