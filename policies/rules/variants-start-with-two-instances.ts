import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

/** What public controls of availability ask of every endpoint. An endpoint that scales to zero waives it, with a reason. */
const instancesMin = 2;

export const variantsStartWithTwoInstances: ResourceRule = {
  name: "variants-start-with-two-instances",
  group: "rollout",
  displayName: "Variants start with two instances",
  description: "Each production variant of an asynchronous endpoint starts with at least two instances.",
  why: "With one instance, the loss of its zone stops the work until another has started.",
  notJudged:
    "How many instances there are later: scaling decides, and an endpoint that sleeps has none, whatever it started with.",
  severity: "medium",
  enforcementLevel: "advisory",
  controls: [
    { source: "Security Hub", ids: ["SageMaker.4"] },
    { source: "AWS Config", ids: ["sagemaker-endpoint-config-prod-instance-count"] },
    { source: "Prowler", ids: ["sagemaker_endpoint_config_prod_variant_instances"] },
  ],
  remediationSteps:
    "Raise initialInstanceCount, or waive the rule where the endpoint is meant to sleep: examples/waivers/scale-to-zero.yaml.",
  validateResource: looksAtAsyncConfigs((_async, report, _args, props) => {
    const variants = "productionVariants" in props ? (props.productionVariants as readonly object[]) : [];
    for (const [index, variant] of variants.entries()) {
      const at = `productionVariants[${index}].initialInstanceCount`;
      if (!("initialInstanceCount" in variant)) report(`${at} is missing.`);
      else if (!(Number(variant.initialInstanceCount) >= instancesMin))
        report(`${at} is ${variant.initialInstanceCount}: below ${instancesMin}.`);
    }
  }),
};
