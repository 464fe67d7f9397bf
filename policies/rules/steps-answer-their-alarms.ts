import type { PolicyResource } from "@pulumi/policy";
import { direction, fires } from "../alarms";
import { looksAtAsyncEndpoints, type Say, sameRegion, scalingOf } from "../async-endpoints";
import { type Props, textAt, types } from "../async-resources";
import { inTurn, ofType, type StackRule } from "../rule";
import { isStepPolicy, stepsOf } from "../steps";

export const stepsAnswerTheirAlarms: StackRule = {
  name: "steps-answer-their-alarms",
  group: "scaling",
  displayName: "Step policies are fired, and have a step for it",
  description:
    "Each step policy of an asynchronous endpoint is fired by an alarm of the stack, has a step on the side of the threshold where that alarm fires, and is not fired by missing data.",
  why: "A step policy acts only when an alarm fires it, and only where a step covers the breach; an alarm that takes silence for a breach scales when CloudWatch is late.",
  notJudged: "Alarms made outside the stack, and whether the alarm's metric has data.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Name the policy's ARN in an alarm's alarmActions, give the policy a step from the threshold outwards, and leave treatMissingData at missing or notBreaching.",
  validateStack: looksAtAsyncEndpoints("step policy of an asynchronous endpoint", (each, say, { resources }) => {
    const alarms = ofType(resources, types.alarm);
    const policies = scalingOf(each, resources, types.scalingPolicy).filter(({ props }) => isStepPolicy(props));
    inTurn(policies.map((policy) => () => judge(policy, alarms, say)));
    return policies.length > 0;
  }),
};

function judge(policy: PolicyResource, alarms: readonly PolicyResource[], say: Say): void {
  const steps = stepsOf(policy.props) ?? [];
  const firing = alarms.filter((alarm) => sameRegion(alarm, policy) && fires(alarm, policy));
  if (firing.length === 0) say(`${policy.name} is fired by no alarm of its region: it never acts.`, policy);
  inTurn(
    firing.flatMap((alarm) => [
      () => {
        const side = direction(alarm.props as Props);
        const covered =
          side === "above"
            ? steps.some(({ lower }) => lower <= 0) && steps.some(({ upper }) => upper === Number.POSITIVE_INFINITY)
            : steps.some(({ upper }) => upper >= 0) && steps.some(({ lower }) => lower === Number.NEGATIVE_INFINITY);
        if (side !== undefined && !covered)
          say(`${policy.name} is fired by ${alarm.name} ${side} its threshold, where it has no step.`, policy);
      },
      () => {
        if (textAt(alarm.props, "treatMissingData") === "breaching")
          say(`${policy.name} is fired by ${alarm.name} whenever data is missing.`, policy);
      },
    ]),
  );
}
