import { nameLengthMax } from "../../../contract/limits";
import { unlessGone } from "../aws-calls";
import { arn, document, fallback, flag, replaces, required, tags, text, untold, whole } from "../property";
import { defineResource, type StepContext, type Tagging } from "../resource-type";

export const iamGone = ["NoSuchEntity", "NoSuchEntityException"] as const;

/** Letters, digits and what else IAM takes in a name. */
export const iamName = (maxLength: number) =>
  text({ minLength: 1, maxLength, pattern: /^[\w+=,.@-]+$/, patternMeans: "letters, digits and +=,.@-_" });

/** A policy document as IAM tells it: percent-encoded, as its query protocol does. */
export function decodedDocument(document: string | undefined): string | undefined {
  return document?.startsWith("%7B") ? decodeURIComponent(document) : document;
}

const tagging: Tagging = {
  async read({ aws }, { id }) {
    const { Role } = await aws.iam.getRole({ RoleName: id });
    return Object.fromEntries((Role?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  },
  async write({ aws }, { id }, put, removed) {
    if (removed.length > 0) await aws.iam.untagRole({ RoleName: id, TagKeys: [...removed] });
    const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (Tags.length > 0) await aws.iam.tagRole({ RoleName: id, Tags });
  },
};

/** A role. Policies written into the role itself are not played: they are resources of their own. */
export const iamRole = defineResource({
  token: "aws:iam/role:Role",
  regional: false,
  importForm: "<role name>",
  inputs: {
    name: required(replaces(iamName(nameLengthMax.iamRole))),
    namePrefix: replaces(iamName(nameLengthMax.iamRole - 26)),
    assumeRolePolicy: required(document()),
    description: text({ maxLength: 1000 }),
    forceDetachPolicies: untold(fallback(false, flag())),
    maxSessionDuration: fallback(3600, whole({ min: 3600, max: 43_200 })),
    path: replaces(fallback("/", text({ maxLength: 512, pattern: /^\/(.*\/)?$/, patternMeans: "/ or /.../" }))),
    permissionsBoundary: arn("iam"),
    tags: tags(),
  },
  computed: ["arn", "createDate", "uniqueId"],
  autoname: { property: "name", prefixProperty: "namePrefix", maxLength: nameLengthMax.iamRole },
  tagging,
  async create({ aws, exists }, inputs) {
    await aws.iam.createRole({
      RoleName: inputs.name,
      AssumeRolePolicyDocument: inputs.assumeRolePolicy,
      Path: inputs.path,
      MaxSessionDuration: inputs.maxSessionDuration,
      ...(inputs.description === undefined ? {} : { Description: inputs.description }),
      ...(inputs.permissionsBoundary === undefined ? {} : { PermissionsBoundary: inputs.permissionsBoundary }),
      ...(inputs.tags === undefined
        ? {}
        : { Tags: Object.entries(inputs.tags).map(([Key, Value]) => ({ Key, Value })) }),
    });
    exists(inputs.name);
    return inputs.name;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone(iamGone, () => aws.iam.getRole({ RoleName: id }));
    const role = answer?.Role;
    if (role === undefined) return undefined;
    return {
      name: role.RoleName,
      arn: role.Arn,
      uniqueId: role.RoleId,
      createDate: role.CreateDate?.toISOString(),
      assumeRolePolicy: decodedDocument(role.AssumeRolePolicyDocument),
      description: role.Description,
      maxSessionDuration: role.MaxSessionDuration,
      path: role.Path,
      permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
    };
  },
  async update({ aws }, { id, inputs: before }, inputs) {
    if (before.assumeRolePolicy !== inputs.assumeRolePolicy) {
      await aws.iam.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: inputs.assumeRolePolicy });
    }
    if (inputs.permissionsBoundary !== undefined && before.permissionsBoundary !== inputs.permissionsBoundary) {
      await aws.iam.putRolePermissionsBoundary({ RoleName: id, PermissionsBoundary: inputs.permissionsBoundary });
    } else if (inputs.permissionsBoundary === undefined && before.permissionsBoundary !== undefined) {
      await aws.iam.deleteRolePermissionsBoundary({ RoleName: id });
    }
    if (before.description !== inputs.description || before.maxSessionDuration !== inputs.maxSessionDuration) {
      await aws.iam.updateRole({
        RoleName: id,
        Description: inputs.description ?? "",
        MaxSessionDuration: inputs.maxSessionDuration,
      });
    }
  },
  async delete(context, { id, inputs }) {
    if (inputs.forceDetachPolicies === true) await strip(context, id);
    await unlessGone(iamGone, () => context.aws.iam.deleteRole({ RoleName: id }));
  },
});

async function strip({ aws }: StepContext, role: string): Promise<void> {
  const attached = await unlessGone(iamGone, () => aws.iam.listAttachedRolePolicies({ RoleName: role }));
  for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
    await aws.iam.detachRolePolicy({ RoleName: role, PolicyArn });
  }
  const inline = await unlessGone(iamGone, () => aws.iam.listRolePolicies({ RoleName: role }));
  for (const PolicyName of inline?.PolicyNames ?? []) await aws.iam.deleteRolePolicy({ RoleName: role, PolicyName });
}
