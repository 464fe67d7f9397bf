import { knownText, refersTo } from "../links";
import { noticeQueuesOf, noticeTypes } from "../notice-resources";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";

const deadLetter = "deadLetterTargetArn";

export const noticeQueuesHaveADeadLetterQueue: StackRule = {
  name: "notice-queues-have-a-dead-letter-queue",
  group: "notifications",
  displayName: "Queues behind the topics have a dead-letter queue",
  description: "Each queue that hears an asynchronous endpoint's topics has a redrive policy to a dead-letter queue.",
  why: "A notice its consumer cannot handle is received again and again until it expires, and with it goes the only word of a request.",
  notJudged: "How many receives are allowed, and who looks into the dead-letter queue.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set the queue's redrivePolicy with deadLetterTargetArn and maxReceiveCount.",
  validateStack: looksAtStacksWith([noticeTypes.queue], (resources, report, args) => {
    const queues = noticeQueuesOf(resources);
    if (queues.length === 0) return args.notApplicable("no queue behind the topics of an asynchronous endpoint");
    inTurn(
      queues.map(({ queue }) => () => {
        const beside = ofType(resources, noticeTypes.redrivePolicy).filter((each) => refersTo(each, "queueUrl", queue));
        // One unknown at preview is one: it waits for the dead-letter queue's ARN.
        const set = [queue, ...beside].some(
          ({ props }) =>
            "redrivePolicy" in props && (knownText(props, "redrivePolicy") ?? deadLetter).includes(deadLetter),
        );
        if (!set) report(`the queue ${queue.name} has no redrivePolicy to a dead-letter queue.`, queue.urn);
      }),
    );
  }),
};
