import { noticeQueuesOf, noticeTypes } from "../notice-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { namesCustomerKey } from "../storage-resources";

export const noticeQueuesUseACustomerKey: StackRule = {
  name: "notice-queues-use-a-customer-key",
  group: "notifications",
  displayName: "Queues behind the topics are encrypted with a customer key",
  description:
    "Each queue that hears an asynchronous endpoint's topics names a KMS key that is not the AWS managed one.",
  why: "Notices lie in the queue for days; and with the AWS managed key SNS cannot deliver to it at all, because that key's policy does not let SNS in.",
  notJudged: "Queues that are not in the stack, and whether the key lets SNS in (another rule does).",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Set the queue's kmsMasterKeyId to the ARN of a key of your own whose policy lets sns.amazonaws.com use it.",
  validateStack: looksAtStacksWith([noticeTypes.queue], (resources, report, args) => {
    const queues = noticeQueuesOf(resources);
    if (queues.length === 0) return args.notApplicable("no queue behind the topics of an asynchronous endpoint");
    inTurn(
      queues.map(({ queue }) => () => {
        if (!namesCustomerKey(queue.props, "kmsMasterKeyId"))
          report(`the queue ${queue.name} names no customer key in kmsMasterKeyId.`, queue.urn);
      }),
    );
  }),
};
