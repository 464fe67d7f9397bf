import type { ProblemTable } from "./table";

/** ASY-7nn. */
export const engineProblems = {
  "ASY-701": {
    means: "The program named by PULUMI is not a Pulumi engine that can be used.",
    fix: "Correct or unset the environment variable PULUMI.",
  },
  "ASY-702": {
    means: "No Pulumi engine can be had.",
    fix: "Install Pulumi or Go, or run with --no-engine to deploy without one.",
  },
  "ASY-703": {
    means: "The Pulumi engine could not be built from source.",
    fix: "Read the compiler's last lines above; free disk space and a reachable module proxy are the usual needs.",
  },
  "ASY-704": {
    means: "A deployment failed.",
    fix: "Read the engine's lines above.",
  },
} as const satisfies ProblemTable;
