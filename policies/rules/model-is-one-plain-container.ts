import type { PolicyResource } from "@pulumi/policy";
import { looksAtAsyncEndpoints, sameRegion } from "../async-endpoints";
import { inner, known, listAt, textAt, types } from "../async-resources";
import { comesFrom } from "../links";
import { inTurn, ofType, type StackRule } from "../rule";

/** SageMaker guide, model-deploy-feature-matrix, as of June 2023. */
export const modelIsOnePlainContainer: StackRule = {
  name: "model-is-one-plain-container",
  group: "rollout",
  displayName: "The model is one container with one model",
  description: "The model of an asynchronous endpoint has one container, and that serves one model.",
  why: "Asynchronous endpoints take no pipelines, no multi-container and no multi-model models; AWS says so only when the endpoint is made, in one sentence without the reason.",
  notJudged: "Models outside the stack, and whether a model package is from the Marketplace, which is refused as well.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Give the model a primaryContainer in SingleModel mode and no containers.",
  validateStack: looksAtAsyncEndpoints("model of an asynchronous endpoint", ({ configuration }, say, { resources }) => {
    const variants = listAt(configuration.props, "productionVariants");
    const named = ({ props }: PolicyResource): boolean => {
      const name = known(props, "name");
      return name !== undefined && variants.some((variant) => known(variant, "modelName") === name);
    };
    const models = ofType(resources, types.model).filter(
      (model) =>
        comesFrom(configuration, "productionVariants", model) || (sameRegion(model, configuration) && named(model)),
    );
    inTurn(
      models.flatMap((model) => {
        const containers = listAt(model.props, "containers");
        return [
          () => {
            if (containers.length > 1) say(`${model.name} has ${containers.length} containers.`, model);
          },
          ...[inner(model.props, "primaryContainer"), ...containers].map((container) => () => {
            if (textAt(container, "mode") === "MultiModel") say(`${model.name} serves many models.`, model);
          }),
        ];
      }),
    );
    return models.length > 0;
  }),
};
