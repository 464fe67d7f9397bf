import type { ProblemTable } from "./table";

/** ASY-3nn. */
export const clientProblems = {
  "ASY-301": {
    means: "A payload cannot be read.",
    fix: "Give the path of a file that exists and that you may read.",
  },
  "ASY-302": {
    means: "A payload is larger than the fleet declares it accepts.",
    fix: "Split the payload, or raise async-fleet:requests.payloadBytes (1 GB at most) and deploy again.",
  },
  "ASY-303": {
    means: "A request option is outside what SageMaker accepts.",
    fix: "Change the value, or leave it out and take what the fleet declares.",
  },
  "ASY-304": {
    means: "The manifest is not one this version can read.",
    fix: "Deploy again with this version, or use the version that deployed it.",
  },
  "ASY-305": {
    means: "The fleet has no such region.",
    fix: "Name one of the manifest's regions.",
  },
} as const satisfies ProblemTable;
