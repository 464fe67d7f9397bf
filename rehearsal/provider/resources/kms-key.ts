import { unlessGone } from "../aws-calls";
import { choice, chosenByAws, document, fallback, flag, replaces, tags, text, untold, whole } from "../property";
import { defineResource, type StepContext, type Tagging } from "../resource-type";

const specs = ["SYMMETRIC_DEFAULT"] as const;
const usages = ["ENCRYPT_DECRYPT"] as const;

const tagging: Tagging = {
  async read({ aws }, { id }) {
    const { Tags = [] } = await aws.kms.listResourceTags({ KeyId: id });
    return Object.fromEntries(Tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
  },
  async write({ aws }, { id }, put, removed) {
    if (removed.length > 0) await aws.kms.untagResource({ KeyId: id, TagKeys: [...removed] });
    if (Object.keys(put).length > 0) await aws.kms.tagResource({ KeyId: id, Tags: keyTags(put) });
  },
};

/** A customer-managed key. Only symmetric encryption keys are played: nothing in this product uses another kind. */
export const kmsKey = defineResource({
  token: "aws:kms/key:Key",
  regional: true,
  importForm: "<key id>",
  inputs: {
    bypassPolicyLockoutSafetyCheck: untold(fallback(false, flag())),
    customerMasterKeySpec: replaces(fallback("SYMMETRIC_DEFAULT", choice(specs))),
    deletionWindowInDays: untold(whole({ min: 7, max: 30 })),
    description: chosenByAws(text({ maxLength: 8192 })),
    enableKeyRotation: fallback(false, flag()),
    isEnabled: fallback(true, flag()),
    keyUsage: replaces(fallback("ENCRYPT_DECRYPT", choice(usages))),
    multiRegion: replaces(chosenByAws(flag())),
    policy: chosenByAws(document()),
    rotationPeriodInDays: chosenByAws(whole({ min: 90, max: 2560 })),
    tags: tags(),
  },
  computed: ["arn", "keyId"],
  tagging,
  check: (inputs) =>
    inputs.rotationPeriodInDays !== undefined && inputs.enableKeyRotation === false
      ? [{ property: "rotationPeriodInDays", reason: "ASY-562 got a period, expected enableKeyRotation beside it" }]
      : [],
  async create({ aws, exists }, inputs) {
    const { KeyMetadata } = await aws.kms.createKey({
      BypassPolicyLockoutSafetyCheck: inputs.bypassPolicyLockoutSafetyCheck,
      KeySpec: inputs.customerMasterKeySpec,
      KeyUsage: inputs.keyUsage,
      ...(inputs.description === undefined ? {} : { Description: inputs.description }),
      ...(inputs.multiRegion === undefined ? {} : { MultiRegion: inputs.multiRegion }),
      ...(inputs.policy === undefined ? {} : { Policy: inputs.policy }),
      ...(inputs.tags === undefined ? {} : { Tags: keyTags(inputs.tags) }),
    });
    const id = KeyMetadata?.KeyId ?? "";
    exists(id);
    if (inputs.enableKeyRotation === true) await setRotation({ aws }, id, true, inputs.rotationPeriodInDays);
    if (inputs.isEnabled === false) await aws.kms.disableKey({ KeyId: id });
    return id;
  },
  async read({ aws }, { id }) {
    const described = await unlessGone(["NotFoundException"], () => aws.kms.describeKey({ KeyId: id }));
    const key = described?.KeyMetadata;
    if (key === undefined || key.KeyState === "PendingDeletion") return undefined;
    const { Policy } = await aws.kms.getKeyPolicy({ KeyId: id, PolicyName: "default" });
    const rotation = await aws.kms.getKeyRotationStatus({ KeyId: id });
    return {
      arn: key.Arn,
      keyId: key.KeyId,
      customerMasterKeySpec: key.KeySpec ?? key.CustomerMasterKeySpec,
      keyUsage: key.KeyUsage,
      description: key.Description,
      isEnabled: key.Enabled,
      multiRegion: key.MultiRegion,
      policy: Policy,
      enableKeyRotation: rotation.KeyRotationEnabled,
      rotationPeriodInDays: rotation.RotationPeriodInDays,
    };
  },
  async update({ aws }, { id, inputs: before }, inputs) {
    // A disabled key takes no other change, so it is enabled first and disabled last.
    if (before.isEnabled === false && inputs.isEnabled === true) await aws.kms.enableKey({ KeyId: id });
    if (
      before.enableKeyRotation !== inputs.enableKeyRotation ||
      before.rotationPeriodInDays !== inputs.rotationPeriodInDays
    ) {
      await setRotation({ aws }, id, inputs.enableKeyRotation === true, inputs.rotationPeriodInDays);
    }
    if (before.description !== inputs.description) {
      await aws.kms.updateKeyDescription({ KeyId: id, Description: inputs.description ?? "" });
    }
    if (before.policy !== inputs.policy && inputs.policy !== undefined) {
      await aws.kms.putKeyPolicy({ KeyId: id, PolicyName: "default", Policy: inputs.policy });
    }
    if (before.isEnabled !== false && inputs.isEnabled === false) await aws.kms.disableKey({ KeyId: id });
  },
  async delete({ aws }, { id, inputs }) {
    await unlessGone(["NotFoundException", "KMSInvalidStateException"], () =>
      aws.kms.scheduleKeyDeletion({
        KeyId: id,
        ...(inputs.deletionWindowInDays === undefined ? {} : { PendingWindowInDays: inputs.deletionWindowInDays }),
      }),
    );
  },
});

async function setRotation(
  { aws }: Pick<StepContext, "aws">,
  id: string,
  enabled: boolean,
  periodInDays: number | undefined,
): Promise<void> {
  if (!enabled) {
    await aws.kms.disableKeyRotation({ KeyId: id });
    return;
  }
  const period = periodInDays === undefined ? {} : { RotationPeriodInDays: periodInDays };
  await aws.kms.enableKeyRotation({ KeyId: id, ...period });
}

function keyTags(values: Readonly<Record<string, string>>): { TagKey: string; TagValue: string }[] {
  return Object.entries(values).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}
