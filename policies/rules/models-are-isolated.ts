import { types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";

export const modelsAreIsolated: ResourceRule = {
  name: "models-are-isolated",
  group: "security",
  displayName: "Models have no network",
  description: "A model has network isolation on.",
  why: "A container without isolation can send payloads anywhere on the internet, by its own code or by a library's.",
  notJudged: "What the container does with what it is given; SageMaker still brings inputs and results.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [
    { source: "Security Hub", ids: ["SageMaker.5"] },
    { source: "AWS Config", ids: ["sagemaker-model-isolation-enabled"] },
    { source: "Checkov", ids: ["CKV_AWS_370"] },
    { source: "Prowler", ids: ["sagemaker_models_network_isolation_enabled"] },
  ],
  remediationSteps: "Set enableNetworkIsolation to true; a model that needs a network gets a waiver with the reason.",
  validateResource: looksAt([types.model], (props, report) => {
    if (!("enableNetworkIsolation" in props) || props.enableNetworkIsolation !== true)
      report("enableNetworkIsolation is not true: the container can reach the internet.");
  }),
};
