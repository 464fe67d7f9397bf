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
} as const satisfies ProblemTable;
