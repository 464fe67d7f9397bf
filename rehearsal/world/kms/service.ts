import type * as sdk from "@aws-sdk/client-kms";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { pageOf } from "../paging";
import { Partitions } from "../partitions";
import { TagStore } from "../tags";
import type { World } from "../world";

interface KeyState {
  readonly metadata: sdk.KeyMetadata & { KeyId: string; Arn: string };
  policy: string;
  rotates: boolean;
  rotationDays: number;
}

interface RegionState {
  readonly keys: Map<string, KeyState>;
  readonly aliases: Map<string, { targetKeyId: string; createdMs: number }>;
}

/** What a service does with a key for a caller. */
export type KeyUse = "kms:Encrypt" | "kms:Decrypt" | "kms:GenerateDataKey" | "kms:CreateGrant";

/** Through which service a key is asked for, and what the ciphertext is bound to. */
export interface AskedBy {
  /** Absent when the caller asks KMS itself. */
  readonly via?: "s3" | "sns" | "sqs" | "sagemaker";
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

const dayMs = 86_400_000;
/** KMS rotates a key each year unless told otherwise. */
const rotationDaysDefault = 365;
/** Aliases or tags of one page unless another number is asked for, and the most of them. */
const pageSizes = { default: 50, most: 100 };

/** Keys, aliases and who may use them. Nothing is encrypted: what is played is the permission, not the cryptography. */
export class Kms {
  private readonly regions = new Partitions<RegionState>(() => ({ keys: new Map(), aliases: new Map() }));
  private readonly tags = new TagStore();

  constructor(private readonly world: World) {}

  /**
   * Asks whether the caller may use a key, as S3, SNS, SQS, SageMaker and CloudWatch Logs ask on a caller's behalf.
   *
   * @param key id, ARN, alias or alias ARN; keys AWS manages (`alias/aws/…`) are open to the account
   * @throws AwsError AccessDenied (KMS's reason in its message), NotFoundException, KMSInvalidStateException
   */
  authorizeUse(call: Call, key: string, action: KeyUse, asked: AskedBy): void {
    if (/(^|:)alias\/aws\//.test(key)) return;
    const state = this.find(call, key);
    if (state.metadata.KeyState !== "Enabled") {
      throw new AwsError(
        "KMSInvalidStateException",
        `${state.metadata.Arn} is ${state.metadata.KeyState === "Disabled" ? "disabled" : "pending deletion"}.`,
      );
    }
    const context = {
      "kms:CallerAccount": call.accountId,
      // A service that asks for itself comes directly, not through itself.
      ...(call.principal.kind === "service" || asked.via === undefined
        ? {}
        : { "kms:ViaService": `${asked.via}.${call.region}.amazonaws.com` }),
      ...(action === "kms:CreateGrant" ? { "kms:GrantIsForAWSResource": "true" } : {}),
      ...Object.fromEntries(
        Object.entries(asked.encryptionContext ?? {}).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
      ),
    };
    const request = { action, resource: state.metadata.Arn, context };
    const decision = this.world.iam.isAllowed(call, {
      ...request,
      resourcePolicy: state.policy,
      resourceMustDelegate: true,
    });
    if (!decision.allowed) throw new AwsError("AccessDenied", this.world.iam.refusal(call, request, decision), 403);
  }

  /** Asks whether the caller may manage a key or look at it. @throws AwsError AccessDeniedException, NotFoundException */
  authorizeControl(call: Call, action: string, key: string): void {
    const state = this.find(call, key);
    const request = { action, resource: state.metadata.Arn };
    const decision = this.world.iam.isAllowed(call, {
      ...request,
      resourcePolicy: state.policy,
      resourceMustDelegate: true,
    });
    if (!decision.allowed) throw new AwsError("AccessDeniedException", this.world.iam.refusal(call, request, decision));
  }

  async createKey(call: Call, input: sdk.CreateKeyCommandInput): Promise<Answer<sdk.CreateKeyCommandOutput>> {
    const id = this.world.ids.uuid();
    const metadata = {
      AWSAccountId: call.accountId,
      KeyId: id,
      Arn: `arn:aws:kms:${call.region}:${call.accountId}:key/${id}`,
      CreationDate: new Date(this.world.clock.now()),
      Enabled: true,
      Description: input.Description ?? "",
      KeyUsage: input.KeyUsage ?? "ENCRYPT_DECRYPT",
      KeyState: "Enabled" as const,
      Origin: "AWS_KMS" as const,
      KeyManager: "CUSTOMER" as const,
      KeySpec: input.KeySpec ?? "SYMMETRIC_DEFAULT",
      CustomerMasterKeySpec: "SYMMETRIC_DEFAULT" as const,
      EncryptionAlgorithms: ["SYMMETRIC_DEFAULT" as const],
      MultiRegion: input.MultiRegion ?? false,
    };
    const policy = input.Policy ?? defaultKeyPolicy(call.accountId);
    this.checkPolicy(policy);
    this.regions.of(call).keys.set(id, { metadata, policy, rotates: false, rotationDays: rotationDaysDefault });
    this.tags.put(
      metadata.Arn,
      Object.fromEntries((input.Tags ?? []).map(({ TagKey, TagValue }) => [TagKey ?? "", TagValue ?? ""])),
    );
    return { KeyMetadata: metadata };
  }

  async describeKey(call: Call, input: sdk.DescribeKeyCommandInput): Promise<Answer<sdk.DescribeKeyCommandOutput>> {
    return { KeyMetadata: { ...this.find(call, input.KeyId).metadata } };
  }

  async updateKeyDescription(
    call: Call,
    input: sdk.UpdateKeyDescriptionCommandInput,
  ): Promise<Answer<sdk.UpdateKeyDescriptionCommandOutput>> {
    this.find(call, input.KeyId).metadata.Description = input.Description;
    return {};
  }

  async enableKey(call: Call, input: sdk.EnableKeyCommandInput): Promise<Answer<sdk.EnableKeyCommandOutput>> {
    Object.assign(this.find(call, input.KeyId).metadata, { Enabled: true, KeyState: "Enabled" });
    return {};
  }

  async disableKey(call: Call, input: sdk.DisableKeyCommandInput): Promise<Answer<sdk.DisableKeyCommandOutput>> {
    Object.assign(this.find(call, input.KeyId).metadata, { Enabled: false, KeyState: "Disabled" });
    return {};
  }

  async enableKeyRotation(
    call: Call,
    input: sdk.EnableKeyRotationCommandInput,
  ): Promise<Answer<sdk.EnableKeyRotationCommandOutput>> {
    Object.assign(this.find(call, input.KeyId), {
      rotates: true,
      rotationDays: input.RotationPeriodInDays ?? rotationDaysDefault,
    });
    return {};
  }

  async disableKeyRotation(
    call: Call,
    input: sdk.DisableKeyRotationCommandInput,
  ): Promise<Answer<sdk.DisableKeyRotationCommandOutput>> {
    this.find(call, input.KeyId).rotates = false;
    return {};
  }

  async getKeyRotationStatus(
    call: Call,
    input: sdk.GetKeyRotationStatusCommandInput,
  ): Promise<Answer<sdk.GetKeyRotationStatusCommandOutput>> {
    const { rotates, rotationDays, metadata } = this.find(call, input.KeyId);
    return {
      KeyRotationEnabled: rotates,
      KeyId: metadata.Arn,
      ...(rotates ? { RotationPeriodInDays: rotationDays } : {}),
    };
  }

  async getKeyPolicy(call: Call, input: sdk.GetKeyPolicyCommandInput): Promise<Answer<sdk.GetKeyPolicyCommandOutput>> {
    return { Policy: this.find(call, input.KeyId).policy, PolicyName: "default" };
  }

  async putKeyPolicy(call: Call, input: sdk.PutKeyPolicyCommandInput): Promise<Answer<sdk.PutKeyPolicyCommandOutput>> {
    const state = this.find(call, input.KeyId);
    this.checkPolicy(input.Policy ?? "");
    state.policy = input.Policy ?? "";
    return {};
  }

  async scheduleKeyDeletion(
    call: Call,
    input: sdk.ScheduleKeyDeletionCommandInput,
  ): Promise<Answer<sdk.ScheduleKeyDeletionCommandOutput>> {
    const { metadata } = this.find(call, input.KeyId);
    const days = input.PendingWindowInDays ?? 30;
    const deletionDate = new Date(this.world.clock.now() + days * dayMs);
    Object.assign(metadata, { Enabled: false, KeyState: "PendingDeletion", DeletionDate: deletionDate });
    const { aliases } = this.regions.of(call);
    for (const [name, alias] of aliases) if (alias.targetKeyId === metadata.KeyId) aliases.delete(name);
    return { KeyId: metadata.Arn, DeletionDate: deletionDate, KeyState: "PendingDeletion", PendingWindowInDays: days };
  }

  async createAlias(call: Call, input: sdk.CreateAliasCommandInput): Promise<Answer<sdk.CreateAliasCommandOutput>> {
    const { aliases } = this.regions.of(call);
    const name = input.AliasName ?? "";
    if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name) || name.startsWith("alias/aws/")) {
      throw new AwsError("InvalidAliasNameException", `The alias name ${name} is not valid.`);
    }
    if (aliases.has(name)) {
      throw new AwsError(
        "AlreadyExistsException",
        `An alias with the name arn:aws:kms:${call.region}:${call.accountId}:${name} already exists`,
      );
    }
    aliases.set(name, {
      targetKeyId: this.find(call, input.TargetKeyId).metadata.KeyId,
      createdMs: this.world.clock.now(),
    });
    return {};
  }

  async updateAlias(call: Call, input: sdk.UpdateAliasCommandInput): Promise<Answer<sdk.UpdateAliasCommandOutput>> {
    const alias = this.regions.of(call).aliases.get(input.AliasName ?? "");
    if (alias === undefined) throw this.notFound(call, input.AliasName);
    alias.targetKeyId = this.find(call, input.TargetKeyId).metadata.KeyId;
    return {};
  }

  async deleteAlias(call: Call, input: sdk.DeleteAliasCommandInput): Promise<Answer<sdk.DeleteAliasCommandOutput>> {
    if (!this.regions.of(call).aliases.delete(input.AliasName ?? "")) throw this.notFound(call, input.AliasName);
    return {};
  }

  async listAliases(call: Call, input: sdk.ListAliasesCommandInput): Promise<Answer<sdk.ListAliasesCommandOutput>> {
    const wanted = input.KeyId === undefined ? undefined : this.find(call, input.KeyId).metadata.KeyId;
    const Aliases = [...this.regions.of(call).aliases]
      .filter(([, { targetKeyId }]) => wanted === undefined || targetKeyId === wanted)
      .map(([AliasName, { targetKeyId, createdMs }]) => ({
        AliasName,
        AliasArn: `arn:aws:kms:${call.region}:${call.accountId}:${AliasName}`,
        TargetKeyId: targetKeyId,
        CreationDate: new Date(createdMs),
      }));
    return paged(
      Aliases,
      ({ AliasName }) => AliasName,
      input,
      (items) => ({ Aliases: items }),
    );
  }

  async listResourceTags(
    call: Call,
    input: sdk.ListResourceTagsCommandInput,
  ): Promise<Answer<sdk.ListResourceTagsCommandOutput>> {
    const tags = this.tags.of(this.find(call, input.KeyId).metadata.Arn);
    const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
    return paged(
      Tags,
      ({ TagKey }) => TagKey,
      input,
      (items) => ({ Tags: items }),
    );
  }

  async tagResource(call: Call, input: sdk.TagResourceCommandInput): Promise<Answer<sdk.TagResourceCommandOutput>> {
    const tags = Object.fromEntries((input.Tags ?? []).map(({ TagKey, TagValue }) => [TagKey ?? "", TagValue ?? ""]));
    this.tags.put(this.find(call, input.KeyId).metadata.Arn, tags);
    return {};
  }

  async untagResource(
    call: Call,
    input: sdk.UntagResourceCommandInput,
  ): Promise<Answer<sdk.UntagResourceCommandOutput>> {
    this.tags.remove(this.find(call, input.KeyId).metadata.Arn, input.TagKeys ?? []);
    return {};
  }

  private find(call: Call, key: string | undefined): KeyState {
    const { keys, aliases } = this.regions.of(call);
    const inRegion = /^arn:aws:kms:([^:]+):([^:]+):(.+)$/.exec(key ?? "");
    if (inRegion !== null && (inRegion[1] !== call.region || inRegion[2] !== call.accountId))
      throw this.notFound(call, key);
    const name = (inRegion?.[3] ?? key ?? "").replace(/^key\//, "");
    const state = keys.get(name.startsWith("alias/") ? (aliases.get(name)?.targetKeyId ?? "") : name);
    if (state === undefined) throw this.notFound(call, key);
    return state;
  }

  private notFound(call: Call, key: string | undefined): AwsError {
    const arn = key?.startsWith("arn:")
      ? key
      : `arn:aws:kms:${call.region}:${call.accountId}:${key?.startsWith("alias/") ? "" : "key/"}${key}`;
    return new AwsError("NotFoundException", `${key?.includes("alias/") ? "Alias" : "Key"} ${arn} is not found.`);
  }

  private checkPolicy(policy: string): void {
    try {
      JSON.parse(policy);
    } catch {
      throw new AwsError("MalformedPolicyDocumentException", "The key policy is not valid JSON.");
    }
  }
}

function defaultKeyPolicy(accountId: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" },
    ],
  });
}

function paged<Item, Shown>(
  all: readonly Item[],
  nameOf: (item: Item) => string,
  asked: { Limit?: number | undefined; Marker?: string | undefined },
  show: (items: Item[]) => Shown,
): Shown & { Truncated: boolean; NextMarker?: string } {
  const { items, next } = pageOf(all, nameOf, {
    size: Math.min(asked.Limit ?? pageSizes.default, pageSizes.most),
    token: asked.Marker,
    invalidToken: "InvalidMarkerException",
  });
  return { ...show(items), Truncated: next !== undefined, ...(next === undefined ? {} : { NextMarker: next }) };
}
