import type { PolicyResource } from "@pulumi/policy";
import { isNamed } from "../links";
import { noticeQueuesOf, noticeTypes, retentionSecondsOf } from "../notice-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { lifecyclesOf, pathsOf, payloadBucketsOf } from "../storage-resources";

const secondsPerDay = 86_400;

export const resultsOutliveTheirNotices: StackRule = {
  name: "results-outlive-their-notices",
  group: "storage",
  displayName: "Results are kept as long as notices of them",
  description:
    "What an asynchronous endpoint writes is kept at least as long as the queues behind its topics keep messages.",
  why: "A consumer that catches up after some days would be told of results that are gone.",
  notJudged: "Queues and buckets that are not in the stack, and consumers that copy notices elsewhere.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Raise expiration.days of the prefix, or lower the queue's messageRetentionSeconds.",
  validateStack: looksAtStacksWith([noticeTypes.queue], (resources, report, args) => {
    const queues = noticeQueuesOf(resources);
    const buckets = payloadBucketsOf(resources);
    if (queues.length === 0 || buckets.length === 0) return args.notApplicable("no queue and bucket of one endpoint");
    inTurn(
      queues.map(({ queue, configs }) => () => {
        const seconds = retentionSecondsOf(queue);
        for (const days of configs.flatMap(keptDays(resources, buckets))) {
          if (days * secondsPerDay < seconds)
            report(
              `the queue ${queue.name} keeps notices ${seconds} seconds, results are kept ${days} days.`,
              queue.urn,
            );
        }
      }),
    );
  }),
};

/** Days after which lifecycle rules take away what is under an endpoint's paths. */
function keptDays(resources: readonly PolicyResource[], buckets: readonly PolicyResource[]) {
  return (config: PolicyResource): number[] =>
    pathsOf(config).flatMap((path) =>
      buckets
        .filter((bucket) => isNamed(bucket, path.bucket))
        .flatMap((bucket) => lifecyclesOf(bucket, resources))
        .filter((rule) => path.prefix.startsWith(rule.prefix))
        .flatMap((rule) => rule.days ?? []),
    );
}
