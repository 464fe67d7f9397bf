import { nameLengthMax } from "../../../contract/limits";
import { unlessGone } from "../aws-calls";
import { replaces, required, text } from "../property";
import { defineResource, type StepContext } from "../resource-type";

/** A name for a key. */
export const kmsAlias = defineResource({
  token: "aws:kms/alias:Alias",
  regional: true,
  importForm: "alias/<name>",
  inputs: {
    name: required(
      replaces(
        text({
          maxLength: nameLengthMax.kmsAlias,
          pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
          patternMeans: "alias/ and letters, digits, /, _ or -, not beginning with alias/aws/",
        }),
      ),
    ),
    namePrefix: replaces(text({ pattern: /^alias\//, patternMeans: "text that begins with alias/" })),
    targetKeyId: required(text({ minLength: 1 })),
  },
  computed: ["arn", "targetKeyArn"],
  autoname: { property: "name", prefixProperty: "namePrefix", before: "alias/", maxLength: nameLengthMax.kmsAlias },
  async create({ aws, exists }, { name, targetKeyId }) {
    await aws.kms.createAlias({ AliasName: name, TargetKeyId: targetKeyId });
    exists(name);
    return name;
  },
  async read(context, { id, inputs }) {
    const alias = await find(context, id);
    if (alias?.TargetKeyId === undefined) return undefined;
    const { KeyMetadata } = await context.aws.kms.describeKey({ KeyId: alias.TargetKeyId });
    const written = inputs.targetKeyId;
    return {
      name: alias.AliasName,
      arn: alias.AliasArn,
      targetKeyArn: KeyMetadata?.Arn,
      // AWS tells the bare id; a program may have named the same key by its ARN.
      targetKeyId: written === KeyMetadata?.Arn ? written : alias.TargetKeyId,
    };
  },
  async update({ aws }, { id }, { targetKeyId }) {
    await aws.kms.updateAlias({ AliasName: id, TargetKeyId: targetKeyId });
  },
  async delete({ aws }, { id }) {
    await unlessGone(["NotFoundException"], () => aws.kms.deleteAlias({ AliasName: id }));
  },
});

async function find({ aws }: StepContext, name: string) {
  let Marker: string | undefined;
  do {
    const page = await aws.kms.listAliases(Marker === undefined ? {} : { Marker });
    const alias = page.Aliases?.find(({ AliasName }) => AliasName === name);
    if (alias !== undefined) return alias;
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return undefined;
}
