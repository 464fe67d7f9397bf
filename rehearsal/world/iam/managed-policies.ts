import type * as sdk from "@aws-sdk/client-iam";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";
import { missing, validName } from "./names";
import { paged } from "./pages";
import { MalformedPolicy, parsePolicy, type Statement } from "./policy-document";

interface PolicyState {
  readonly policy: sdk.Policy & { Arn: string };
  readonly versions: Map<string, string>;
  default: string;
  next: number;
}

/** Managed policies with their versions, and the parsed form of every document. */
export abstract class ManagedPolicies {
  protected readonly tags = new TagStore();
  private readonly policies = new Map<string, PolicyState>();
  private readonly parsed = new Map<string, Statement[]>();

  constructor(protected readonly world: World) {}

  /** How many roles and users a managed policy is attached to. */
  protected abstract attachmentsOf(policyArn: string): number;

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
      Policy: {
        ...state.policy,
        DefaultVersionId: state.default,
        AttachmentCount: this.attachmentsOf(state.policy.Arn),
        Tags: toTagList(this.tags.of(state.policy.Arn)),
      },
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
    return paged(
      versions,
      (id) => id,
      input,
      (items) => ({
        Versions: items.map((VersionId) => ({ VersionId, IsDefaultVersion: VersionId === state.default })),
      }),
    );
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
    if (this.attachmentsOf(policy.Arn) > 0) {
      throw new AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", 409);
    }
    if (versions.size > 1) throw new AwsError("DeleteConflict", "This policy has more than one version.", 409);
    this.policies.delete(policy.Arn);
    this.tags.forget(policy.Arn);
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

  async listPolicies(_call: Call, input: sdk.ListPoliciesCommandInput): Promise<Answer<sdk.ListPoliciesCommandOutput>> {
    // AWS's own policies are not here, so that a listing of them alone is empty.
    const found = [...this.policies.values()].filter(
      ({ policy }) =>
        input.Scope !== "AWS" &&
        (policy.Path ?? "/").startsWith(input.PathPrefix ?? "/") &&
        (input.OnlyAttached !== true || this.attachmentsOf(policy.Arn) > 0),
    );
    return paged(
      found,
      ({ policy }) => policy.Arn,
      input,
      (items) => ({
        Policies: items.map((state) => ({
          ...state.policy,
          DefaultVersionId: state.default,
          AttachmentCount: this.attachmentsOf(state.policy.Arn),
        })),
      }),
    );
  }

  protected policy(arn: string | undefined): PolicyState {
    const state = this.policies.get(arn ?? "");
    if (state === undefined) throw missing(`Policy ${arn} was not found.`);
    return state;
  }

  /** A managed policy's statements. AWS's own policies are not known here; as a boundary they bound nothing. */
  protected managed(arn: string): Statement[] {
    const state = this.policies.get(arn);
    return state === undefined ? [] : this.read(state.versions.get(state.default) ?? "{}");
  }

  /** @throws AwsError NoSuchEntity unless the account has the policy, or AWS might */
  protected attachable(arn: string | undefined): string {
    if (arn === undefined || (!arn.startsWith("arn:aws:iam::aws:policy/") && !this.policies.has(arn))) {
      throw missing(`Policy ${arn} does not exist or is not attachable.`);
    }
    return arn;
  }

  /** Policies are read on every call, so their parsed form is kept. */
  protected read(text: string): Statement[] {
    let statements = this.parsed.get(text);
    if (statements === undefined) {
      statements = parsePolicy(text);
      this.parsed.set(text, statements);
    }
    return statements;
  }

  protected check(document: string): void {
    try {
      this.read(document);
    } catch (cause) {
      if (cause instanceof MalformedPolicy) throw new AwsError("MalformedPolicyDocument", `${cause.message}.`);
      throw cause;
    }
  }
}
