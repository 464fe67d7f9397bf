import type { ResourceValidationPolicy } from "@pulumi/policy";
import { looksAtAsyncConfigs } from "../rule";

/** AWS takes such a configuration and refuses the endpoint later, in one sentence without the reason. */
export const oneVariantAndNoCapture: ResourceValidationPolicy = {
  name: "one-variant-and-no-capture",
  displayName: "One production variant, no data capture",
  description:
    "An asynchronous endpoint configuration has exactly one production variant, no shadow variant and no data capture.",
  severity: "high",
  enforcementLevel: "mandatory",
  tags: ["payload"],
  remediationSteps: "Leave one production variant and remove dataCaptureConfig and shadowProductionVariants.",
  validateResource: looksAtAsyncConfigs((_async, report, _args, props) => {
    const variants = "productionVariants" in props ? (props.productionVariants as readonly unknown[]).length : 0;
    if (variants !== 1) report(`${variants} production variants: asynchronous inference takes exactly one.`);
    if ("dataCaptureConfig" in props && props.dataCaptureConfig !== undefined)
      report("dataCaptureConfig is set: asynchronous inference does not take it.");
    if (
      "shadowProductionVariants" in props &&
      ((props.shadowProductionVariants as readonly unknown[] | undefined)?.length ?? 0) > 0
    ) {
      report("shadowProductionVariants are set: asynchronous inference does not take them.");
    }
  }),
};
