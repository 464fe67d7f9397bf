import { unlessGone } from "../aws-calls";
import { fromAws, toAws } from "../aws-shapes";
import {
  choice,
  flag,
  list,
  map,
  member,
  object,
  replaces,
  required,
  type Schema,
  set,
  text,
  untold,
  whole,
} from "../property";
import { defineResource } from "../resource-type";
import { bucketGone, settingOf } from "./s3-bucket";

const algorithms = ["AES256", "aws:kms", "aws:kms:dsse"] as const;
const encryptionRule = {
  applyServerSideEncryptionByDefault: member(
    "ApplyServerSideEncryptionByDefault",
    object({
      kmsMasterKeyId: member("KMSMasterKeyID", text()),
      sseAlgorithm: member("SSEAlgorithm", required(choice(algorithms))),
    }),
  ),
  bucketKeyEnabled: flag(),
};
const encryption = { rules: required(set(object(encryptionRule), { minItems: 1 })) };

/** How a bucket encrypts what is put into it. AWS goes back to its own key when this is taken away. */
export const s3BucketServerSideEncryptionConfiguration = defineResource({
  token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  regional: true,
  importForm: "<bucket name>",
  inputs: { bucket: settingOf(), expectedBucketOwner: untold(replaces(text())), ...encryption },
  computed: [],
  async create({ aws, exists }, inputs) {
    await aws.s3.putBucketEncryption({
      Bucket: inputs.bucket,
      ServerSideEncryptionConfiguration: toAws(encryption, inputs),
    });
    exists(inputs.bucket);
    return inputs.bucket;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone([...bucketGone, "ServerSideEncryptionConfigurationNotFoundError"], () =>
      aws.s3.getBucketEncryption({ Bucket: id }),
    );
    if (answer === undefined) return undefined;
    return { bucket: id, ...fromAws(encryption, answer.ServerSideEncryptionConfiguration) };
  },
  async update({ aws }, { id }, inputs) {
    await aws.s3.putBucketEncryption({
      Bucket: id,
      ServerSideEncryptionConfiguration: toAws(encryption, inputs),
    });
  },
  async delete({ aws }, { id }) {
    await unlessGone(bucketGone, () => aws.s3.deleteBucketEncryption({ Bucket: id }));
  },
});

const statuses = ["Enabled", "Disabled"] as const;
const storageClasses = [
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "GLACIER_IR",
  "DEEP_ARCHIVE",
] as const;
const days = () => whole({ min: 0 });
const sizes: Pick<Schema, "objectSizeGreaterThan" | "objectSizeLessThan"> = {
  objectSizeGreaterThan: whole({ min: 0 }),
  objectSizeLessThan: whole({ min: 1 }),
};
const lifecycleRule = {
  id: member("ID", required(text({ minLength: 1, maxLength: 255 }))),
  status: required(choice(statuses)),
  filter: object({ prefix: text(), ...sizes }),
  prefix: text(),
  expiration: object({
    days: whole({ min: 0 }),
    expiredObjectDeleteMarker: flag(),
  }),
  abortIncompleteMultipartUpload: object({ daysAfterInitiation: whole({ min: 1 }) }),
  noncurrentVersionExpiration: object({
    newerNoncurrentVersions: whole({ min: 1, max: 100 }),
    noncurrentDays: required(whole({ min: 1 })),
  }),
  transitions: list(object({ days: days(), storageClass: required(choice(storageClasses)) })),
  noncurrentVersionTransitions: list(
    object({
      newerNoncurrentVersions: whole({ min: 1, max: 100 }),
      noncurrentDays: required(days()),
      storageClass: required(choice(storageClasses)),
    }),
  ),
};
const lifecycle = { rules: required(set(object(lifecycleRule), { minItems: 1, maxItems: 1000 })) };

/** When a bucket's objects expire. Filters by tag and by several conditions at once are not played. */
export const s3BucketLifecycleConfiguration = defineResource({
  token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  regional: true,
  importForm: "<bucket name>",
  inputs: {
    bucket: settingOf(),
    expectedBucketOwner: untold(replaces(text())),
    timeouts: untold(map(text())),
    ...lifecycle,
  },
  computed: ["transitionDefaultMinimumObjectSize"],
  async create({ aws, exists }, inputs) {
    await aws.s3.putBucketLifecycleConfiguration({
      Bucket: inputs.bucket,
      LifecycleConfiguration: toAws(lifecycle, inputs),
    });
    exists(inputs.bucket);
    return inputs.bucket;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone([...bucketGone, "NoSuchLifecycleConfiguration"], () =>
      aws.s3.getBucketLifecycleConfiguration({ Bucket: id }),
    );
    if (answer === undefined) return undefined;
    return {
      bucket: id,
      transitionDefaultMinimumObjectSize: answer.TransitionDefaultMinimumObjectSize ?? "all_storage_classes_128K",
      ...fromAws(lifecycle, answer),
    };
  },
  async update({ aws }, { id }, inputs) {
    await aws.s3.putBucketLifecycleConfiguration({ Bucket: id, LifecycleConfiguration: toAws(lifecycle, inputs) });
  },
  async delete({ aws }, { id }) {
    await unlessGone(bucketGone, () => aws.s3.deleteBucketLifecycle({ Bucket: id }));
  },
});

const versioning = {
  status: required(choice(["Enabled", "Suspended", "Disabled"])),
  mfaDelete: member("MFADelete", choice(["Enabled", "Disabled"])),
};

/** Whether a bucket keeps what is overwritten. A bucket that had versioning once can only suspend it. */
export const s3BucketVersioning = defineResource({
  token: "aws:s3/bucketVersioning:BucketVersioning",
  regional: true,
  importForm: "<bucket name>",
  inputs: {
    bucket: settingOf(),
    expectedBucketOwner: untold(replaces(text())),
    versioningConfiguration: required(object(versioning)),
  },
  computed: [],
  async create({ aws, exists }, inputs) {
    // A bucket is born without versioning; AWS knows no such wish.
    if (inputs.versioningConfiguration.status !== "Disabled") {
      await aws.s3.putBucketVersioning({
        Bucket: inputs.bucket,
        VersioningConfiguration: toAws(versioning, inputs.versioningConfiguration),
      });
    }
    exists(inputs.bucket);
    return inputs.bucket;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone(bucketGone, () => aws.s3.getBucketVersioning({ Bucket: id }));
    if (answer === undefined) return undefined;
    return { bucket: id, versioningConfiguration: { status: "Disabled", ...fromAws(versioning, answer) } };
  },
  async update({ aws }, { id }, inputs) {
    await aws.s3.putBucketVersioning({
      Bucket: id,
      VersioningConfiguration: toAws(versioning, inputs.versioningConfiguration),
    });
  },
  async delete({ aws }, { id, inputs }) {
    if (inputs.versioningConfiguration.status === "Disabled") return;
    await unlessGone(bucketGone, () =>
      aws.s3.putBucketVersioning({ Bucket: id, VersioningConfiguration: { Status: "Suspended" } }),
    );
  },
});
