import { nameLengthMax } from "../../../contract/limits";
import { unlessGone } from "../aws-calls";
import { fallback, flag, replaces, required, tags, text, untold } from "../property";
import { defineResource, type StepContext, type Tagging } from "../resource-type";

/** How AWS says that a bucket is not there: reads of its parts say the first, a HEAD can only say the second. */
export const bucketGone = ["NoSuchBucket", "NotFound"] as const;

/** The bucket that a setting belongs to. */
export const settingOf = () => required(replaces(text({ minLength: 3, maxLength: nameLengthMax.s3Bucket })));

const tagging: Tagging = {
  async read({ aws }, { id }) {
    const answer = await unlessGone(["NoSuchTagSet"], () => aws.s3.getBucketTagging({ Bucket: id }));
    return Object.fromEntries((answer?.TagSet ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  },
  // S3 keeps a bucket's tags as one set: what is not in it is gone.
  async write({ aws }, { id }, put) {
    const TagSet = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (TagSet.length === 0) await aws.s3.deleteBucketTagging({ Bucket: id });
    else await aws.s3.putBucketTagging({ Bucket: id, Tagging: { TagSet } });
  },
};

/** A bucket. Its settings are resources of their own; the deprecated properties for them are not played. */
export const s3Bucket = defineResource({
  token: "aws:s3/bucket:Bucket",
  regional: true,
  importForm: "<bucket name>",
  inputs: {
    bucket: required(
      replaces(
        text({
          minLength: 3,
          maxLength: nameLengthMax.s3Bucket,
          pattern: /^(?!xn--|sthree-|.*\.\.|.*(-s3alias|--ol-s3)$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
          patternMeans:
            "3 to 63 lower-case letters, digits, dots or dashes, beginning and ending with a letter or digit",
        }),
      ),
    ),
    bucketPrefix: replaces(text({ maxLength: nameLengthMax.s3Bucket - 26 })),
    forceDestroy: untold(fallback(false, flag())),
    tags: tags(),
  },
  computed: ["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName"],
  autoname: {
    property: "bucket",
    prefixProperty: "bucketPrefix",
    maxLength: nameLengthMax.s3Bucket,
    lowerCase: true,
  },
  tagging,
  async create({ aws, region, exists }, { bucket, tags: values }) {
    await aws.s3.createBucket({
      Bucket: bucket,
      ...(region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: constraint(region) } }),
    });
    exists(bucket);
    const TagSet = Object.entries(values ?? {}).map(([Key, Value]) => ({ Key, Value }));
    if (TagSet.length > 0) await aws.s3.putBucketTagging({ Bucket: bucket, Tagging: { TagSet } });
    return bucket;
  },
  async read({ aws, region }, { id }) {
    if ((await unlessGone(bucketGone, () => aws.s3.headBucket({ Bucket: id }))) === undefined) return undefined;
    return {
      bucket: id,
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegion: region,
      bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
    };
  },
  // The only properties that change in place steer the provider itself.
  async update() {},
  async delete(context, { id, inputs }) {
    if (inputs.forceDestroy === true) await empty(context, id);
    await unlessGone(bucketGone, () => context.aws.s3.deleteBucket({ Bucket: id }));
  },
});

/** Deletes every version of every object. */
async function empty({ aws }: StepContext, bucket: string): Promise<void> {
  for (;;) {
    const page = await unlessGone(bucketGone, () => aws.s3.listObjectVersions({ Bucket: bucket }));
    const found = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    if (found.length === 0) return;
    await aws.s3.deleteObjects({
      Bucket: bucket,
      Delete: { Quiet: true, Objects: found.map(({ Key, VersionId }) => ({ Key, VersionId })) },
    });
  }
}

type Constraint = NonNullable<
  NonNullable<
    Parameters<StepContext["aws"]["s3"]["createBucket"]>[0]["CreateBucketConfiguration"]
  >["LocationConstraint"]
>;

/** The SDK lists the regions it knew when it was made; the provider's check has seen that this is one by its form. */
function constraint(region: string): Constraint {
  return region as Constraint;
}
