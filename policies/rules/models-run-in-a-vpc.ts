import { inner, types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";

export const modelsRunInAVpc: ResourceRule = {
  name: "models-run-in-a-vpc",
  group: "security",
  displayName: "Models run in a VPC",
  description: "A model names subnets and security groups of a VPC.",
  why: "Outside a VPC no flow log and no security group sees what the model's instances send.",
  notJudged:
    "What the security groups and routes let through. Off by default: a model with network isolation sends nothing at all.",
  severity: "medium",
  enforcementLevel: "disabled",
  controls: [
    { source: "AWS Config", ids: ["sagemaker-model-in-vpc"] },
    { source: "Prowler", ids: ["sagemaker_models_vpc_settings_configured"] },
  ],
  remediationSteps: "Set vpcConfig with subnets and securityGroupIds (async-fleet:network).",
  validateResource: looksAt([types.model], (props, report) => {
    const vpc = inner(props, "vpcConfig");
    for (const key of ["subnets", "securityGroupIds"] as const) {
      if (vpc === undefined || !(key in vpc)) report(`vpcConfig.${key} is missing.`);
      else if ((vpc[key] as readonly unknown[]).length === 0) report(`vpcConfig.${key} is empty.`);
    }
  }),
};
