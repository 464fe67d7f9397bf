import type { PolicyResource } from "@pulumi/policy";
import { invocationTimeoutSecondsDefault, scaleInCooldownSecondsDefault } from "../../contract/limits";
import { direction, fires, watches } from "../alarms";
import { type AsyncEndpoint, looksAtAsyncEndpoints, scalingOf } from "../async-endpoints";
import { declared, inner, numberAt, type Props, textAt, types } from "../async-resources";
import { inTurn, ofType, type StackRule } from "../rule";
import { adjustmentType, stepsOf } from "../steps";

export const scaleInSparesRunningRequests: StackRule = {
  name: "scale-in-spares-running-requests",
  group: "scaling",
  displayName: "Scaling in does not cut running requests",
  description:
    "A policy that takes instances of an asynchronous endpoint away does so only when nothing is queued or running, or not more often than the longest invocation takes.",
  why: "Scaling in chooses an instance without asking whether it works: a request of forty minutes is cut by instances taken away every ten.",
  notJudged:
    "The first step in, which a cooldown does not delay: only scaling in when idle, or not at all, is safe for every request.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Set async-fleet:scaling.scaleIn to { kind: whenIdle }, or disableScaleIn with a step policy on ApproximateBacklogSize below 1, or raise scaleInCooldown to the declared invocation timeout.",
  configSchema: {
    properties: {
      longestSeconds: {
        type: "integer",
        minimum: 0,
        maximum: 3600,
        default: 0,
        description: "How long an invocation takes at most; 0 is the declared invocation timeout.",
      },
    },
  },
  validateStack: looksAtAsyncEndpoints("scaling policy of an asynchronous endpoint", (each, say, args) => {
    // The engine fills in a schema's defaults; without an engine they are missing.
    const { longestSeconds = 0 } = args.getConfig<{ longestSeconds?: number }>();
    const alarms = ofType(args.resources, types.alarm);
    const policies = scalingOf(each, args.resources, types.scalingPolicy);
    inTurn(
      policies.map((policy) => () => {
        const cooldown = cooldownOf(policy, alarms, each);
        if (cooldown === undefined) return;
        const needed = longestSeconds > 0 ? longestSeconds : declaredTimeout(each.configuration.props);
        if (cooldown < needed)
          say(
            `${policy.name} may take an instance every ${cooldown} seconds while an invocation may take ${needed}.`,
            policy,
          );
      }),
    );
    return policies.length > 0;
  }),
};

function declaredTimeout(configuration: Props): number {
  return declared(configuration, "invocationTimeoutSeconds") ?? invocationTimeoutSecondsDefault;
}

/** The wait between two steps in; undefined for a policy that takes no instance from running requests. */
function cooldownOf(
  policy: PolicyResource,
  alarms: readonly PolicyResource[],
  endpoint: AsyncEndpoint,
): number | undefined {
  const tracking = inner(policy.props, "targetTrackingScalingPolicyConfiguration");
  if (tracking !== undefined) {
    if ((textAt(tracking, "disableScaleIn") as unknown) === true) return undefined;
    return numberAt(tracking, "scaleInCooldown") ?? scaleInCooldownSecondsDefault;
  }
  const firing = alarms.filter((alarm) => fires(alarm, policy));
  // Exactly so many is fewer where a low metric fires it.
  const shrinks =
    adjustmentType(policy.props) === "ExactCapacity"
      ? firing.some((alarm) => direction(alarm.props) !== "above")
      : (stepsOf(policy.props) ?? []).some(({ adjustment }) => adjustment < 0);
  if (!shrinks || (firing.length > 0 && firing.every((alarm) => saysIdle(alarm, endpoint)))) return undefined;
  return numberAt(inner(policy.props, "stepScalingPolicyConfiguration"), "cooldown") ?? scaleInCooldownSecondsDefault;
}

/** Backlog metrics count what is running as well, so below one of them nothing runs. */
function saysIdle(alarm: PolicyResource, endpoint: AsyncEndpoint): boolean {
  const props = alarm.props as Props;
  const threshold = numberAt(props, "threshold") ?? Number.NaN;
  return (
    watches(alarm, "ApproximateBacklogSize", endpoint) &&
    direction(props) === "below" &&
    (textAt(props, "comparisonOperator") === "LessThanThreshold" ? threshold <= 1 : threshold < 1)
  );
}
