import { listAt, textAt } from "../async-resources";
import { inTurn, looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const variantNameIsFixed: ResourceRule = {
  name: "variant-name-is-fixed",
  group: "rollout",
  displayName: "The variant has a name of its own",
  description: "The production variant of an asynchronous endpoint configuration is given a name.",
  why: "Without one the provider makes a new random name with every configuration, and an update that removes the variant a scalable target is registered on is refused.",
  notJudged:
    "Whether the name was another before: a rename needs the target deregistered first, as a new instance type does.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set variantName on the production variant and keep it.",
  validateResource: looksAtAsyncConfigs((_async, report, _args, props) => {
    inTurn(
      listAt(props, "productionVariants").map((variant, index) => () => {
        if ((textAt(variant, "variantName") ?? "") === "")
          report(`productionVariants[${index}].variantName is missing.`);
      }),
    );
  }),
};
