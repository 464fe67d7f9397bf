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
  "ASY-212": {
    means: "A prebuilt image was not looked up before the fleet was described.",
    fix: "In your program: const lookups = await lookUp(settings), and hand them to AsyncFleet.",
  },
  "ASY-213": {
    means: "The VPC of a region's subnets has no endpoint for a service that network.checkEndpoints names.",
    fix: "Make the endpoint and put it into the subnets' route tables, or take the service out of network.checkEndpoints if the subnets reach it another way.",
  },
  "ASY-214": {
    means: "A subnet of async-fleet:network cannot be read in its region.",
    fix: "Correct the id under async-fleet:overrides of that region, or give the deployer ec2:DescribeSubnets.",
  },
  "ASY-215": {
    means: "The subnets of one region lie in several VPCs.",
    fix: "Name subnets of one VPC.",
  },
  "ASY-216": {
    means: "AWS's provider knows no such prebuilt image in a region.",
    fix: "Correct model.image.prebuilt, or name that region's image under async-fleet:overrides.",
  },
  "ASY-217": {
    means: "No model data is named for a region of the fleet.",
    fix: "Name data for the region in async-fleet:model.data, or use one URI with {region} in it.",
  },
  "ASY-218": {
    means: "An alarm that shall roll an update back is none of this region's alarms.",
    fix: "Name alarms that the region has, or switch the named one on under async-fleet:alarms.",
  },
} as const satisfies ProblemTable;
