import type * as sdk from "@aws-sdk/client-iam";
import { nameLengthMax } from "../../../contract/limits";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { fromTagList, toTagList } from "../tags";
import { missing, nameOf, validName } from "./names";
import { paged } from "./pages";
import type { Statement } from "./policy-document";
import { Users } from "./users";

interface RoleState {
  readonly role: sdk.Role & { RoleName: string; Arn: string };
  readonly inline: Map<string, string>;
  readonly attached: Set<string>;
}

/** Roles with the policies written into them or attached to them. */
export abstract class Roles extends Users {
  private readonly roles = new Map<string, RoleState>();

  async createRole(_call: Call, input: sdk.CreateRoleCommandInput): Promise<Answer<sdk.CreateRoleCommandOutput>> {
    const name = validName(input.RoleName, nameLengthMax.iamRole);
    if (this.roles.has(name)) throw new AwsError("EntityAlreadyExists", `Role with name ${name} already exists.`, 409);
    this.check(input.AssumeRolePolicyDocument ?? "");
    const path = input.Path ?? "/";
    const role = {
      Path: path,
      RoleName: name,
      RoleId: `AROA${this.world.ids.hex(16).toUpperCase()}`,
      Arn: `arn:aws:iam::${this.world.accountId}:role${path}${name}`,
      CreateDate: new Date(this.world.clock.now()),
      AssumeRolePolicyDocument: input.AssumeRolePolicyDocument,
      MaxSessionDuration: input.MaxSessionDuration ?? 3600,
      ...(input.Description === undefined ? {} : { Description: input.Description }),
      ...(input.PermissionsBoundary === undefined
        ? {}
        : { PermissionsBoundary: this.bound(input.PermissionsBoundary) }),
    };
    this.roles.set(name, { role, inline: new Map(), attached: new Set() });
    this.tags.put(role.Arn, fromTagList(input.Tags));
    return { Role: this.shown(role) };
  }

  async getRole(_call: Call, input: sdk.GetRoleCommandInput): Promise<Answer<sdk.GetRoleCommandOutput>> {
    return { Role: this.shown(this.role(input.RoleName).role) };
  }

  async listRoles(_call: Call, input: sdk.ListRolesCommandInput): Promise<Answer<sdk.ListRolesCommandOutput>> {
    const roles = [...this.roles.values()].filter(({ role }) => (role.Path ?? "/").startsWith(input.PathPrefix ?? "/"));
    return paged(
      roles,
      ({ role }) => role.Arn,
      input,
      (items) => ({
        Roles: items.map(({ role }) => this.shown(role)),
      }),
    );
  }

  async updateRole(_call: Call, input: sdk.UpdateRoleCommandInput): Promise<Answer<sdk.UpdateRoleCommandOutput>> {
    const { role } = this.role(input.RoleName);
    if (input.Description !== undefined) role.Description = input.Description;
    if (input.MaxSessionDuration !== undefined) role.MaxSessionDuration = input.MaxSessionDuration;
    return {};
  }

  async updateAssumeRolePolicy(
    _call: Call,
    input: sdk.UpdateAssumeRolePolicyCommandInput,
  ): Promise<Answer<sdk.UpdateAssumeRolePolicyCommandOutput>> {
    this.check(input.PolicyDocument ?? "");
    this.role(input.RoleName).role.AssumeRolePolicyDocument = input.PolicyDocument;
    return {};
  }

  async deleteRole(_call: Call, input: sdk.DeleteRoleCommandInput): Promise<Answer<sdk.DeleteRoleCommandOutput>> {
    const { role, inline, attached } = this.role(input.RoleName);
    if (inline.size > 0) throw new AwsError("DeleteConflict", "Cannot delete entity, must delete policies first.", 409);
    if (attached.size > 0)
      throw new AwsError("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409);
    this.roles.delete(role.RoleName);
    this.tags.forget(role.Arn);
    return {};
  }

  async putRolePolicy(
    _call: Call,
    input: sdk.PutRolePolicyCommandInput,
  ): Promise<Answer<sdk.PutRolePolicyCommandOutput>> {
    this.check(input.PolicyDocument ?? "");
    this.role(input.RoleName).inline.set(input.PolicyName ?? "", input.PolicyDocument ?? "");
    return {};
  }

  async getRolePolicy(
    _call: Call,
    input: sdk.GetRolePolicyCommandInput,
  ): Promise<Answer<sdk.GetRolePolicyCommandOutput>> {
    const document = this.role(input.RoleName).inline.get(input.PolicyName ?? "");
    if (document === undefined) throw missing(`The role policy with name ${input.PolicyName} cannot be found.`);
    return { RoleName: input.RoleName, PolicyName: input.PolicyName, PolicyDocument: encodeURIComponent(document) };
  }

  async deleteRolePolicy(
    _call: Call,
    input: sdk.DeleteRolePolicyCommandInput,
  ): Promise<Answer<sdk.DeleteRolePolicyCommandOutput>> {
    if (!this.role(input.RoleName).inline.delete(input.PolicyName ?? "")) {
      throw missing(`The role policy with name ${input.PolicyName} cannot be found.`);
    }
    return {};
  }

  async listRolePolicies(
    _call: Call,
    input: sdk.ListRolePoliciesCommandInput,
  ): Promise<Answer<sdk.ListRolePoliciesCommandOutput>> {
    const names = [...this.role(input.RoleName).inline.keys()];
    return paged(
      names,
      (name) => name,
      input,
      (items) => ({ PolicyNames: items }),
    );
  }

  async attachRolePolicy(
    _call: Call,
    input: sdk.AttachRolePolicyCommandInput,
  ): Promise<Answer<sdk.AttachRolePolicyCommandOutput>> {
    const { attached } = this.role(input.RoleName);
    attached.add(this.attachable(input.PolicyArn));
    return {};
  }

  async detachRolePolicy(
    _call: Call,
    input: sdk.DetachRolePolicyCommandInput,
  ): Promise<Answer<sdk.DetachRolePolicyCommandOutput>> {
    if (!this.role(input.RoleName).attached.delete(input.PolicyArn ?? "")) {
      throw missing(`Policy ${input.PolicyArn} was not found.`);
    }
    return {};
  }

  async listAttachedRolePolicies(
    _call: Call,
    input: sdk.ListAttachedRolePoliciesCommandInput,
  ): Promise<Answer<sdk.ListAttachedRolePoliciesCommandOutput>> {
    const { attached } = this.role(input.RoleName);
    return paged(
      [...attached],
      (arn) => arn,
      input,
      (items) => ({
        AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: nameOf(arn) })),
      }),
    );
  }

  async listInstanceProfilesForRole(
    _call: Call,
    input: sdk.ListInstanceProfilesForRoleCommandInput,
  ): Promise<Answer<sdk.ListInstanceProfilesForRoleCommandOutput>> {
    this.role(input.RoleName);
    return { InstanceProfiles: [], IsTruncated: false };
  }

  async tagRole(_call: Call, input: sdk.TagRoleCommandInput): Promise<Answer<sdk.TagRoleCommandOutput>> {
    this.tags.put(this.role(input.RoleName).role.Arn, fromTagList(input.Tags));
    return {};
  }

  async untagRole(_call: Call, input: sdk.UntagRoleCommandInput): Promise<Answer<sdk.UntagRoleCommandOutput>> {
    this.tags.remove(this.role(input.RoleName).role.Arn, input.TagKeys ?? []);
    return {};
  }

  async putRolePermissionsBoundary(
    _call: Call,
    input: sdk.PutRolePermissionsBoundaryCommandInput,
  ): Promise<Answer<sdk.PutRolePermissionsBoundaryCommandOutput>> {
    this.role(input.RoleName).role.PermissionsBoundary = this.bound(input.PermissionsBoundary);
    return {};
  }

  async deleteRolePermissionsBoundary(
    _call: Call,
    input: sdk.DeleteRolePermissionsBoundaryCommandInput,
  ): Promise<Answer<sdk.DeleteRolePermissionsBoundaryCommandOutput>> {
    delete this.role(input.RoleName).role.PermissionsBoundary;
    return {};
  }

  protected override attachmentsOf(policyArn: string): number {
    const toRoles = [...this.roles.values()].filter(({ attached }) => attached.has(policyArn)).length;
    return super.attachmentsOf(policyArn) + toRoles;
  }

  /** What a role's policies and its boundary say; nothing for a role that is not there. */
  protected roleRights(roleArn: string): { identity: Statement[]; boundary?: Statement[] } {
    const state = this.roles.get(nameOf(roleArn));
    if (state === undefined || state.role.Arn !== roleArn) return { identity: [] };
    const boundary = state.role.PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      identity: [
        ...[...state.inline.values()].flatMap((text) => this.read(text)),
        ...[...state.attached].flatMap((arn) => this.managed(arn)),
      ],
      ...(boundary === undefined || boundary.startsWith("arn:aws:iam::aws:")
        ? {}
        : { boundary: this.managed(boundary) }),
    };
  }

  /** The role's trust policy as text, or undefined when there is no such role. */
  protected trustOf(roleArn: string): string | undefined {
    const state = this.roles.get(nameOf(roleArn));
    return state === undefined || state.role.Arn !== roleArn ? undefined : state.role.AssumeRolePolicyDocument;
  }

  private bound(policyArn: string | undefined): sdk.AttachedPermissionsBoundary {
    return { PermissionsBoundaryType: "Policy" as never, PermissionsBoundaryArn: this.attachable(policyArn) };
  }

  private shown(role: RoleState["role"]): sdk.Role {
    const tags = toTagList(this.tags.of(role.Arn));
    return {
      ...role,
      AssumeRolePolicyDocument: encodeURIComponent(role.AssumeRolePolicyDocument ?? ""),
      ...(tags.length === 0 ? {} : { Tags: tags }),
    };
  }

  private role(name: string | undefined): RoleState {
    const state = this.roles.get(name ?? "");
    if (state === undefined) throw missing(`The role with name ${name} cannot be found.`);
    return state;
  }
}
