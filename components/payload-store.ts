import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { prefixes, s3Uri } from "../contract/requests";
import { bucketName, childOf, type RegionContext } from "./context";
import { policyDocument, tlsOnly } from "./policy-document";

export interface PayloadStoreArgs {
  readonly context: RegionContext;
  readonly keyArn: pulumi.Input<string>;
}

/**
 * One bucket in the region, with a prefix each for inputs, results, failures and the model: encrypted with the region's
 * key, closed to the public, TLS only, owned by the account alone, and emptied by age.
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
    this.bucketArn = `arn:aws:s3:::${this.bucketName}`;
    this.inputPrefix = s3Uri(this.bucketName, prefixes.inputs);
    this.outputPrefix = s3Uri(this.bucketName, prefixes.results);
    this.failurePrefix = s3Uri(this.bucketName, prefixes.failures);
    const bucket = this.createBucket(name, context);
    this.ready = [bucket, ...this.createProtection(name, args, bucket), this.createExpiry(name, context, bucket)];
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
      childOf(this),
    );
  }

  private createProtection(name: string, args: PayloadStoreArgs, bucket: aws.s3.Bucket): pulumi.Resource[] {
    const { region } = args.context;
    const of = { region, bucket: bucket.id };
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      childOf(this),
    );
    return [
      closed,
      new aws.s3.BucketOwnershipControls(
        `${name}-ownership`,
        { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
        childOf(this),
      ),
      new aws.s3.BucketServerSideEncryptionConfiguration(
        `${name}-encryption`,
        {
          ...of,
          rules: [
            {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn },
              bucketKeyEnabled: true,
            },
          ],
        },
        childOf(this),
      ),
      // S3 takes one change of a bucket's access at a time.
      new aws.s3.BucketPolicy(
        `${name}-policy`,
        { ...of, policy: policyDocument(tlsOnly("s3:*", [this.bucketArn, `${this.bucketArn}/*`])) },
        childOf(this, { dependsOn: closed }),
      ),
    ];
  }

  private createExpiry(name: string, context: RegionContext, bucket: aws.s3.Bucket): pulumi.Resource {
    const { retentionDays } = context.settings.storage;
    const expiring = (["inputs", "results", "failures"] as const).map((kind) => ({
      id: kind,
      status: "Enabled",
      filter: { prefix: prefixes[kind] },
      expiration: { days: retentionDays[kind] },
    }));
    return new aws.s3.BucketLifecycleConfiguration(
      `${name}-expiry`,
      {
        region: context.region,
        bucket: bucket.id,
        rules: [
          ...expiring,
          {
            id: "unfinished-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      childOf(this),
    );
  }
}
