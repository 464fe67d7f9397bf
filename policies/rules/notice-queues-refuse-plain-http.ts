import { refusesPlainHttp, statementsOf } from "../access-policy";
import { noticeQueuesOf, noticeTypes, policiesOf } from "../notice-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";

export const noticeQueuesRefusePlainHttp: StackRule = {
  name: "notice-queues-refuse-plain-http",
  group: "notifications",
  displayName: "Queues behind the topics refuse calls without TLS",
  description:
    "The policy of each queue that hears an asynchronous endpoint's topics denies every call without TLS to everybody.",
  why: "SQS takes calls over plain HTTP unless a policy refuses them: notices would be read in the clear.",
  notJudged: "Queues that are not in the stack.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Add a statement to the queue's policy: Effect Deny, Principal *, Action sqs:*, Condition Bool aws:SecureTransport false.",
  validateStack: looksAtStacksWith([noticeTypes.queue], (resources, report, args) => {
    const queues = noticeQueuesOf(resources);
    if (queues.length === 0) return args.notApplicable("no queue behind the topics of an asynchronous endpoint");
    inTurn(
      queues.map(({ queue }) => () => {
        const statements = policiesOf(queue, resources, noticeTypes.queuePolicy, "queueUrl").flatMap(
          (policy) => statementsOf(policy) ?? [],
        );
        if (!refusesPlainHttp(statements, ["sqs:*"]))
          report(`no policy of the queue ${queue.name} refuses calls without TLS.`, queue.urn);
      }),
    );
  }),
};
