import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { bucketsOf, partsOf, s3Types } from "../storage-resources";

const settings = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export const bucketsAreClosedToThePublic: StackRule = {
  name: "buckets-are-closed-to-the-public",
  group: "storage",
  displayName: "Buckets are closed to the public",
  description: "Each bucket has a public access block with all four of its settings on.",
  why: "One careless policy or ACL would open payloads and results to the internet; the block refuses it.",
  notJudged: "Buckets that are not in the stack, and a block set for the whole account.",
  severity: "critical",
  enforcementLevel: "mandatory",
  controls: [
    { source: "Checkov", ids: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"] },
    { source: "Trivy", ids: ["AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093", "AWS-0094"] },
    { source: "cdk-nag", ids: ["AwsSolutions-S2"] },
  ],
  remediationSteps:
    "Add a BucketPublicAccessBlock with blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets all true.",
  validateStack: looksAtStacksWith(s3Types.bucket, (resources, report, args) => {
    const buckets = bucketsOf(resources);
    if (buckets.length === 0) return args.notApplicable("no bucket in the stack");
    inTurn(
      buckets.map((bucket) => () => {
        const blocks = partsOf(bucket, "publicAccessBlock", resources);
        if (blocks.length === 0) return report(`the bucket ${bucket.name} has no public access block.`, bucket.urn);
        const open = settings.filter((setting) => !blocks.some(({ props }) => props[setting] === true));
        if (open.length > 0)
          report(`the public access block of ${bucket.name} leaves out ${open.join(", ")}.`, bucket.urn);
      }),
    );
  }),
};
