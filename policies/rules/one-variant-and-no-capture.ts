import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const oneVariantAndNoCapture: ResourceRule = {
  name: "one-variant-and-no-capture",
  group: "payload",
  displayName: "One production variant, no data capture",
  description:
    "An asynchronous endpoint configuration has exactly one production variant, no shadow variant and no data capture.",
  why: "AWS takes such a configuration and refuses the endpoint later, after everything else was made, in one sentence without the reason.",
  notJudged: "Inference components, and what the variant's model is.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
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
