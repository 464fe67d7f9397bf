import {
  canaryPercent,
  deploymentMaximumExecutionSeconds,
  deploymentWaitSeconds,
  linearStepPercent,
  type Range,
  rollingBatchPercent,
} from "../../contract/limits";
import { inner, isSet, numberAt, type Props, textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";

export const updateStepsAreWithinLimits: ResourceRule = {
  name: "update-steps-are-within-limits",
  group: "rollout",
  displayName: "Update steps and waits are within AWS's limits",
  description: `The deployment configuration of an endpoint has one update policy whose sizes AWS takes (canary at most ${canaryPercent.max} %, linear ${linearStepPercent.min} to ${linearStepPercent.max} %, rolling ${rollingBatchPercent.min} to ${rollingBatchPercent.max} %) and time for all of its waits.`,
  why: "AWS refuses steps outside its limits when the update begins, and an update that may not run as long as its waits take is ended by the clock and rolled back.",
  notJudged:
    "Sizes in instances, which depend on how many there are, how long instances take to start, and rolling updates' whole time.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Bring sizes and waits into the limits, and raise maximumExecutionTimeoutInSeconds above all waits together.",
  validateResource: looksAt([types.endpoint], (props, report, args) => {
    const deployment = inner(props, "deploymentConfig");
    if (deployment === undefined) return args.notApplicable("no deployment configuration");
    const blueGreen = inner(deployment, "blueGreenUpdatePolicy");
    const rolling = inner(deployment, "rollingUpdatePolicy");
    inTurn([
      () => {
        if (blueGreen !== undefined && rolling !== undefined)
          report("blueGreenUpdatePolicy and rollingUpdatePolicy are both set.");
      },
      () => judgeRouting(inner(blueGreen, "trafficRoutingConfiguration"), report),
      ...seconds(
        inner(blueGreen, "trafficRoutingConfiguration"),
        "waitIntervalInSeconds",
        deploymentWaitSeconds,
        report,
      ),
      ...seconds(blueGreen, "terminationWaitInSeconds", deploymentWaitSeconds, report),
      ...seconds(rolling, "waitIntervalInSeconds", deploymentWaitSeconds, report),
      ...[blueGreen, rolling].flatMap((policy) =>
        seconds(policy, "maximumExecutionTimeoutInSeconds", deploymentMaximumExecutionSeconds, report),
      ),
      () => judgeSize(rolling, "maximumBatchSize", rollingBatchPercent, report),
      () => judgeWhole(blueGreen, report),
    ]);
  }),
};

type Report = (message: string) => void;

function judgeRouting(routing: Props | undefined, report: Report): void {
  if (routing === undefined) return;
  const type = textAt(routing, "type");
  const sizes = [
    { type: "CANARY", size: "canarySize", percent: canaryPercent },
    { type: "LINEAR", size: "linearStepSize", percent: linearStepPercent },
  ] as const;
  for (const each of sizes) {
    const isThere = isSet(routing, each.size);
    if (type === each.type && !isThere) report(`${each.size} is missing with ${each.type}.`);
    else if (type !== each.type && isThere) report(`${each.size} is set with ${type}.`);
    else judgeSize(routing, each.size, each.percent, report);
  }
}

function judgeSize(props: Props | undefined, key: string, percent: Range, report: Report): void {
  const size = inner(props, key);
  if (size === undefined) return;
  const value = numberAt(size, "value");
  const isPercent = textAt(size, "type") === "CAPACITY_PERCENT";
  if (isPercent && value !== undefined && !(value >= percent.min && value <= percent.max))
    report(`${key} is ${value} %, not ${percent.min} to ${percent.max} %.`);
  else if (!isPercent && value !== undefined && !(value >= 1)) report(`${key} is ${value} instances.`);
}

function seconds(props: Props | undefined, key: string, { min, max }: Range, report: Report): Array<() => void> {
  return [
    () => {
      const value = numberAt(props, key);
      if (value !== undefined && !(value >= min && value <= max)) report(`${key} is ${value}, not ${min} to ${max}.`);
    },
  ];
}

/** All waits of a blue/green update: one after each step but the last, and one before the old fleet goes. */
function judgeWhole(blueGreen: Props | undefined, report: Report): void {
  const whole = numberAt(blueGreen, "maximumExecutionTimeoutInSeconds");
  if (whole === undefined) return;
  const routing = inner(blueGreen, "trafficRoutingConfiguration");
  const wait = numberAt(routing, "waitIntervalInSeconds") ?? 0;
  const waits = wait * waitsOf(routing) + (numberAt(blueGreen, "terminationWaitInSeconds") ?? 0);
  if (waits > whole) report(`its waits take ${waits} seconds, and the whole update may take ${whole}.`);
}

function waitsOf(routing: Props | undefined): number {
  const type = textAt(routing, "type");
  if (type !== "LINEAR") return type === "CANARY" ? 1 : 0;
  const step = inner(routing, "linearStepSize");
  const value = numberAt(step, "value") ?? 0;
  return textAt(step, "type") === "CAPACITY_PERCENT" && value > 0 ? Math.ceil(100 / value) - 1 : 1;
}
