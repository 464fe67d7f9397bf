import { replicationDestinationsMax } from "../../../contract/limits";
import { unlessGone } from "../aws-calls";
import { choice, fallback, flag, list, object, replaces, required, tags, text, untold } from "../property";
import { defineResource, type Tagging } from "../resource-type";

const gone = ["RepositoryNotFoundException"] as const;

const tagging: Tagging = {
  async read({ aws }, { outputs }) {
    const { tags: found = [] } = await aws.ecr.listTagsForResource({ resourceArn: String(outputs.arn) });
    return Object.fromEntries(found.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  },
  async write({ aws }, { outputs }, put, removed) {
    const resourceArn = String(outputs.arn);
    if (removed.length > 0) await aws.ecr.untagResource({ resourceArn, tagKeys: [...removed] });
    const added = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (added.length > 0) await aws.ecr.tagResource({ resourceArn, tags: added });
  },
};

/** A repository of the account's registry. Its id is its name. Encryption with a key of one's own is not played. */
export const ecrRepository = defineResource({
  token: "aws:ecr/repository:Repository",
  regional: true,
  importForm: "<repository name>",
  inputs: {
    name: required(
      replaces(
        text({
          minLength: 2,
          maxLength: 256,
          pattern: /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
          patternMeans: "lower-case letters, digits and ._-/",
        }),
      ),
    ),
    imageTagMutability: fallback("MUTABLE", choice(["MUTABLE", "IMMUTABLE"])),
    imageScanningConfiguration: object({ scanOnPush: required(flag()) }),
    forceDelete: untold(flag()),
    tags: tags(),
  },
  computed: ["arn", "registryId", "repositoryUrl"],
  autoname: { property: "name", maxLength: 256 },
  tagging,
  async create({ aws, exists }, given) {
    await aws.ecr.createRepository({
      repositoryName: given.name,
      imageTagMutability: given.imageTagMutability as "MUTABLE",
      ...(given.imageScanningConfiguration === undefined
        ? {}
        : { imageScanningConfiguration: given.imageScanningConfiguration }),
      tags: Object.entries(given.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    });
    exists(given.name);
    return given.name;
  },
  async read({ aws }, { id, inputs }) {
    const found = await unlessGone(gone, () => aws.ecr.describeRepositories({ repositoryNames: [id] }));
    const repository = found?.repositories?.[0];
    if (repository === undefined) return undefined;
    const scanning = repository.imageScanningConfiguration;
    return {
      name: repository.repositoryName,
      arn: repository.repositoryArn,
      registryId: repository.registryId,
      repositoryUrl: repository.repositoryUri,
      imageTagMutability: repository.imageTagMutability,
      ...(inputs.imageScanningConfiguration === undefined && scanning?.scanOnPush !== true
        ? {}
        : { imageScanningConfiguration: { scanOnPush: scanning?.scanOnPush === true } }),
    };
  },
  async update({ aws }, { id }, given) {
    await aws.ecr.putImageTagMutability({
      repositoryName: id,
      imageTagMutability: given.imageTagMutability as "MUTABLE",
    });
    await aws.ecr.putImageScanningConfiguration({
      repositoryName: id,
      imageScanningConfiguration: { scanOnPush: given.imageScanningConfiguration?.scanOnPush ?? false },
    });
  },
  async delete({ aws }, { id, inputs: given }) {
    await unlessGone(gone, () => aws.ecr.deleteRepository({ repositoryName: id, force: given.forceDelete === true }));
  },
});

const rule = {
  destinations: required(
    list(
      object({
        region: required(text()),
        registryId: required(text({ pattern: /^\d{12}$/, patternMeans: "an account id" })),
      }),
      {
        minItems: 1,
        maxItems: replicationDestinationsMax,
      },
    ),
  ),
  repositoryFilters: list(
    object({
      filter: required(text({ minLength: 2, maxLength: 256 })),
      filterType: required(choice(["PREFIX_MATCH"])),
    }),
    { maxItems: 100 },
  ),
};

/** What the account's registry in a region copies elsewhere: there is one of it, and deleting it empties it. */
export const ecrReplicationConfiguration = defineResource({
  token: "aws:ecr/replicationConfiguration:ReplicationConfiguration",
  regional: true,
  importForm: "<account id>",
  inputs: {
    replicationConfiguration: required(object({ rules: required(list(object(rule), { minItems: 1, maxItems: 10 })) })),
  },
  computed: ["registryId"],
  async create({ aws, accountId }, given) {
    await aws.ecr.putReplicationConfiguration({ replicationConfiguration: given.replicationConfiguration as never });
    return accountId;
  },
  async read({ aws }) {
    const { registryId, replicationConfiguration } = await aws.ecr.describeRegistry({});
    const rules = replicationConfiguration?.rules ?? [];
    return rules.length === 0 ? undefined : { registryId, replicationConfiguration: { rules } };
  },
  async update({ aws }, _prior, given) {
    await aws.ecr.putReplicationConfiguration({ replicationConfiguration: given.replicationConfiguration as never });
  },
  async delete({ aws }) {
    await aws.ecr.putReplicationConfiguration({ replicationConfiguration: { rules: [] } });
  },
});
