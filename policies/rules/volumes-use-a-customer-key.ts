import { listAt, textAt } from "../async-resources";
import { hasLocalDrive } from "../instances";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";
import { namesCustomerKey } from "../storage-resources";

export const volumesUseACustomerKey: ResourceRule = {
  name: "volumes-use-a-customer-key",
  group: "security",
  displayName: "Instance volumes are encrypted with a customer key",
  description:
    "An asynchronous endpoint configuration names a KMS key for its instances' volumes, unless its instance types keep data on local drives.",
  why: "Payloads, results and the model lie on the volume while an instance works on them.",
  notJudged:
    "Instance types not known here to have local drives are taken to have a volume; hardware encrypts local drives.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [
    {
      source: "AWS Config",
      ids: ["sagemaker-endpoint-configuration-kms-key-configured", "sagemaker-endpoint-config-kms-key-required"],
    },
    { source: "Checkov", ids: ["CKV_AWS_98"] },
    { source: "cdk-nag", ids: ["SageMakerEndpointConfigurationKMSKeyConfigured"] },
    { source: "Prowler", ids: ["sagemaker_endpoint_config_kms_encryption_enabled"] },
    { source: "KICS", ids: ["58b35504-0287-4154-bf69-02c0573deab8"] },
    { source: "cfn-guard", ids: ["SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED"] },
  ],
  remediationSteps:
    "Set kmsKeyArn to a key of your own in the endpoint's region; leave it out for instance types with local drives.",
  validateResource: looksAtAsyncConfigs((_async, report, _args, props) => {
    const named = namesCustomerKey(props, "kmsKeyArn");
    const types = listAt(props, "productionVariants").map((variant) => textAt(variant, "instanceType") ?? "");
    const local = types.length > 0 && types.every(hasLocalDrive);
    if (!local && !named) report("kmsKeyArn is missing or names the AWS managed key.");
    if (local && named)
      report(`kmsKeyArn is set, which AWS refuses for ${types.join(", ")}: hardware encrypts its drives.`);
  }),
};
