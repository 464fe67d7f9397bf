import type { PolicyResource } from "@pulumi/policy";
import { listAt, types } from "../async-resources";
import { comesFrom, inOneRegion, isNamed, knownText, refersTo } from "../links";
import { topicArnsOf } from "../notice-resources";
import { isOneOf } from "../patterns";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";
import { roleTypes, servingRolesOf, statementsOfRole } from "../security-resources";
import { asyncConfigsOf, pathsOf } from "../storage-resources";

export const servingRolesCanServe: StackRule = {
  name: "serving-roles-can-serve",
  group: "security",
  displayName: "Serving roles may do what their endpoint needs",
  description:
    "The role of an asynchronous endpoint's model may write results and failures where the configuration says, and publish to its topics.",
  why: "SageMaker refuses the endpoint, or each request fails after its work is done, when the role lacks a right.",
  notJudged:
    "Roles, policies and attachments that are not in the stack, conditions, denials and boundaries, reading of inputs, and use of keys.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Allow s3:PutObject on the paths and sns:Publish on the topics in the serving role's policy.",
  validateStack: looksAtStacksWith([types.endpointConfiguration], (resources, report, args) => {
    const roles = servingRolesOf(resources).filter(({ role }) => isWhole(role, resources));
    const served = asyncConfigsOf(resources).flatMap((config) =>
      roles.filter(({ models }) => models.some((model) => serves(model, config))).map(({ role }) => ({ config, role })),
    );
    if (served.length === 0) return args.notApplicable("no role of the stack serves an asynchronous endpoint");
    inTurn(
      served.map(({ config, role }) => () => {
        const statements = statementsOfRole(role, resources).filter(({ allows }) => allows);
        const wanted = [
          ...pathsOf(config).map(
            ({ bucket, prefix }) => ["s3:putobject", `arn:aws:s3:::${bucket}/${prefix}x`] as const,
          ),
          ...topicArnsOf(config).map((arn) => ["sns:publish", arn] as const),
        ];
        for (const [action, resource] of wanted) {
          if (!statements.some((each) => isOneOf(action, each.actions) && isOneOf(resource, each.resources)))
            report(`${role.name} may not ${action} on ${resource.replace(/x$/, "")}.`, config.urn);
        }
      }),
    );
  }),
};

function serves(model: PolicyResource, config: PolicyResource): boolean {
  if (comesFrom(config, "productionVariants", model)) return true;
  return listAt(config.props, "productionVariants").some(
    (variant) => inOneRegion(model, config) && isNamed(model, knownText(variant, "modelName")),
  );
}

/** Whether all of a role's rights are to be seen here: what is attached from elsewhere may allow anything. */
function isWhole(role: PolicyResource, resources: readonly PolicyResource[]): boolean {
  const policies = ofType(resources, roleTypes.policy);
  const shared = ofType(resources, roleTypes.attachments).some(
    (each) =>
      comesFrom(each, "roles", role) ||
      ((each.props.roles ?? []) as readonly string[]).some((name) => isNamed(role, name)),
  );
  return (
    !shared &&
    !("managedPolicyArns" in role.props) &&
    ofType(resources, roleTypes.attachment)
      .filter((each) => refersTo(each, "role", role))
      .every((each) => policies.some((policy) => refersTo(each, "policyArn", policy)))
  );
}
