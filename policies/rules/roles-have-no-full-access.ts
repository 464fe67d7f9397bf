import { textAt } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";
import { roleTypes } from "../security-resources";

export const rolesHaveNoFullAccess: ResourceRule = {
  name: "roles-have-no-full-access",
  group: "security",
  displayName: "No role has full access to a service",
  description: "No managed policy that gives full access or administration is attached to a role.",
  why: "AmazonSageMakerFullAccess and its like reach every bucket, endpoint and log of the account: a model that is taken over takes the account with it.",
  notJudged: "What policies of your own allow (other rules do), and roles that are not in the stack.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Attach a policy that names the actions and resources the role needs.",
  validateResource: looksAt([roleTypes.role, roleTypes.attachment, roleTypes.attachments], (props, report, args) => {
    if (args.type === roleTypes.role && !("managedPolicyArns" in props))
      return args.notApplicable("the role has no managed policies here");
    const managed = (props.managedPolicyArns ?? []) as readonly unknown[];
    const looks = [
      ...Array.from({ length: managed.length }, (_, index) => () => String(managed[index])),
      () => textAt(props, "policyArn") ?? "",
    ];
    inTurn(
      looks.map((arn) => () => {
        const name = arn().split("/").at(-1) ?? "";
        if (/FullAccess|^AdministratorAccess|^PowerUserAccess$/.test(name)) report(`${name} is attached.`);
      }),
    );
  }),
};
