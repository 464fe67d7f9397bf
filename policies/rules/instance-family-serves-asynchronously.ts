import { listAt, textAt } from "../async-resources";
import { inTurn, looksAtAsyncConfigs, type ResourceRule } from "../rule";

/** SageMaker guide, model-deploy-feature-matrix, as of June 2023; Elastic Inference: the same guide, async-inference. */
export const instanceFamilyServesAsynchronously: ResourceRule = {
  name: "instance-family-serves-asynchronously",
  group: "rollout",
  displayName: "The instance family serves asynchronous endpoints",
  description: "An asynchronous endpoint configuration uses neither ml.inf1 instances nor Elastic Inference.",
  why: "Inf1 and Elastic Inference are excluded from asynchronous inference and from guarded updates: the endpoint is refused after everything else was made.",
  notJudged: "Whether the type is offered in the region, and whether the account has a quota for it.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Use another family; ml.inf2 is its successor.",
  validateResource: looksAtAsyncConfigs((_async, report, _args, props) => {
    inTurn(
      listAt(props, "productionVariants").flatMap((variant) => [
        () => {
          const type = textAt(variant, "instanceType");
          if (type?.startsWith("ml.inf1.")) report(`${type} does not serve asynchronous endpoints.`);
        },
        () => {
          const accelerator = textAt(variant, "acceleratorType");
          if (accelerator !== undefined && accelerator !== "") report(`acceleratorType is ${accelerator}.`);
        },
      ]),
    );
  }),
};
