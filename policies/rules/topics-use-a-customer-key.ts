import { noticeTypes } from "../notice-resources";
import { looksAt, type ResourceRule } from "../rule";
import { namesCustomerKey } from "../storage-resources";

export const topicsUseACustomerKey: ResourceRule = {
  name: "topics-use-a-customer-key",
  group: "notifications",
  displayName: "Topics are encrypted with a customer key",
  description: "An SNS topic names a KMS key that is not the AWS managed one.",
  why: "Notices name callers' inputs and may hold responses: under no key, or one that AWS manages, the account cannot say who reads them, nor stop it.",
  notJudged: "Whether the key's policy lets the publisher use it, and topics that are not in the stack.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [
    { source: "Security Hub", ids: ["SNS.1"] },
    { source: "AWS Config", ids: ["sns-encrypted-kms"] },
    { source: "Checkov", ids: ["CKV_AWS_26"] },
    { source: "Trivy", ids: ["AWS-0095", "AWS-0136"] },
    { source: "Prowler", ids: ["sns_topics_kms_encryption_at_rest_enabled"] },
    { source: "KICS", ids: ["28545147-2fc6-42d5-a1f9-cf226658e591"] },
  ],
  remediationSteps: "Set kmsMasterKeyId to the ARN of a key of your own in the topic's region.",
  validateResource: looksAt([noticeTypes.topic], (props, report) => {
    if (!namesCustomerKey(props, "kmsMasterKeyId"))
      report(
        "kmsMasterKeyId is missing or names the AWS managed key: notices are not encrypted under a key you control.",
      );
  }),
};
