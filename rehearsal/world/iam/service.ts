import type * as sdk from "@aws-sdk/client-iam";
import { nameLengthMax } from "../../../contract/limits";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";
import { type AccessRequest, type Decision, decide } from "./evaluate";
import { MalformedPolicy, parsePolicy, type Statement } from "./policy-document";
import { simulatePrincipalPolicy } from "./simulate";

interface RoleState {
  readonly role: sdk.Role & { RoleName: string; Arn: string };
  readonly inline: Map<string, string>;
  readonly attached: Set<string>;
}

interface PolicyState {
  readonly policy: sdk.Policy & { Arn: string };
  readonly versions: Map<string, string>;
  default: string;
  next: number;
}

/** Identity and Access Management: roles, policies, and the decision about each call. Global within the account. */
export class Iam {
  private readonly roles = new Map<string, RoleState>();
  private readonly policies = new Map<string, PolicyState>();
  private readonly tags = new TagStore();
  private readonly parsed = new Map<string, Statement[]>();

  constructor(private readonly world: World) {}

  /**
   * Whether the caller may do it, by its identity policies and the resource's own.
   *
   * @param resourcePolicy JSON text @default - the resource has none
   */
  isAllowed(
    call: Call,
    request: AccessRequest & { readonly resourcePolicy?: string | undefined; readonly resourceMustDelegate?: boolean },
  ): Decision {
    const { principal } = call;
    const role = principal.kind === "role" ? this.roles.get(roleNameOf(principal.roleArn)) : undefined;
    const identity = principal.kind === "role" ? (role === undefined ? [] : this.statementsOf(role)) : undefined;
    const boundary = role?.role.PermissionsBoundary?.PermissionsBoundaryArn;
    return decide(principal, request, {
      accountId: this.world.accountId,
      ...(identity === undefined ? {} : { identity }),
      ...(boundary === undefined ? {} : { boundary: this.managed(boundary) }),
      ...(request.resourcePolicy === undefined ? {} : { resource: this.read(request.resourcePolicy) }),
      ...(request.resourceMustDelegate === undefined ? {} : { resourceMustDelegate: request.resourceMustDelegate }),
    });
  }

  /** AWS's sentence for a refusal. */
  refusal(call: Call, request: AccessRequest, decision: Decision): string {
    return `User: ${principalArn(call)} is not authorized to perform: ${request.action} on resource: ${request.resource} ${decision.reason}`;
  }

  async simulatePrincipalPolicy(
    call: Call,
    input: sdk.SimulatePrincipalPolicyCommandInput,
  ): Promise<Answer<sdk.SimulatePrincipalPolicyCommandOutput>> {
    const source = input.PolicySourceArn ?? "";
    if (source.includes(":role/") && !this.roles.has(roleNameOf(source))) {
      throw missing(`The role with name ${roleNameOf(source)} cannot be found.`);
    }
    return simulatePrincipalPolicy(this.world, call, input);
  }

  /** Whether the role exists and `service` may take it. */
  isAssumable(roleArn: string, service: string): boolean {
    const role = this.roles.get(roleNameOf(roleArn));
    if (role === undefined || role.role.Arn !== roleArn) return false;
    return this.read(role.role.AssumeRolePolicyDocument ?? "{}").some(
      ({ effect, actions, principals }) =>
        effect === "Allow" &&
        actions?.includes("sts:AssumeRole") === true &&
        principals?.some(({ kind, values }) => kind === "Service" && values.includes(service)) === true,
    );
  }

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
        : {
            PermissionsBoundary: {
              PermissionsBoundaryType: "Policy" as never,
              PermissionsBoundaryArn: input.PermissionsBoundary,
            },
          }),
    };
    this.roles.set(name, { role, inline: new Map(), attached: new Set() });
    this.tags.put(role.Arn, fromTagList(input.Tags));
    return { Role: this.shown(role) };
  }

  async getRole(_call: Call, input: sdk.GetRoleCommandInput): Promise<Answer<sdk.GetRoleCommandOutput>> {
    return { Role: this.shown(this.role(input.RoleName).role) };
  }

  async listRoles(_call: Call, _input: sdk.ListRolesCommandInput): Promise<Answer<sdk.ListRolesCommandOutput>> {
    return { Roles: [...this.roles.values()].map(({ role }) => this.shown(role)), IsTruncated: false };
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
    return { PolicyNames: [...this.role(input.RoleName).inline.keys()], IsTruncated: false };
  }

  async attachRolePolicy(
    _call: Call,
    input: sdk.AttachRolePolicyCommandInput,
  ): Promise<Answer<sdk.AttachRolePolicyCommandOutput>> {
    const { attached } = this.role(input.RoleName);
    this.policy(input.PolicyArn);
    attached.add(input.PolicyArn ?? "");
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
    return {
      AttachedPolicies: [...attached].map((arn) => ({ PolicyArn: arn, PolicyName: arn.split("/").at(-1) })),
      IsTruncated: false,
    };
  }

  async listInstanceProfilesForRole(
    _call: Call,
    input: sdk.ListInstanceProfilesForRoleCommandInput,
  ): Promise<Answer<sdk.ListInstanceProfilesForRoleCommandOutput>> {
    this.role(input.RoleName);
    return { InstanceProfiles: [], IsTruncated: false };
  }

  async createPolicy(_call: Call, input: sdk.CreatePolicyCommandInput): Promise<Answer<sdk.CreatePolicyCommandOutput>> {
    const name = validName(input.PolicyName, 128);
    this.check(input.PolicyDocument ?? "");
    const path = input.Path ?? "/";
    const arn = `arn:aws:iam::${this.world.accountId}:policy${path}${name}`;
    if (this.policies.has(arn))
      throw new AwsError("EntityAlreadyExists", `A policy called ${name} already exists.`, 409);
    const policy = {
      PolicyName: name,
      PolicyId: `ANPA${this.world.ids.hex(16).toUpperCase()}`,
      Arn: arn,
      Path: path,
      DefaultVersionId: "v1",
      IsAttachable: true,
      CreateDate: new Date(this.world.clock.now()),
      ...(input.Description === undefined ? {} : { Description: input.Description }),
    };
    this.policies.set(arn, { policy, versions: new Map([["v1", input.PolicyDocument ?? ""]]), default: "v1", next: 2 });
    this.tags.put(arn, fromTagList(input.Tags));
    return { Policy: policy };
  }

  async getPolicy(_call: Call, input: sdk.GetPolicyCommandInput): Promise<Answer<sdk.GetPolicyCommandOutput>> {
    const state = this.policy(input.PolicyArn);
    return {
      Policy: { ...state.policy, DefaultVersionId: state.default, Tags: toTagList(this.tags.of(state.policy.Arn)) },
    };
  }

  async getPolicyVersion(
    _call: Call,
    input: sdk.GetPolicyVersionCommandInput,
  ): Promise<Answer<sdk.GetPolicyVersionCommandOutput>> {
    const state = this.policy(input.PolicyArn);
    const document = state.versions.get(input.VersionId ?? "");
    if (document === undefined) throw missing(`Policy ${input.PolicyArn} version ${input.VersionId} does not exist.`);
    return {
      PolicyVersion: {
        Document: encodeURIComponent(document),
        VersionId: input.VersionId,
        IsDefaultVersion: state.default === input.VersionId,
      },
    };
  }

  async createPolicyVersion(
    _call: Call,
    input: sdk.CreatePolicyVersionCommandInput,
  ): Promise<Answer<sdk.CreatePolicyVersionCommandOutput>> {
    const state = this.policy(input.PolicyArn);
    this.check(input.PolicyDocument ?? "");
    if (state.versions.size >= 5) {
      throw new AwsError("LimitExceeded", "A managed policy can have up to 5 versions.", 409);
    }
    const version = `v${state.next++}`;
    state.versions.set(version, input.PolicyDocument ?? "");
    if (input.SetAsDefault === true) state.default = version;
    return { PolicyVersion: { VersionId: version, IsDefaultVersion: state.default === version } };
  }

  async listPolicyVersions(
    _call: Call,
    input: sdk.ListPolicyVersionsCommandInput,
  ): Promise<Answer<sdk.ListPolicyVersionsCommandOutput>> {
    const state = this.policy(input.PolicyArn);
    const versions = [...state.versions.keys()].reverse();
    return {
      Versions: versions.map((VersionId) => ({ VersionId, IsDefaultVersion: VersionId === state.default })),
      IsTruncated: false,
    };
  }

  async deletePolicyVersion(
    _call: Call,
    input: sdk.DeletePolicyVersionCommandInput,
  ): Promise<Answer<sdk.DeletePolicyVersionCommandOutput>> {
    const state = this.policy(input.PolicyArn);
    if (state.default === input.VersionId) {
      throw new AwsError("DeleteConflict", "Cannot delete the default version of a policy.", 409);
    }
    state.versions.delete(input.VersionId ?? "");
    return {};
  }

  async deletePolicy(_call: Call, input: sdk.DeletePolicyCommandInput): Promise<Answer<sdk.DeletePolicyCommandOutput>> {
    const { policy, versions } = this.policy(input.PolicyArn);
    if ([...this.roles.values()].some(({ attached }) => attached.has(policy.Arn))) {
      throw new AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", 409);
    }
    if (versions.size > 1) throw new AwsError("DeleteConflict", "This policy has more than one version.", 409);
    this.policies.delete(policy.Arn);
    this.tags.forget(policy.Arn);
    return {};
  }

  async tagRole(_call: Call, input: sdk.TagRoleCommandInput): Promise<Answer<sdk.TagRoleCommandOutput>> {
    this.tags.put(this.role(input.RoleName).role.Arn, fromTagList(input.Tags));
    return {};
  }

  async untagRole(_call: Call, input: sdk.UntagRoleCommandInput): Promise<Answer<sdk.UntagRoleCommandOutput>> {
    this.tags.remove(this.role(input.RoleName).role.Arn, input.TagKeys ?? []);
    return {};
  }

  async tagPolicy(_call: Call, input: sdk.TagPolicyCommandInput): Promise<Answer<sdk.TagPolicyCommandOutput>> {
    this.tags.put(this.policy(input.PolicyArn).policy.Arn, fromTagList(input.Tags));
    return {};
  }

  async untagPolicy(_call: Call, input: sdk.UntagPolicyCommandInput): Promise<Answer<sdk.UntagPolicyCommandOutput>> {
    this.tags.remove(this.policy(input.PolicyArn).policy.Arn, input.TagKeys ?? []);
    return {};
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

  private policy(arn: string | undefined): PolicyState {
    const state = this.policies.get(arn ?? "");
    if (state === undefined) throw missing(`Policy ${arn} was not found.`);
    return state;
  }

  private statementsOf(role: RoleState): Statement[] {
    return [
      ...[...role.inline.values()].flatMap((text) => this.read(text)),
      ...[...role.attached].flatMap((arn) => this.managed(arn)),
    ];
  }

  private managed(arn: string): Statement[] {
    const state = this.policies.get(arn);
    return state === undefined ? [] : this.read(state.versions.get(state.default) ?? "{}");
  }

  /** Policies are read on every call, so their parsed form is kept. */
  private read(text: string): Statement[] {
    let statements = this.parsed.get(text);
    if (statements === undefined) {
      statements = parsePolicy(text);
      this.parsed.set(text, statements);
    }
    return statements;
  }

  private check(document: string): void {
    try {
      this.read(document);
    } catch (cause) {
      if (cause instanceof MalformedPolicy) throw new AwsError("MalformedPolicyDocument", `${cause.message}.`);
      throw cause;
    }
  }
}

/** The ARN a refusal names. */
export function principalArn({ accountId, principal }: Call): string {
  if (principal.kind === "service") return principal.service;
  if (principal.kind === "administrator") return `arn:aws:iam::${accountId}:user/administrator`;
  return `arn:aws:sts::${accountId}:assumed-role/${roleNameOf(principal.roleArn)}/SageMaker`;
}

function roleNameOf(arn: string): string {
  return arn.split("/").at(-1) ?? "";
}

function missing(message: string): AwsError {
  return new AwsError("NoSuchEntity", message, 404);
}

function validName(name: string | undefined, longest: number): string {
  if (name !== undefined && name.length <= longest && /^[\w+=,.@-]+$/.test(name)) return name;
  throw new AwsError(
    "ValidationError",
    `The specified value for name is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and be at most ${longest} long`,
  );
}
