import type { PolicyResource } from "@pulumi/policy";
import { invocationTimeoutSecondsDefault, requestTtlSecondsDefault } from "../../contract/limits";
import { looksAtAsyncEndpoints, scalingOf } from "../async-endpoints";
import { asyncConfig, declared, inner, numberAt, textAt, types } from "../async-resources";
import { inTurn, type StackRule } from "../rule";

const timesConcurrencyDefault = 4;

export const backlogTargetFitsTheConcurrency: StackRule = {
  name: "backlog-target-fits-the-concurrency",
  group: "scaling",
  displayName: "The backlog aimed at can be worked off",
  description:
    "The backlog per instance that target tracking aims at is within a few times the requests an instance works on at once, and worked off within a request's time to live.",
  why: "Target tracking is content with the backlog it aims at: aimed too high, requests wait many rounds, or expire, while no instance is added.",
  notJudged: "Endpoints that leave their concurrency to SageMaker, and how long invocations really take.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Lower async-fleet:scaling.backlogPerInstance or raise async-fleet:endpoint.concurrencyPerInstance, or raise timesConcurrency.",
  configSchema: {
    properties: {
      timesConcurrency: {
        type: "number",
        minimum: 1,
        maximum: 1000,
        default: timesConcurrencyDefault,
        description: "Rounds of work an instance may have waiting, its running requests among them.",
      },
    },
  },
  validateStack: looksAtAsyncEndpoints(
    "asynchronous endpoint with its own concurrency and a backlog policy",
    (each, say, args) => {
      const { timesConcurrency = timesConcurrencyDefault } = args.getConfig<{ timesConcurrency?: number }>();
      const { props } = each.configuration;
      const client = inner(asyncConfig(props), "clientConfig");
      const concurrency = numberAt(client, "maxConcurrentInvocationsPerInstance");
      if (concurrency === undefined) return false;
      const followers = scalingOf(each, args.resources, types.scalingPolicy).filter(followsTheBacklog);
      const looks = followers.flatMap((policy) => {
        const target = (): number =>
          numberAt(inner(policy.props, "targetTrackingScalingPolicyConfiguration"), "targetValue") ?? Number.NaN;
        return [
          () => {
            if (target() > concurrency * timesConcurrency)
              say(
                `${policy.name} aims at ${target()} requests per instance, above ${timesConcurrency} times ${concurrency} at once.`,
                policy,
              );
          },
          () => {
            const timeout = declared(props, "invocationTimeoutSeconds") ?? invocationTimeoutSecondsDefault;
            const timeToLive = declared(props, "timeToLiveSeconds") ?? requestTtlSecondsDefault;
            const seconds = Math.ceil(target() / concurrency) * timeout;
            if (seconds > timeToLive)
              say(
                `${policy.name} aims at up to ${seconds} seconds of work per instance, and requests live ${timeToLive}.`,
                policy,
              );
          },
        ];
      });
      inTurn(looks);
      return looks.length > 0;
    },
  ),
};

function followsTheBacklog({ props }: PolicyResource): boolean {
  const tracking = inner(props, "targetTrackingScalingPolicyConfiguration");
  return textAt(inner(tracking, "customizedMetricSpecification"), "metricName") === "ApproximateBacklogSizePerInstance";
}
