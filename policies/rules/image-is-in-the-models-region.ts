import { inner, listAt, textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";

/** SageMaker API reference, ContainerDefinition.Image, read 2026-11-25. */
export const imageIsInTheModelsRegion: ResourceRule = {
  name: "image-is-in-the-models-region",
  group: "regions",
  displayName: "The image is in the model's region",
  description: "A model's image in Amazon ECR is in the model's own region.",
  why: "SageMaker takes images only from ECR of the model's region: the endpoint would wait for a container it cannot pull.",
  notJudged: "Images of other registries, and whether the image is there.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Write {region} into async-fleet:model.image and replicate the repository to every region.",
  validateResource: looksAt([types.model], (props, report, args) => {
    const containers = [inner(props, "primaryContainer"), ...listAt(props, "containers")];
    const region = textAt(props, "region");
    let judged = false;
    inTurn(
      containers.map((container) => () => {
        const image = textAt(container, "image");
        const imageRegion = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\./.exec(image ?? "")?.[1];
        if (imageRegion === undefined || region === undefined) return;
        judged = true;
        if (imageRegion !== region) report(`its image is in ${imageRegion}, the model in ${region}: ${image}.`);
      }),
    );
    if (!judged) args.notApplicable("no image of ECR");
  }),
};
