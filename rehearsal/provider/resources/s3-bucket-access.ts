import { unlessGone } from "../aws-calls";
import { fromAws, toAws } from "../aws-shapes";
import { choice, document, fallback, flag, object, required, untold } from "../property";
import { defineResource } from "../resource-type";
import { bucketGone, settingOf } from "./s3-bucket";

const publicAccess = {
  blockPublicAcls: fallback(false, flag()),
  blockPublicPolicy: fallback(false, flag()),
  ignorePublicAcls: fallback(false, flag()),
  restrictPublicBuckets: fallback(false, flag()),
};

/** Whether a bucket's content may ever become public. */
export const s3BucketPublicAccessBlock = defineResource({
  token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  regional: true,
  importForm: "<bucket name>",
  inputs: { bucket: settingOf(), ...publicAccess, skipDestroy: untold(flag()) },
  computed: [],
  async create({ aws, exists }, inputs) {
    await aws.s3.putPublicAccessBlock({
      Bucket: inputs.bucket,
      PublicAccessBlockConfiguration: toAws(publicAccess, inputs),
    });
    exists(inputs.bucket);
    return inputs.bucket;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone([...bucketGone, "NoSuchPublicAccessBlockConfiguration"], () =>
      aws.s3.getPublicAccessBlock({ Bucket: id }),
    );
    if (answer === undefined) return undefined;
    return { bucket: id, ...fromAws(publicAccess, answer.PublicAccessBlockConfiguration) };
  },
  async update({ aws }, { id }, inputs) {
    await aws.s3.putPublicAccessBlock({ Bucket: id, PublicAccessBlockConfiguration: toAws(publicAccess, inputs) });
  },
  async delete({ aws }, { id, inputs }) {
    if (inputs.skipDestroy === true) return;
    await unlessGone(bucketGone, () => aws.s3.deletePublicAccessBlock({ Bucket: id }));
  },
});

const ownerships = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] as const;
const ownershipRule = { objectOwnership: required(choice(ownerships)) };

/** Who owns the objects that others put into a bucket. */
export const s3BucketOwnershipControls = defineResource({
  token: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  regional: true,
  importForm: "<bucket name>",
  inputs: { bucket: settingOf(), rule: required(object(ownershipRule)) },
  computed: [],
  async create({ aws, exists }, inputs) {
    await aws.s3.putBucketOwnershipControls({
      Bucket: inputs.bucket,
      OwnershipControls: { Rules: [toAws(ownershipRule, inputs.rule)] },
    });
    exists(inputs.bucket);
    return inputs.bucket;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone([...bucketGone, "OwnershipControlsNotFoundError"], () =>
      aws.s3.getBucketOwnershipControls({ Bucket: id }),
    );
    if (answer === undefined) return undefined;
    return { bucket: id, rule: fromAws(ownershipRule, answer.OwnershipControls?.Rules?.[0]) };
  },
  async update({ aws }, { id }, inputs) {
    await aws.s3.putBucketOwnershipControls({
      Bucket: id,
      OwnershipControls: { Rules: [toAws(ownershipRule, inputs.rule)] },
    });
  },
  async delete({ aws }, { id }) {
    await unlessGone(bucketGone, () => aws.s3.deleteBucketOwnershipControls({ Bucket: id }));
  },
});

/** Who may do what with a bucket. */
export const s3BucketPolicy = defineResource({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  regional: true,
  importForm: "<bucket name>",
  inputs: { bucket: settingOf(), policy: required(document()) },
  computed: [],
  async create({ aws, exists }, inputs) {
    await aws.s3.putBucketPolicy({ Bucket: inputs.bucket, Policy: inputs.policy });
    exists(inputs.bucket);
    return inputs.bucket;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone([...bucketGone, "NoSuchBucketPolicy"], () =>
      aws.s3.getBucketPolicy({ Bucket: id }),
    );
    return answer === undefined ? undefined : { bucket: id, policy: answer.Policy };
  },
  async update({ aws }, { id }, inputs) {
    await aws.s3.putBucketPolicy({ Bucket: id, Policy: inputs.policy });
  },
  async delete({ aws }, { id }) {
    await unlessGone(bucketGone, () => aws.s3.deleteBucketPolicy({ Bucket: id }));
  },
});
