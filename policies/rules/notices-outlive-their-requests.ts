import type { PolicyResource } from "@pulumi/policy";
import { declared } from "../async-resources";
import { noticeQueuesOf, noticeTypes, retentionSecondsOf } from "../notice-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";

export const noticesOutliveTheirRequests: StackRule = {
  name: "notices-outlive-their-requests",
  group: "time",
  displayName: "Queues keep notices as long as a request may take",
  description:
    "Each queue that hears an asynchronous endpoint's topics keeps messages at least as long as the declared time to live plus one invocation.",
  why: "A caller who comes back when its request must be over would find the notice gone, and take the request for lost.",
  notJudged: "Endpoints that declare no limits, and consumers that are away for longer.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Raise the queue's messageRetentionSeconds, or lower the declared time to live.",
  validateStack: looksAtStacksWith([noticeTypes.queue], (resources, report, args) => {
    const queues = noticeQueuesOf(resources);
    if (queues.length === 0) return args.notApplicable("no queue behind the topics of an asynchronous endpoint");
    inTurn(
      queues.map(({ queue, configs }) => () => {
        const longest = Math.max(0, ...configs.map(longestSeconds));
        const seconds = retentionSecondsOf(queue);
        if (seconds < longest)
          report(
            `the queue ${queue.name} keeps messages ${seconds} seconds, a request may take ${longest}.`,
            queue.urn,
          );
      }),
    );
  }),
};

/** Time to live and one invocation; 0 where a limit is not declared. */
function longestSeconds({ props }: PolicyResource): number {
  const seconds = [declared(props, "timeToLiveSeconds"), declared(props, "invocationTimeoutSeconds")];
  return seconds.reduce<number>((sum, each) => sum + (each === undefined || Number.isNaN(each) ? 0 : each), 0);
}
