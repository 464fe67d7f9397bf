import type { ProblemTable } from "./table";

/** ASY-2nn. */
export const componentsProblems = {
  "ASY-201": {
    means: "The model's local files cannot be read.",
    fix: "Give the path of a file or folder, relative to the folder of Pulumi.yaml, or an S3 URI.",
  },
  "ASY-202": {
    means: "No container image is named for a region of the fleet.",
    fix: "Name an image for the region in async-fleet:model.image, or use one URI with {region} in it.",
  },
  "ASY-210": {
    means: "An endpoint does not serve the configuration that was deployed: SageMaker rolled the update back.",
    fix: "Mend what the reason names, then run `pulumi up --refresh --replace '**-scaled-type'`, which takes scaling away, tries again and registers scaling anew. Until then the endpoint serves and scales as before.",
  },
  "ASY-211": {
    means: "SageMaker could not be asked what an endpoint serves, so a silent rollback would go unseen.",
    fix: "Give the program the provider's own credentials (environment, aws:profile), with sagemaker:DescribeEndpoint.",
  },
} as const satisfies ProblemTable;
