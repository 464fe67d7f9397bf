import type { PolicyResource } from "@pulumi/policy";
import { asyncConfig, inner, listAt, type Props, types } from "./async-resources";
import { comesFrom, isNamed, knownText, refersTo } from "./links";
import { oncePerStack } from "./per-stack";
import { ofType } from "./rule";

/** S3's parts, each under its newer and its older name. */
export const s3Types = {
  bucket: ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
  policy: ["aws:s3/bucketPolicy:BucketPolicy"],
  publicAccessBlock: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  ownership: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  acl: ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"],
  encryption: [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  ],
  lifecycle: [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
  ],
} as const;

/** The buckets of a stack. */
export function bucketsOf(resources: readonly PolicyResource[]): PolicyResource[] {
  return s3Types.bucket.flatMap((type) => ofType(resources, type));
}

/** The parts of one kind that belong to a bucket. */
export function partsOf(
  bucket: PolicyResource,
  kind: keyof typeof s3Types,
  resources: readonly PolicyResource[],
): PolicyResource[] {
  return s3Types[kind].flatMap((type) => ofType(resources, type)).filter((part) => refersTo(part, "bucket", bucket));
}

/** The configurations of asynchronous endpoints in a stack. */
export const asyncConfigsOf = oncePerStack((resources): readonly PolicyResource[] =>
  ofType(resources, types.endpointConfiguration).filter(({ props }) => asyncConfig(props) !== undefined),
);

/** Where an asynchronous endpoint writes: bucket and key prefix of each path that is known. */
export function pathsOf(config: PolicyResource): Array<{ property: string; bucket: string; prefix: string }> {
  const output = inner(asyncConfig(config.props), "outputConfig");
  return (["s3OutputPath", "s3FailurePath"] as const).flatMap((property) => {
    const [, bucket, prefix] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(knownText(output, property) ?? "") ?? [];
    return bucket === undefined || prefix === undefined ? [] : [{ property, bucket, prefix }];
  });
}

/** Whether an asynchronous endpoint writes to a bucket. */
export function writesTo(config: PolicyResource, bucket: PolicyResource): boolean {
  return (
    comesFrom(config, "asyncInferenceConfig", bucket) || pathsOf(config).some((path) => isNamed(bucket, path.bucket))
  );
}

/** The stack's buckets that its asynchronous endpoints write to. */
export function payloadBucketsOf(resources: readonly PolicyResource[]): PolicyResource[] {
  const configs = asyncConfigsOf(resources);
  return bucketsOf(resources).filter((bucket) => configs.some((config) => writesTo(config, bucket)));
}

/** What one enabled lifecycle rule does, to which keys. */
export interface Lifecycle {
  readonly prefix: string;
  /** It looks at tags or sizes, too, so not every object under the prefix is its own. */
  readonly narrowed: boolean;
  readonly expires: boolean;
  /** Undefined where a date is given, or nothing. */
  readonly days: number | undefined;
  readonly dropsUnfinishedUploads: boolean;
}

/** The enabled lifecycle rules of a bucket, whether they are its own property or a resource beside it. */
export function lifecyclesOf(bucket: PolicyResource, resources: readonly PolicyResource[]): Lifecycle[] {
  const beside = partsOf(bucket, "lifecycle", resources).flatMap(({ props }) => listAt(props, "rules"));
  return [
    ...beside.filter((rule) => rule.status === "Enabled").map(besideRule),
    ...listAt(bucket.props, "lifecycleRules")
      .filter((rule) => rule.enabled === true)
      .map(inlineRule),
  ];
}

function besideRule(rule: Props): Lifecycle {
  const filter = inner(rule, "filter");
  const and = inner(filter, "and");
  const narrowing = ["tag", "tags", "objectSizeGreaterThan", "objectSizeLessThan"];
  return {
    prefix: String(and?.prefix ?? filter?.prefix ?? rule.prefix ?? ""),
    narrowed: [filter, and].some((part) => narrowing.some((key) => part?.[key] !== undefined)),
    ...expiry(inner(rule, "expiration")),
    dropsUnfinishedUploads: inner(rule, "abortIncompleteMultipartUpload")?.daysAfterInitiation !== undefined,
  };
}

function inlineRule(rule: Props): Lifecycle {
  return {
    prefix: String(rule.prefix ?? ""),
    narrowed: rule.tags !== undefined,
    ...expiry(inner(rule, "expiration") ?? listAt(rule, "expirations")[0]),
    dropsUnfinishedUploads: rule.abortIncompleteMultipartUploadDays !== undefined,
  };
}

function expiry(expiration: Props | undefined): Pick<Lifecycle, "expires" | "days"> {
  const days = expiration?.days as number | undefined;
  return { expires: (days ?? 0) > 0 || expiration?.date !== undefined, days };
}

/** What a bucket's objects are encrypted with. */
export interface Encryption {
  readonly algorithm: string | undefined;
  /** False for AWS's own key; a key still unknown at preview is a key. */
  readonly customerKey: boolean;
  readonly bucketKey: boolean;
}

/** The encryption a bucket is told, whether it is its own property or a resource beside it. */
export function encryptionsOf(bucket: PolicyResource, resources: readonly PolicyResource[]): Encryption[] {
  const own = inner(bucket.props, "serverSideEncryptionConfiguration");
  const rules = [
    ...partsOf(bucket, "encryption", resources).flatMap(({ props }) => listAt(props, "rules")),
    ...(own === undefined ? [] : [inner(own, "rule") ?? {}]),
    ...listAt(bucket.props, "serverSideEncryptionConfigurations").flatMap((each) => listAt(each, "rules")),
  ];
  return rules.map((rule) => {
    const byDefault =
      inner(rule, "applyServerSideEncryptionByDefault") ?? listAt(rule, "applyServerSideEncryptionByDefaults")[0];
    return {
      algorithm: byDefault?.sseAlgorithm as string | undefined,
      customerKey: namesCustomerKey(byDefault, "kmsMasterKeyId"),
      bucketKey: rule.bucketKeyEnabled === true,
    };
  });
}

/** Whether a key of the customer's is named: any but AWS's own, `alias/aws/…`. */
export function namesCustomerKey(props: Props | undefined, property: string): boolean {
  // Taken without reading it: a key unknown at preview is a key, and its mark is a text like any other.
  const key: unknown = props === undefined ? undefined : Object.getOwnPropertyDescriptor(props, property)?.value;
  return typeof key === "string" && !/^$|(^|:)alias\/aws\//.test(key);
}
