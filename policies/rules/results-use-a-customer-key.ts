import { inner } from "../async-resources";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";
import { namesCustomerKey } from "../storage-resources";

export const resultsUseACustomerKey: ResourceRule = {
  name: "results-use-a-customer-key",
  group: "storage",
  displayName: "Results are written under a customer key",
  description:
    "An asynchronous endpoint configuration names a KMS key for its results that is not the AWS managed one.",
  why: "Results outlive the request that made them and carry the callers' content, so they belong under a key the account can revoke.",
  notJudged: "Whether the serving role may use the key.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Set asyncInferenceConfig.outputConfig.kmsKeyId to the ARN of a key of your own in the endpoint's region.",
  validateResource: looksAtAsyncConfigs((async, report) => {
    if (!namesCustomerKey(inner(async, "outputConfig"), "kmsKeyId"))
      report("outputConfig.kmsKeyId is missing or names the AWS managed key.");
  }),
};
