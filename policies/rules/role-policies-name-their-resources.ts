import { judgePolicy } from "../access-policy";
import { isOneOf } from "../patterns";
import { looksAt, type ResourceRule } from "../rule";
import { rightsOf, rightsTypes } from "../security-resources";

/** Actions that AWS grants on * only, or that a serving role in a VPC needs on it (SageMaker guide, sagemaker-roles). */
const withoutResource = [
  "cloudwatch:getmetricdata",
  "cloudwatch:listmetrics",
  "cloudwatch:putmetricdata",
  "ec2:createnetworkinterface",
  "ec2:createnetworkinterfacepermission",
  "ec2:deletenetworkinterface",
  "ec2:deletenetworkinterfacepermission",
  "ec2:describe*",
  "ecr:getauthorizationtoken",
  "logs:describeloggroups",
  "s3:listallmybuckets",
  "sts:getcalleridentity",
];

export const rolePoliciesNameTheirResources: ResourceRule = {
  name: "role-policies-name-their-resources",
  group: "security",
  displayName: "Policies of roles name their resources",
  description:
    "No policy of a role allows actions on every resource, except actions for which AWS knows no narrower form.",
  why: "A role that may read * reads every bucket of the account, those of other teams and regions too.",
  notJudged: "Policies made elsewhere, wildcards within a name, and conditions, which do not make * narrow here.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Name the ARNs; allow an action without narrower form in this policy's configuration.",
  configSchema: {
    properties: {
      allowed: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Further actions that may be allowed on every resource; * stands for any text.",
      },
    },
  },
  validateResource: looksAt(rightsTypes, (props, report, args) => {
    const rights = rightsOf(props);
    if (rights.length === 0) return args.notApplicable("no policy here");
    const allowed = args.getConfig<{ allowed?: readonly string[] }>().allowed ?? [];
    const exempt = [...withoutResource, ...allowed.map((each) => each.toLowerCase())];
    for (const policy of rights) {
      judgePolicy(policy, "policy", report, (statements) => {
        for (const { allows, actions, resources, exceptActions, exceptResources } of statements) {
          if (!allows || !(exceptResources || resources.includes("*"))) continue;
          const wide = exceptActions ? ["every action but some"] : actions.filter((each) => !isOneOf(each, exempt));
          if (wide.length > 0) report(`a statement allows ${wide.join(", ")} on every resource.`);
        }
      });
    }
  }),
};
