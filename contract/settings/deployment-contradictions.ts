import { canaryPercent, linearStepPercent, rollingBatchPercent } from "../limits";
import type { Contradiction } from "./contradictions";
import type { RegionSettings } from "./schema";

const path = ["endpoint", "deployment"];
const code = "ASY-114";

/** What an endpoint's deployment cannot have together with the rest of the region's settings. */
export function deploymentContradictions(settings: RegionSettings): Contradiction[] {
  const { initialInstances, deployment } = settings.endpoint;
  const found: Contradiction[] = [];
  if (initialInstances > settings.scaling.max) {
    found.push({
      code,
      path: ["endpoint", "initialInstances"],
      got: `${initialInstances} with scaling.max ${settings.scaling.max}`,
      expected: "at most scaling.max",
    });
  }
  if (deployment === undefined) return found;
  if (deployment.rollbackAlarms.length > 0 && settings.alarms === false) {
    found.push({
      code,
      path: [...path, "rollbackAlarms"],
      got: `${deployment.rollbackAlarms.join(", ")} with alarms: false`,
      expected: "alarms that exist",
      fix: "Delete endpoint.deployment.rollbackAlarms, or delete alarms: false.",
    });
  }
  const share = shareOf(deployment);
  if (share !== undefined) {
    const percent = "instances" in share.part ? (100 * share.part.instances) / initialInstances : share.part.percent;
    if (initialInstances < 2 || percent > share.percentMax) {
      found.push({
        code,
        path: [...path, share.member],
        got: `${"instances" in share.part ? `${share.part.instances} of` : `${share.part.percent} % of`} ${initialInstances} instance${initialInstances === 1 ? "" : "s"}`,
        expected: `at most ${share.percentMax} % of endpoint.initialInstances, which must be 2 or more`,
        fix: "Raise endpoint.initialInstances (each update then starts so many), or use kind: allAtOnce.",
      });
    }
  }
  const waits = waitsOf(deployment, initialInstances);
  if (deployment.maximumExecutionSeconds !== undefined && deployment.maximumExecutionSeconds <= waits) {
    found.push({
      code,
      path: [...path, "maximumExecutionSeconds"],
      got: `${deployment.maximumExecutionSeconds} with ${waits} seconds of waiting alone`,
      expected: `more than ${waits}, with time for the instances to start: every update would go back`,
    });
  }
  return found;
}

type Deployment = NonNullable<RegionSettings["endpoint"]["deployment"]>;

function shareOf(deployment: Deployment) {
  switch (deployment.kind) {
    case "canary":
      return { member: "canary", part: deployment.canary, percentMax: canaryPercent.max };
    case "linear":
      return { member: "step", part: deployment.step, percentMax: linearStepPercent.max };
    case "rolling":
      return { member: "batch", part: deployment.batch, percentMax: rollingBatchPercent.max };
    default:
      return undefined;
  }
}

/** Seconds that an update waits at the least, without the start of any instance. */
function waitsOf(deployment: Deployment, instances: number): number {
  const steps = (part: { instances: number } | { percent: number }): number =>
    Math.ceil(
      instances / ("instances" in part ? part.instances : Math.max(1, Math.floor((instances * part.percent) / 100))),
    );
  switch (deployment.kind) {
    case "canary":
      return deployment.waitSeconds + deployment.terminationWaitSeconds;
    case "linear":
      return (steps(deployment.step) - 1) * deployment.waitSeconds + deployment.terminationWaitSeconds;
    case "rolling":
      return steps(deployment.batch) * deployment.waitSeconds;
    default:
      return deployment.terminationWaitSeconds;
  }
}
