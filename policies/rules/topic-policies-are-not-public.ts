import { allowsAnybody, judgePolicy } from "../access-policy";
import { noticeTypes } from "../notice-resources";
import { looksAt, type ResourceRule } from "../rule";

export const topicPoliciesAreNotPublic: ResourceRule = {
  name: "topic-policies-are-not-public",
  group: "notifications",
  displayName: "Topics are not open to everybody",
  description: "No policy of an SNS topic allows everybody without a condition on account, organization or source.",
  why: "Whoever may publish to the topic can tell callers of results that never were; whoever may subscribe reads all notices.",
  notJudged: "Whether the accounts and services that are named should be.",
  severity: "critical",
  enforcementLevel: "mandatory",
  controls: [
    { source: "Security Hub", ids: ["SNS.4"] },
    { source: "AWS Config", ids: ["sns-topic-no-public-access"] },
    { source: "Checkov", ids: ["CKV_AWS_169"] },
    { source: "Prowler", ids: ["sns_topics_not_publicly_accessible"] },
    { source: "KICS", ids: ["b26d2b7e-60f6-413d-a3a1-a57db24aa2b3"] },
  ],
  remediationSteps:
    "Name the accounts, roles or services in Principal, or add a condition on aws:SourceAccount, aws:SourceArn or aws:PrincipalOrgID.",
  validateResource: looksAt([noticeTypes.topic, noticeTypes.topicPolicy], (props, report, args) => {
    if (!("policy" in props)) return args.notApplicable("the topic has no policy here");
    judgePolicy(props.policy, "policy", report, (statements) => {
      for (const statement of statements.filter(allowsAnybody))
        report(`policy allows everybody ${statement.actions.join(", ")}.`);
    });
  }),
};
