import { allowsAnybody, judgePolicy, type Statement, tellsWho } from "../access-policy";
import { noticeQueuesOf, noticeTypes, policiesOf } from "../notice-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";

export const noticeQueuesHearOnlyTheirTopics: StackRule = {
  name: "notice-queues-hear-only-their-topics",
  group: "notifications",
  displayName: "Queues behind the topics hear only those topics",
  description:
    "No policy of a queue that hears an asynchronous endpoint's topics lets everybody, or SNS without naming the topics, send to it.",
  why: "Any topic of any account could put forged notices into the queue, and callers would fetch results from places an attacker names.",
  notJudged:
    "Whether the named topics are the endpoint's, roles and accounts that are named, and rights given to roles.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Allow sqs:SendMessage to sns.amazonaws.com only, with a condition ArnEquals aws:SourceArn on the topics.",
  validateStack: looksAtStacksWith([noticeTypes.queue], (resources, report, args) => {
    const queues = noticeQueuesOf(resources);
    if (queues.length === 0) return args.notApplicable("no queue behind the topics of an asynchronous endpoint");
    inTurn(
      queues.map(({ queue }) => () => {
        for (const policy of policiesOf(queue, resources, noticeTypes.queuePolicy, "queueUrl")) {
          judgePolicy(
            policy,
            `the policy of the queue ${queue.name}`,
            (message) => report(message, queue.urn),
            (statements) => {
              for (const each of statements.filter(lets))
                report(
                  `the policy of the queue ${queue.name} lets ${each.principals.join(", ")} send without naming the topics.`,
                  queue.urn,
                );
            },
          );
        }
      }),
    );
  }),
};

/** A service's own condition must be on the source: its calls come from AWS, in anybody's name. */
function lets(statement: Statement): boolean {
  const { allows, principals, actions, conditions } = statement;
  const sends = actions.some((action) => /^(\*|sqs:(\*|send.*))$/.test(action)) || statement.exceptActions;
  const service = principals.some((each) => each.startsWith("Service:"));
  const fromSource = conditions.some((each) => each.key === "aws:sourcearn" && tellsWho(each));
  return allows && sends && (allowsAnybody(statement) || (service && !fromSource));
}
