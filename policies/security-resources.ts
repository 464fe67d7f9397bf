import type { PolicyResource } from "@pulumi/policy";
import { type Statement, statementsOf } from "./access-policy";
import { inner, listAt, type Props, types } from "./async-resources";
import { refersTo } from "./links";
import { ofType } from "./rule";

/** KMS keys and their policies. */
export const keyTypes = {
  key: "aws:kms/key:Key",
  keyPolicy: "aws:kms/keyPolicy:KeyPolicy",
  alias: "aws:kms/alias:Alias",
} as const;

/** Roles and what gives them rights. */
export const roleTypes = {
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  policy: "aws:iam/policy:Policy",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  attachments: "aws:iam/policyAttachment:PolicyAttachment",
} as const;

/** The types that hold statements of rights. */
export const rightsTypes = [roleTypes.role, roleTypes.rolePolicy, roleTypes.policy] as const;

/** The policies that a resource of one of `rightsTypes` holds. */
export function rightsOf(props: Props): unknown[] {
  return [...("policy" in props ? [props.policy] : []), ...listAt(props, "inlinePolicies").map((each) => each.policy)];
}

/** A model's containers, each with its property. */
export function containersOf(props: Props): Array<{ readonly at: string; readonly container: Props }> {
  const primary = inner(props, "primaryContainer");
  return [
    ...(primary === undefined ? [] : [{ at: "primaryContainer", container: primary }]),
    ...listAt(props, "containers").map((container, index) => ({ at: `containers[${index}]`, container })),
  ];
}

/** A role of the stack that models run with. */
export interface ServingRole {
  readonly role: PolicyResource;
  readonly models: readonly PolicyResource[];
}

/** The stack's roles that its models run with. */
export function servingRolesOf(resources: readonly PolicyResource[]): ServingRole[] {
  const models = ofType(resources, types.model);
  return ofType(resources, roleTypes.role)
    .map((role) => ({ role, models: models.filter((model) => refersTo(model, "executionRoleArn", role)) }))
    .filter((each) => each.models.length > 0);
}

/** What a role may do by policies of the stack. */
export function statementsOfRole(role: PolicyResource, resources: readonly PolicyResource[]): Statement[] {
  const attachments = ofType(resources, roleTypes.attachment).filter((each) => refersTo(each, "role", role));
  const attached = ofType(resources, roleTypes.policy).filter((policy) =>
    attachments.some((each) => refersTo(each, "policyArn", policy)),
  );
  const own = ofType(resources, roleTypes.rolePolicy).filter((each) => refersTo(each, "role", role));
  return [role, ...own, ...attached]
    .flatMap(({ props }) => rightsOf(props))
    .flatMap((policy) => statementsOf(policy) ?? []);
}
