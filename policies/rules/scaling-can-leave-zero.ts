import type { PolicyResource } from "@pulumi/policy";
import { inner, type Props, types } from "../async-resources";
import { ofType, type StackRule } from "../rule";

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
  validateStack: (args, report) => {
    const targets = ofType(args.resources, types.target).filter(
      ({ props }) => props.serviceNamespace === "sagemaker" && props.minCapacity === 0,
    );
    if (targets.length === 0) return args.notApplicable("no scalable target with minimum 0");
    const alarms = ofType(args.resources, types.alarm).filter(({ props }) => props.metricName === metric);
    const policies = ofType(args.resources, types.scalingPolicy);
    for (const target of targets) {
      const problem = whatIsMissing(target, alarms, policies);
      if (problem !== undefined) report(`${target.props.resourceId}: ${problem}`, target.urn);
    }
  },
};

function whatIsMissing(
  target: PolicyResource,
  alarms: readonly PolicyResource[],
  policies: readonly PolicyResource[],
): string | undefined {
  const resourceId = String(target.props.resourceId);
  const endpointName = resourceId.split("/")[1];
  const inRegion = (resource: PolicyResource): boolean => resource.props.region === target.props.region;
  const steps = policies.filter(
    (policy) => inRegion(policy) && policy.props.resourceId === resourceId && addsInstances(policy.props),
  );
  if (steps.length === 0) return "no step scaling policy adds instances.";
  const onEndpoint = alarms.filter(
    (alarm) => inRegion(alarm) && (alarm.props.dimensions as Props | undefined)?.EndpointName === endpointName,
  );
  if (onEndpoint.length === 0) return `no alarm on ${metric} with EndpointName ${endpointName}.`;
  const right = onEndpoint.filter(
    ({ props }) => Object.keys(props.dimensions as Props).length === 1 && props.namespace === "AWS/SageMaker",
  );
  if (right.length === 0)
    return `its alarm on ${metric} has other dimensions than EndpointName, or another namespace: it would have no data.`;
  // By dependency first: an ARN is unknown, and not to be read, until the policy exists.
  const fired =
    right.some((alarm) => steps.some((step) => dependsOn(alarm, step))) ||
    right.some((alarm) => steps.some((step) => names(alarm, step)));
  return fired ? undefined : `its alarm on ${metric} does not fire the step policy.`;
}

function dependsOn(alarm: PolicyResource, step: PolicyResource): boolean {
  return alarm.propertyDependencies.alarmActions?.some(({ urn }) => urn === step.urn) ?? false;
}

function names(alarm: PolicyResource, step: PolicyResource): boolean {
  const actions = "alarmActions" in alarm.props ? (alarm.props.alarmActions as readonly string[]) : [];
  return actions.length > 0 && "arn" in step.props && actions.includes(step.props.arn as string);
}

function addsInstances(props: Props): boolean {
  const step = inner(props, "stepScalingPolicyConfiguration");
  const adjustments = (step?.stepAdjustments ?? []) as ReadonlyArray<{ scalingAdjustment: number }>;
  return adjustments.some(({ scalingAdjustment }) => scalingAdjustment > 0);
}
