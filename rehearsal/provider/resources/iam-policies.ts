import { unlessGone } from "../aws-calls";
import { arn, document, fallback, replaces, required, tags, text, untold, whole } from "../property";
import { defineResource, type Tagging } from "../resource-type";
import { decodedDocument, iamGone, iamName } from "./iam-role";

const nameLength = 128;

/** A policy written into a role. Its id is `<role>:<name>`. */
export const iamRolePolicy = defineResource({
  token: "aws:iam/rolePolicy:RolePolicy",
  regional: false,
  importForm: "<role name>:<policy name>",
  inputs: {
    name: required(replaces(iamName(nameLength))),
    namePrefix: replaces(iamName(nameLength - 26)),
    policy: required(document()),
    role: required(replaces(text({ minLength: 1 }))),
  },
  computed: [],
  autoname: { property: "name", prefixProperty: "namePrefix", maxLength: nameLength },
  imported: (id) => (/^[^:]+:.+$/.test(id) ? { id, inputs: {} } : undefined),
  async create({ aws, exists }, inputs) {
    await aws.iam.putRolePolicy({
      RoleName: inputs.role,
      PolicyName: inputs.name,
      PolicyDocument: inputs.policy,
    });
    const id = `${inputs.role}:${inputs.name}`;
    exists(id);
    return id;
  },
  async read({ aws }, { id }) {
    const [role = "", name = ""] = partsOf(id);
    const answer = await unlessGone(iamGone, () => aws.iam.getRolePolicy({ RoleName: role, PolicyName: name }));
    return answer === undefined ? undefined : { role, name, policy: decodedDocument(answer.PolicyDocument) };
  },
  async update({ aws }, { id }, { policy }) {
    const [role, name] = partsOf(id);
    await aws.iam.putRolePolicy({ RoleName: role, PolicyName: name, PolicyDocument: policy });
  },
  async delete({ aws }, { id }) {
    const [role, name] = partsOf(id);
    await unlessGone(iamGone, () => aws.iam.deleteRolePolicy({ RoleName: role, PolicyName: name }));
  },
});

function partsOf(id: string): [string, string] {
  const colon = id.indexOf(":");
  return [id.slice(0, colon), id.slice(colon + 1)];
}

const tagging: Tagging = {
  async read({ aws }, { id }) {
    const { Policy } = await aws.iam.getPolicy({ PolicyArn: id });
    return Object.fromEntries((Policy?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  },
  async write({ aws }, { id }, put, removed) {
    if (removed.length > 0) await aws.iam.untagPolicy({ PolicyArn: id, TagKeys: [...removed] });
    const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (Tags.length > 0) await aws.iam.tagPolicy({ PolicyArn: id, Tags });
  },
};

/** A policy of its own, to be attached. Its id is its ARN. */
export const iamPolicy = defineResource({
  token: "aws:iam/policy:Policy",
  regional: false,
  importForm: "<policy ARN>",
  inputs: {
    name: required(replaces(iamName(nameLength))),
    namePrefix: replaces(iamName(nameLength - 26)),
    delayAfterPolicyCreationInMs: untold(whole({ min: 1 })),
    description: replaces(text({ maxLength: 1000 })),
    path: replaces(fallback("/", text({ maxLength: 512 }))),
    policy: required(document()),
    tags: tags(),
  },
  computed: ["arn", "attachmentCount", "policyId"],
  autoname: { property: "name", prefixProperty: "namePrefix", maxLength: nameLength },
  tagging,
  async create({ aws, exists }, inputs) {
    const { Policy } = await aws.iam.createPolicy({
      PolicyName: inputs.name,
      PolicyDocument: inputs.policy,
      Path: inputs.path,
      ...(inputs.description === undefined ? {} : { Description: inputs.description }),
      ...(inputs.tags === undefined
        ? {}
        : { Tags: Object.entries(inputs.tags).map(([Key, Value]) => ({ Key, Value })) }),
    });
    const id = Policy?.Arn ?? "";
    exists(id);
    return id;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone(iamGone, () => aws.iam.getPolicy({ PolicyArn: id }));
    const policy = answer?.Policy;
    if (policy === undefined) return undefined;
    const version = await aws.iam.getPolicyVersion({ PolicyArn: id, VersionId: policy.DefaultVersionId });
    return {
      arn: policy.Arn,
      policyId: policy.PolicyId,
      attachmentCount: policy.AttachmentCount,
      name: policy.PolicyName,
      description: policy.Description,
      path: policy.Path,
      policy: decodedDocument(version.PolicyVersion?.Document),
    };
  },
  async update({ aws }, { id }, { policy }) {
    // AWS keeps five versions; the oldest makes room.
    const { Versions = [] } = await aws.iam.listPolicyVersions({ PolicyArn: id });
    const oldest = Versions.filter((version) => version.IsDefaultVersion !== true).at(-1);
    if (Versions.length >= 5 && oldest !== undefined) {
      await aws.iam.deletePolicyVersion({ PolicyArn: id, VersionId: oldest.VersionId });
    }
    await aws.iam.createPolicyVersion({ PolicyArn: id, PolicyDocument: policy, SetAsDefault: true });
  },
  async delete({ aws }, { id }) {
    const answer = await unlessGone(iamGone, () => aws.iam.listPolicyVersions({ PolicyArn: id }));
    for (const { VersionId, IsDefaultVersion } of answer?.Versions ?? []) {
      if (IsDefaultVersion !== true) await aws.iam.deletePolicyVersion({ PolicyArn: id, VersionId });
    }
    await unlessGone(iamGone, () => aws.iam.deletePolicy({ PolicyArn: id }));
  },
});

/** A policy attached to a role. AWS's provider makes its id up; here it is `<role>/<policy ARN>`, as it is imported. */
export const iamRolePolicyAttachment = defineResource({
  token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  regional: false,
  importForm: "<role name>/<policy ARN>",
  inputs: {
    policyArn: required(replaces(arn("iam"))),
    role: required(replaces(text({ minLength: 1 }))),
  },
  computed: [],
  imported(id) {
    const [, role, policyArn] = /^([^/]+)\/(arn:.+)$/.exec(id) ?? [];
    return role === undefined || policyArn === undefined ? undefined : { id, inputs: { role, policyArn } };
  },
  async create({ aws, exists }, { role, policyArn }) {
    await aws.iam.attachRolePolicy({ RoleName: role, PolicyArn: policyArn });
    const id = `${role}/${policyArn}`;
    exists(id);
    return id;
  },
  async read({ aws }, { inputs: { role, policyArn } }) {
    const answer = await unlessGone(iamGone, () => aws.iam.listAttachedRolePolicies({ RoleName: String(role) }));
    const isAttached = answer?.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === policyArn) === true;
    return isAttached ? { role, policyArn } : undefined;
  },
  async delete({ aws }, { inputs: { role, policyArn } }) {
    await unlessGone(iamGone, () => aws.iam.detachRolePolicy({ RoleName: role, PolicyArn: policyArn }));
  },
});
