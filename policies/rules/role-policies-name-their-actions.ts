import { judgePolicy } from "../access-policy";
import { looksAt, type ResourceRule } from "../rule";
import { rightsOf, rightsTypes } from "../security-resources";

export const rolePoliciesNameTheirActions: ResourceRule = {
  name: "role-policies-name-their-actions",
  group: "security",
  displayName: "Policies of roles name their actions",
  description: "No policy of a role allows every action, every action of a service, or all but some.",
  why: "A role with s3:* may delete what it should only read, and gets every action AWS adds later.",
  notJudged: "Policies made elsewhere, permission boundaries, and whether the role needs what is named.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "List the actions the role needs.",
  validateResource: looksAt(rightsTypes, (props, report, args) => {
    const rights = rightsOf(props);
    if (rights.length === 0) return args.notApplicable("no policy here");
    for (const policy of rights) {
      judgePolicy(policy, "policy", report, (statements) => {
        for (const { allows, actions, exceptActions } of statements) {
          if (!allows) continue;
          if (exceptActions) report("a statement allows every action but some (NotAction).");
          for (const action of actions.filter((each) => /^(\*|[a-z0-9-]+:\*)$/.test(each)))
            report(`a statement allows ${action}.`);
        }
      });
    }
  }),
};
