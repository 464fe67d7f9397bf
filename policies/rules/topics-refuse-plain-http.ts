import { refusesPlainHttp, statementsOf } from "../access-policy";
import { types } from "../async-resources";
import { asyncTopicsOf, noticeTypes, policiesOf } from "../notice-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";

export const topicsRefusePlainHttp: StackRule = {
  name: "topics-refuse-plain-http",
  group: "notifications",
  displayName: "Topics refuse publishing without TLS",
  description:
    "The policy of each topic that an asynchronous endpoint names denies sns:Publish without TLS to everybody.",
  why: "SNS takes calls over plain HTTP unless a policy refuses them, and a notice then crosses the network in the clear.",
  notJudged: "Topics that are not in the stack or that no asynchronous endpoint names, and how notices are delivered.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [{ source: "cdk-nag", ids: ["AwsSolutions-SNS3"] }],
  remediationSteps:
    "Add a statement to the topic's policy: Effect Deny, Principal *, Action sns:Publish, Condition Bool aws:SecureTransport false.",
  validateStack: looksAtStacksWith([types.endpointConfiguration], (resources, report, args) => {
    const topics = asyncTopicsOf(resources);
    if (topics.length === 0) return args.notApplicable("no topic of an asynchronous endpoint in the stack");
    inTurn(
      topics.map((topic) => () => {
        const statements = policiesOf(topic, resources, noticeTypes.topicPolicy, "arn").flatMap(
          (policy) => statementsOf(policy) ?? [],
        );
        if (!refusesPlainHttp(statements, ["sns:*", "sns:publish"]))
          report(`no policy of the topic ${topic.name} refuses sns:Publish without TLS.`, topic.urn);
      }),
    );
  }),
};
