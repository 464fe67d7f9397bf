import { allowsAnybody, judgePolicy } from "../access-policy";
import { looksAt, type ResourceRule } from "../rule";
import { keyTypes } from "../security-resources";

export const keyPoliciesAreNotOpen: ResourceRule = {
  name: "key-policies-are-not-open",
  group: "security",
  displayName: "Keys are not open to everybody",
  description: "No policy of a KMS key allows everybody without a condition on account, organization or source.",
  why: "Whoever may use the key reads everything that is encrypted with it, and whoever may administer it can lock the owner out.",
  notJudged:
    "Whether the accounts and services that are named should be, and keys without a policy of their own, which the account governs.",
  severity: "critical",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Name the accounts, roles or services in Principal, or add a condition on kms:CallerAccount or aws:SourceAccount.",
  validateResource: looksAt([keyTypes.key, keyTypes.keyPolicy], (props, report, args) => {
    if (!("policy" in props)) return args.notApplicable("the key has no policy here");
    judgePolicy(props.policy, "policy", report, (statements) => {
      for (const statement of statements.filter(allowsAnybody))
        report(`policy allows everybody ${statement.actions.join(", ")}.`);
    });
  }),
};
