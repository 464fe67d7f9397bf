import type { PolicyResource } from "@pulumi/policy";
import { fires, watches } from "../alarms";
import { looksAtAsyncEndpoints, scalingOf } from "../async-endpoints";
import { inner, numberAt, type Props, types } from "../async-resources";
import { inTurn, ofType, type StackRule } from "../rule";
import { adjustmentType, isStepPolicy, stepsOf } from "../steps";

const metric = "HasBacklogWithoutCapacity";

export const wakeStepBringsAnInstance: StackRule = {
  name: "wake-step-brings-an-instance",
  group: "scaling",
  displayName: "Waking brings instances, and no more than allowed",
  description: `The step that an alarm on ${metric} fires adds at least one instance at zero, and no more than the target's maximum.`,
  why: "At zero a percentage of the present instances is nothing, and a step that is not taken at the metric's one value, 1, leaves the endpoint asleep with requests waiting.",
  notJudged: "Whether there is a wake pair at all, which is the rule scaling-can-leave-zero.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Use ChangeInCapacity with a scalingAdjustment from 1 to the target's maxCapacity and a lower bound of 0.",
  validateStack: looksAtAsyncEndpoints("asynchronous endpoint with a wake pair", (each, say, { resources }) => {
    const waking = ofType(resources, types.alarm).filter((alarm) => watches(alarm, metric, each));
    const [target] = scalingOf(each, resources, types.target);
    const pairs = scalingOf(each, resources, types.scalingPolicy)
      .filter(({ props }) => isStepPolicy(props))
      .flatMap((policy) => waking.filter((alarm) => fires(alarm, policy)).map((alarm) => ({ policy, alarm })));
    inTurn(
      pairs.map(({ policy, alarm }) => () => {
        const problem = problemOf(policy, alarm, target);
        if (problem !== undefined) say(`${policy.name}, fired by ${metric}, ${problem}`, policy);
      }),
    );
    return pairs.length > 0;
  }),
};

function problemOf(
  policy: PolicyResource,
  alarm: PolicyResource,
  target: PolicyResource | undefined,
): string | undefined {
  const distance = 1 - (numberAt(alarm.props as Props, "threshold") ?? 1);
  // Above the threshold a lower bound belongs to its step and an upper one does not.
  const step = stepsOf(policy.props)?.find(({ lower, upper }) => lower <= distance && distance < upper);
  if (step === undefined) return `has no step for the value 1, ${distance} from the alarm's threshold.`;
  const leastAdded = numberAt(inner(policy.props, "stepScalingPolicyConfiguration"), "minAdjustmentMagnitude") ?? 0;
  if (adjustmentType(policy.props) === "PercentChangeInCapacity")
    return leastAdded >= 1 ? undefined : "adds a percentage of no instances, which is none.";
  if (!(step.adjustment >= 1)) return `brings ${step.adjustment} instances.`;
  const max = numberAt(target?.props, "maxCapacity");
  return max !== undefined && step.adjustment > max
    ? `brings ${step.adjustment} instances where ${max} are allowed.`
    : undefined;
}
