import type * as sdk from "@aws-sdk/client-iam";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { Credential } from "./credentials";
import { ManagedPolicies } from "./managed-policies";
import { missing, nameOf, validName } from "./names";
import { paged } from "./pages";
import type { Statement } from "./policy-document";

interface UserState {
  readonly user: sdk.User & { UserName: string; Arn: string };
  readonly inline: Map<string, string>;
  readonly attached: Set<string>;
}

const keysPerUserMax = 2;

/** Users with their policies, and the access keys calls are made with. */
export abstract class Users extends ManagedPolicies {
  protected readonly credentials = new Map<string, Credential>();
  private readonly users = new Map<string, UserState>();

  async createUser(_call: Call, input: sdk.CreateUserCommandInput): Promise<Answer<sdk.CreateUserCommandOutput>> {
    const name = validName(input.UserName, 64);
    if (this.users.has(name)) throw new AwsError("EntityAlreadyExists", `User with name ${name} already exists.`, 409);
    const path = input.Path ?? "/";
    const user = {
      Path: path,
      UserName: name,
      UserId: `AIDA${this.world.ids.hex(16).toUpperCase()}`,
      Arn: `arn:aws:iam::${this.world.accountId}:user${path}${name}`,
      CreateDate: new Date(this.world.clock.now()),
    };
    this.users.set(name, { user, inline: new Map(), attached: new Set() });
    return { User: user };
  }

  async getUser(_call: Call, input: sdk.GetUserCommandInput): Promise<Answer<sdk.GetUserCommandOutput>> {
    return { User: this.user(input.UserName).user };
  }

  async listUsers(_call: Call, input: sdk.ListUsersCommandInput): Promise<Answer<sdk.ListUsersCommandOutput>> {
    const users = [...this.users.values()].filter(({ user }) => (user.Path ?? "/").startsWith(input.PathPrefix ?? "/"));
    return paged(
      users,
      ({ user }) => user.Arn,
      input,
      (items) => ({ Users: items.map(({ user }) => user) }),
    );
  }

  async deleteUser(_call: Call, input: sdk.DeleteUserCommandInput): Promise<Answer<sdk.DeleteUserCommandOutput>> {
    const { user, inline, attached } = this.user(input.UserName);
    if (inline.size > 0 || attached.size > 0) {
      throw new AwsError("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409);
    }
    if (this.keysOf(user.Arn).length > 0)
      throw new AwsError("DeleteConflict", "Cannot delete entity, must delete access keys first.", 409);
    this.users.delete(user.UserName);
    return {};
  }

  async putUserPolicy(
    _call: Call,
    input: sdk.PutUserPolicyCommandInput,
  ): Promise<Answer<sdk.PutUserPolicyCommandOutput>> {
    this.check(input.PolicyDocument ?? "");
    this.user(input.UserName).inline.set(input.PolicyName ?? "", input.PolicyDocument ?? "");
    return {};
  }

  async deleteUserPolicy(
    _call: Call,
    input: sdk.DeleteUserPolicyCommandInput,
  ): Promise<Answer<sdk.DeleteUserPolicyCommandOutput>> {
    if (!this.user(input.UserName).inline.delete(input.PolicyName ?? "")) {
      throw missing(`The user policy with name ${input.PolicyName} cannot be found.`);
    }
    return {};
  }

  async attachUserPolicy(
    _call: Call,
    input: sdk.AttachUserPolicyCommandInput,
  ): Promise<Answer<sdk.AttachUserPolicyCommandOutput>> {
    this.user(input.UserName).attached.add(this.attachable(input.PolicyArn));
    return {};
  }

  async detachUserPolicy(
    _call: Call,
    input: sdk.DetachUserPolicyCommandInput,
  ): Promise<Answer<sdk.DetachUserPolicyCommandOutput>> {
    if (!this.user(input.UserName).attached.delete(input.PolicyArn ?? "")) {
      throw missing(`Policy ${input.PolicyArn} was not found.`);
    }
    return {};
  }

  async listAttachedUserPolicies(
    _call: Call,
    input: sdk.ListAttachedUserPoliciesCommandInput,
  ): Promise<Answer<sdk.ListAttachedUserPoliciesCommandOutput>> {
    return paged(
      [...this.user(input.UserName).attached],
      (arn) => arn,
      input,
      (items) => ({
        AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: nameOf(arn) })),
      }),
    );
  }

  async createAccessKey(
    _call: Call,
    input: sdk.CreateAccessKeyCommandInput,
  ): Promise<Answer<sdk.CreateAccessKeyCommandOutput>> {
    const { user } = this.user(input.UserName);
    if (this.keysOf(user.Arn).length >= keysPerUserMax) {
      throw new AwsError("LimitExceeded", `Cannot exceed quota for AccessKeysPerUser: ${keysPerUserMax}`, 409);
    }
    const id = `AKIA${this.world.ids.hex(16).toUpperCase()}`;
    const secretAccessKey = this.world.ids.hex(40);
    this.credentials.set(id, { principal: { kind: "user", userArn: user.Arn }, secretAccessKey, isDeleted: false });
    return {
      AccessKey: {
        UserName: user.UserName,
        AccessKeyId: id,
        Status: "Active",
        SecretAccessKey: secretAccessKey,
        CreateDate: new Date(this.world.clock.now()),
      },
    };
  }

  async listAccessKeys(
    _call: Call,
    input: sdk.ListAccessKeysCommandInput,
  ): Promise<Answer<sdk.ListAccessKeysCommandOutput>> {
    const { user } = this.user(input.UserName);
    return paged(
      this.keysOf(user.Arn),
      (id) => id,
      input,
      (items) => ({
        AccessKeyMetadata: items.map((AccessKeyId) => ({
          UserName: user.UserName,
          AccessKeyId,
          Status: "Active" as const,
        })),
      }),
    );
  }

  async deleteAccessKey(
    _call: Call,
    input: sdk.DeleteAccessKeyCommandInput,
  ): Promise<Answer<sdk.DeleteAccessKeyCommandOutput>> {
    const key = this.credentials.get(input.AccessKeyId ?? "");
    if (key === undefined || key.isDeleted)
      throw missing(`The Access Key with id ${input.AccessKeyId} cannot be found.`);
    key.isDeleted = true;
    return {};
  }

  protected override attachmentsOf(policyArn: string): number {
    return [...this.users.values()].filter(({ attached }) => attached.has(policyArn)).length;
  }

  /** What a user's policies say; nothing for a user that is not there. */
  /** Whether such a user was made here. Any other is somebody of the account whose policies a rehearsal does not know. */
  hasUser(userArn: string): boolean {
    return this.users.get(nameOf(userArn))?.user.Arn === userArn;
  }

  protected userRights(userArn: string): Statement[] {
    const state = this.users.get(nameOf(userArn));
    if (state === undefined || state.user.Arn !== userArn) return [];
    return [
      ...[...state.inline.values()].flatMap((text) => this.read(text)),
      ...[...state.attached].flatMap((arn) => this.managed(arn)),
    ];
  }

  private keysOf(userArn: string): string[] {
    return [...this.credentials]
      .filter(([, key]) => !key.isDeleted && key.principal.kind === "user" && key.principal.userArn === userArn)
      .map(([id]) => id);
  }

  private user(name: string | undefined): UserState {
    const state = this.users.get(name ?? "");
    if (state === undefined) throw missing(`The user with name ${name} cannot be found.`);
    return state;
  }
}
