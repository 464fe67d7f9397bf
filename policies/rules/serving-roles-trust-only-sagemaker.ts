import { judgePolicy, tellsWho } from "../access-policy";
import { looksAt, type ResourceRule } from "../rule";
import { roleTypes } from "../security-resources";

const sageMaker = "Service:sagemaker.amazonaws.com";

export const servingRolesTrustOnlySagemaker: ResourceRule = {
  name: "serving-roles-trust-only-sagemaker",
  group: "security",
  displayName: "Serving roles trust SageMaker alone, for one account",
  description:
    "A role that SageMaker may take is open to no one else, and only for calls of a named account or source.",
  why: "Without a condition SageMaker could be made to use the role on behalf of another account; with further principals the model's rights are anybody's.",
  notJudged: "What the role may do, and whether the account is the right one.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Trust sagemaker.amazonaws.com only, with a condition StringEquals aws:SourceAccount.",
  validateResource: looksAt([roleTypes.role], (props, report, args) => {
    judgePolicy(props.assumeRolePolicy, "assumeRolePolicy", report, (statements) => {
      const trusting = statements.filter(({ allows }) => allows);
      if (!trusting.some(({ principals }) => principals.includes(sageMaker)))
        return args.notApplicable("not a role that SageMaker may take");
      for (const { principals, exceptPrincipals, conditions } of trusting) {
        const others = principals.filter((each) => each !== sageMaker);
        if (exceptPrincipals || others.length > 0) report(`assumeRolePolicy trusts ${others.join(", ")}, too.`);
        if (principals.includes(sageMaker) && !conditions.some(tellsWho))
          report(
            "assumeRolePolicy trusts SageMaker on behalf of any account: no condition on aws:SourceAccount or aws:SourceArn.",
          );
      }
    });
  }),
};
