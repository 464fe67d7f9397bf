import { inner, textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";
import { containersOf } from "../security-resources";

export const imagesComeFromTheRegionsRegistry: ResourceRule = {
  name: "images-come-from-the-regions-registry",
  group: "security",
  displayName: "Images come from a private registry of the region",
  description:
    "A model's image lies in Amazon ECR in the model's region, or in a private registry reached through the VPC.",
  why: "An image from a public registry is whatever its publisher makes of it tomorrow; one from another region makes each wake depend on two regions.",
  notJudged: "Who may push to the registry, and whose account it is.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Copy the image into ECR in the region: <account>.dkr.ecr.<region>.amazonaws.com/<repository>.",
  validateResource: looksAt([types.model], (props, report, args) => {
    const images = containersOf(props).filter(({ container }) => "image" in container);
    if (images.length === 0) return args.notApplicable("no container names an image");
    inTurn(
      images.map(({ at, container }) => () => {
        const image = textAt(container, "image") ?? "";
        const [, region] = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com\//.exec(image) ?? [];
        const through = textAt(inner(container, "imageConfig"), "repositoryAccessMode");
        if (region === undefined && through !== "Vpc") report(`${at}.image ${image} is not in Amazon ECR.`);
        const own = textAt(props, "region");
        if (region !== undefined && own !== undefined && region !== own)
          report(`${at}.image lies in ${region}, the model in ${own}.`);
      }),
    );
  }),
};
