import { types } from "../async-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { encryptionsOf, payloadBucketsOf } from "../storage-resources";

export const payloadBucketsUseACustomerKey: StackRule = {
  name: "payload-buckets-use-a-customer-key",
  group: "storage",
  displayName: "Payloads are encrypted with a customer key",
  description:
    "Each bucket an asynchronous endpoint writes to encrypts with KMS under a key that is not the AWS managed one, and keeps a bucket key.",
  why: "Under a key that AWS manages the account cannot stop all reading at once; without a bucket key each object costs KMS requests.",
  notJudged: "Buckets that are not in the stack, and objects written with another encryption of their own.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [
    { source: "Checkov", ids: ["CKV_AWS_19", "CKV_AWS_145"] },
    { source: "Trivy", ids: ["AWS-0088", "AWS-0132"] },
  ],
  remediationSteps: "Set sseAlgorithm aws:kms, kmsMasterKeyId to a key of your own and bucketKeyEnabled true.",
  validateStack: looksAtStacksWith([types.endpointConfiguration], (resources, report, args) => {
    const buckets = payloadBucketsOf(resources);
    if (buckets.length === 0)
      return args.notApplicable("no bucket of the stack that an asynchronous endpoint writes to");
    inTurn(
      buckets.map((bucket) => () => {
        const encryptions = encryptionsOf(bucket, resources);
        const say = (what: string): void => report(`the bucket ${bucket.name} ${what}`, bucket.urn);
        if (encryptions.length === 0) say("names no encryption: S3 uses a key of its own.");
        for (const { algorithm, customerKey, bucketKey } of encryptions) {
          if (algorithm !== "aws:kms" && algorithm !== "aws:kms:dsse") say(`encrypts with ${algorithm}, not with KMS.`);
          else if (!customerKey) say("names no customer key in kmsMasterKeyId.");
          else if (!bucketKey && algorithm === "aws:kms") say("has no bucket key: each object costs KMS requests.");
        }
      }),
    );
  }),
};
