import { textAt } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";
import { namesCustomerKey } from "../storage-resources";

const logGroup = "aws:cloudwatch/logGroup:LogGroup";

export const endpointLogsUseACustomerKey: ResourceRule = {
  name: "endpoint-logs-use-a-customer-key",
  group: "security",
  displayName: "Logs of endpoints are encrypted with a customer key",
  description: "A log group of SageMaker names a KMS key.",
  why: "Containers log what they are given: under a key the account cannot revoke, so can whoever reads logs.",
  notJudged: "Log groups that SageMaker makes itself, which no program registers.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set kmsKeyId to the ARN of a key of your own whose policy lets CloudWatch Logs use it.",
  validateResource: looksAt([logGroup], (props, report, args) => {
    if (!textAt(props, "name")?.startsWith("/aws/sagemaker/"))
      return args.notApplicable("not a log group of SageMaker");
    if (!namesCustomerKey(props, "kmsKeyId")) report("kmsKeyId is missing.");
  }),
};
