import type { PolicyResource } from "@pulumi/policy";
import { dimensionNames, fires } from "../alarms";
import { endpointNameIn, sameRegion } from "../async-endpoints";
import { inner, known, numberAt, type Props, textAt, types } from "../async-resources";
import { comesFrom } from "../links";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";
import { stepsOf } from "../steps";

const metric = "HasBacklogWithoutCapacity";

/** Only an alarm on HasBacklogWithoutCapacity, with the right dimension, that fires a step policy of the same variant wakes an endpoint at zero. */
export const scalingCanLeaveZero: StackRule = {
  name: "scaling-can-leave-zero",
  group: "scaling",
  displayName: "An endpoint at zero can wake",
  description: `A scalable target with minimum 0 has an alarm on ${metric} and the step scaling policy it fires.`,
  why: "At zero instances the backlog per instance says nothing, so with target tracking alone a lone request waits until it expires.",
  notJudged: "How soon the alarm fires, and whether capacity is there.",
  severity: "critical",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: `Add a MetricAlarm on AWS/SageMaker ${metric} with the dimension EndpointName whose action is a StepScaling policy that adds instances to the same target.`,
  validateStack: looksAtStacksWith([types.target], (resources, report, args) => {
    const alarms = ofType(resources, types.alarm);
    const policies = ofType(resources, types.scalingPolicy);
    let judged = false;
    inTurn(
      ofType(resources, types.target).map((target) => () => {
        const { props } = target;
        if (textAt(props, "serviceNamespace") !== "sagemaker" || numberAt(props, "minCapacity") !== 0) return;
        judged = true;
        const problem = whatIsMissing(target, alarms, policies);
        if (problem !== undefined) report(`${props.resourceId}: ${problem}`, target.urn);
      }),
    );
    if (!judged) args.notApplicable("no scalable target with minimum 0");
  }),
};

function whatIsMissing(
  target: PolicyResource,
  alarms: readonly PolicyResource[],
  policies: readonly PolicyResource[],
): string | undefined {
  const resourceId = String(target.props.resourceId);
  const steps = policies.filter(
    (policy) =>
      sameRegion(policy, target) &&
      (comesFrom(policy, "resourceId", target) || known(policy.props, "resourceId") === resourceId) &&
      (stepsOf(policy.props) ?? []).some(({ adjustment }) => adjustment > 0),
  );
  if (steps.length === 0) return "no step scaling policy adds instances.";
  const name = endpointNameIn(resourceId);
  const onEndpoint = alarms.filter(
    (alarm) =>
      sameRegion(alarm, target) &&
      textAt(alarm.props, "metricName") === metric &&
      textAt(dimensionsOf(alarm), "EndpointName") === name,
  );
  if (onEndpoint.length === 0) return `no alarm on ${metric} with EndpointName ${name}.`;
  const right = onEndpoint.filter(
    (alarm) => dimensionNames(dimensionsOf(alarm)).length === 1 && textAt(alarm.props, "namespace") === "AWS/SageMaker",
  );
  if (right.length === 0)
    return `its alarm on ${metric} has other dimensions than EndpointName, or another namespace: it would have no data.`;
  return right.some((alarm) => steps.some((step) => fires(alarm, step)))
    ? undefined
    : `its alarm on ${metric} does not fire the step policy.`;
}

function dimensionsOf({ props }: PolicyResource): Props | undefined {
  return inner(props, "dimensions");
}
