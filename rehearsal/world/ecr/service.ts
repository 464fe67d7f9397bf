import { createHash } from "node:crypto";
import type * as sdk from "@aws-sdk/client-ecr";
import { replicationDestinationsMax } from "../../../contract/limits";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { pageOf } from "../paging";
import { Partitions } from "../partitions";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";

interface RepositoryState {
  readonly arn: string;
  readonly createdMs: number;
  readonly input: sdk.CreateRepositoryCommandInput;
  readonly imageTags: Set<string>;
}

/** Repositories of one page unless another number is asked for, and the most of them. */
const pageSizes = { default: 100, most: 1000 };

interface RegionState {
  readonly repositories: Map<string, RepositoryState>;
  rules: sdk.ReplicationRule[];
}

/**
 * Elastic Container Registry. A repository that was made here holds what was pushed to it, and what a registry's
 * replication brought. Any other image that can run here is in every region's registry under every tag, unless the
 * account's conditions say that it is missing.
 */
export class Ecr {
  private readonly regions = new Partitions<RegionState>(() => ({ repositories: new Map(), rules: [] }));
  private readonly tags = new TagStore();

  constructor(private readonly world: World) {}

  async createRepository(
    call: Call,
    input: sdk.CreateRepositoryCommandInput,
  ): Promise<Answer<sdk.CreateRepositoryCommandOutput>> {
    const name = input.repositoryName ?? "";
    const { repositories } = this.regions.of(call);
    if (repositories.has(name)) {
      throw new AwsError(
        "RepositoryAlreadyExistsException",
        `The repository with name '${name}' already exists in the registry with id '${call.accountId}'`,
      );
    }
    const repository = this.make(call, input);
    this.tags.put(repository.arn, fromTagList(input.tags));
    return { repository: shown(call, repository) };
  }

  async describeRepositories(
    call: Call,
    input: sdk.DescribeRepositoriesCommandInput,
  ): Promise<Answer<sdk.DescribeRepositoriesCommandOutput>> {
    const { repositories } = this.regions.of(call);
    const names = input.repositoryNames ?? [...repositories.keys()].sort();
    const { items, next } = pageOf(names, (name) => name, {
      size: Math.min(input.maxResults ?? pageSizes.default, pageSizes.most),
      token: input.nextToken,
      invalidToken: "InvalidParameterException",
    });
    return {
      repositories: items.map((name) => shown(call, this.repository(call, name))),
      ...(next === undefined ? {} : { nextToken: next }),
    };
  }

  async putImageTagMutability(
    call: Call,
    input: sdk.PutImageTagMutabilityCommandInput,
  ): Promise<Answer<sdk.PutImageTagMutabilityCommandOutput>> {
    const repository = this.repository(call, input.repositoryName ?? "");
    repository.input.imageTagMutability = input.imageTagMutability;
    return { repositoryName: input.repositoryName, imageTagMutability: input.imageTagMutability };
  }

  async putImageScanningConfiguration(
    call: Call,
    input: sdk.PutImageScanningConfigurationCommandInput,
  ): Promise<Answer<sdk.PutImageScanningConfigurationCommandOutput>> {
    const repository = this.repository(call, input.repositoryName ?? "");
    repository.input.imageScanningConfiguration = input.imageScanningConfiguration;
    return { repositoryName: input.repositoryName, imageScanningConfiguration: input.imageScanningConfiguration };
  }

  async deleteRepository(
    call: Call,
    input: sdk.DeleteRepositoryCommandInput,
  ): Promise<Answer<sdk.DeleteRepositoryCommandOutput>> {
    const name = input.repositoryName ?? "";
    const repository = this.repository(call, name);
    if (repository.imageTags.size > 0 && input.force !== true) {
      throw new AwsError(
        "RepositoryNotEmptyException",
        `The repository with name '${name}' in registry with id '${call.accountId}' cannot be deleted because it still contains images`,
      );
    }
    this.regions.of(call).repositories.delete(name);
    this.tags.forget(repository.arn);
    return { repository: shown(call, repository) };
  }

  /** Pushes a tag; the layers are not played. A registry's replication copies it from then on. */
  async putImage(call: Call, input: sdk.PutImageCommandInput): Promise<Answer<sdk.PutImageCommandOutput>> {
    const { repositoryName = "", imageTag = "latest" } = input;
    const repository = this.repository(call, repositoryName);
    if (repository.imageTags.has(imageTag) && repository.input.imageTagMutability === "IMMUTABLE") {
      throw new AwsError(
        "ImageTagAlreadyExistsException",
        `The image tag '${imageTag}' already exists in the '${repositoryName}' repository and cannot be overwritten because the tag is immutable.`,
      );
    }
    repository.imageTags.add(imageTag);
    for (const region of this.destinations(call, repositoryName)) {
      this.world.clock.after(this.world.assumed.imageReplicationSeconds * 1000, () => {
        const there = { ...call, region };
        const copy = this.regions.of(there).repositories.get(repositoryName) ?? this.make(there, { repositoryName });
        copy.imageTags.add(imageTag);
        this.world.keeper?.changed("ecr", region);
      });
    }
    return {
      image: {
        registryId: call.accountId,
        repositoryName,
        imageId: { imageTag, imageDigest: digestOf(`${repositoryName}:${imageTag}`) },
      },
    };
  }

  async putReplicationConfiguration(
    call: Call,
    input: sdk.PutReplicationConfigurationCommandInput,
  ): Promise<Answer<sdk.PutReplicationConfigurationCommandOutput>> {
    const rules = input.replicationConfiguration?.rules ?? [];
    const invalid = (message: string): AwsError => new AwsError("InvalidParameterException", message);
    if (rules.length > 10) throw invalid("A replication configuration can contain at most 10 rules.");
    const destinations = rules.flatMap((rule) => rule.destinations ?? []);
    const unique = new Set(destinations.map(({ region, registryId }) => `${registryId} ${region}`));
    if (unique.size > replicationDestinationsMax) {
      throw invalid(
        `A replication configuration can contain at most ${replicationDestinationsMax} unique destinations across all rules.`,
      );
    }
    if (destinations.some(({ region, registryId }) => registryId === call.accountId && region === call.region)) {
      throw invalid("A registry cannot be replicated to itself.");
    }
    this.regions.of(call).rules = rules;
    return { replicationConfiguration: { rules } };
  }

  async describeRegistry(
    call: Call,
    _input: sdk.DescribeRegistryCommandInput,
  ): Promise<Answer<sdk.DescribeRegistryCommandOutput>> {
    return { registryId: call.accountId, replicationConfiguration: { rules: this.regions.of(call).rules } };
  }

  async tagResource(_call: Call, input: sdk.TagResourceCommandInput): Promise<Answer<sdk.TagResourceCommandOutput>> {
    this.tags.put(input.resourceArn ?? "", fromTagList(input.tags));
    return {};
  }

  async untagResource(
    _call: Call,
    input: sdk.UntagResourceCommandInput,
  ): Promise<Answer<sdk.UntagResourceCommandOutput>> {
    this.tags.remove(input.resourceArn ?? "", input.tagKeys ?? []);
    return {};
  }

  async listTagsForResource(
    _call: Call,
    input: sdk.ListTagsForResourceCommandInput,
  ): Promise<Answer<sdk.ListTagsForResourceCommandOutput>> {
    return { tags: toTagList(this.tags.of(input.resourceArn ?? "")) as sdk.Tag[] };
  }

  /** Whether an image of this account's registry can be pulled; of any other registry nothing is known here. */
  canPull(call: Call, image: string): boolean {
    const parts = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)(?::(.+))?$/.exec(image);
    if (parts === null || parts[1] !== call.accountId) return true;
    const [, , region = "", repository = "", tag = "latest"] = parts;
    if (!this.isManaged(call, repository)) return true;
    return (
      this.regions
        .of({ ...call, region })
        .repositories.get(repository)
        ?.imageTags.has(tag) === true
    );
  }

  private isManaged({ accountId }: Call, repository: string): boolean {
    return [...this.regions.all()].some(
      (each) => each.accountId === accountId && each.state.repositories.has(repository),
    );
  }

  private destinations(call: Call, repository: string): string[] {
    const rules = this.regions
      .of(call)
      .rules.filter(
        ({ repositoryFilters = [] }) =>
          repositoryFilters.length === 0 || repositoryFilters.some(({ filter = "" }) => repository.startsWith(filter)),
      );
    return rules.flatMap(({ destinations = [] }) =>
      destinations.filter(({ registryId }) => registryId === call.accountId).map(({ region = "" }) => region),
    );
  }

  private make(call: Call, input: sdk.CreateRepositoryCommandInput): RepositoryState {
    const name = input.repositoryName ?? "";
    const repository = {
      arn: `arn:aws:ecr:${call.region}:${call.accountId}:repository/${name}`,
      createdMs: this.world.clock.now(),
      input: { ...input },
      imageTags: new Set<string>(),
    };
    this.regions.of(call).repositories.set(name, repository);
    return repository;
  }

  private repository(call: Call, name: string): RepositoryState {
    const repository = this.regions.of(call).repositories.get(name);
    if (repository !== undefined) return repository;
    throw new AwsError(
      "RepositoryNotFoundException",
      `The repository with name '${name}' does not exist in the registry with id '${call.accountId}'`,
    );
  }

  async batchGetImage(
    call: Call,
    input: sdk.BatchGetImageCommandInput,
  ): Promise<Answer<sdk.BatchGetImageCommandOutput>> {
    const { found, missing } = this.look(call, input.registryId, input.repositoryName, input.imageIds);
    return {
      images: found.map(({ imageTag, imageDigest }) => ({
        registryId: input.registryId ?? call.accountId,
        repositoryName: input.repositoryName,
        imageId: { imageTag, imageDigest: imageDigest ?? digestOf(`${input.repositoryName}:${imageTag}`) },
        imageManifest: "{}",
      })),
      failures: missing.map((imageId) => ({
        imageId,
        failureCode: "ImageNotFound",
        failureReason: "Requested image not found",
      })),
    };
  }

  async describeImages(
    call: Call,
    input: sdk.DescribeImagesCommandInput,
  ): Promise<Answer<sdk.DescribeImagesCommandOutput>> {
    const { found, missing } = this.look(call, input.registryId, input.repositoryName, input.imageIds);
    const [first] = missing;
    if (first !== undefined) {
      throw new AwsError(
        "ImageNotFoundException",
        `The image with imageId ${JSON.stringify(first)} does not exist within the repository with name '${input.repositoryName}'`,
      );
    }
    return {
      imageDetails: found.map(({ imageTag, imageDigest }) => ({
        registryId: input.registryId ?? call.accountId,
        repositoryName: input.repositoryName,
        imageDigest: imageDigest ?? digestOf(`${input.repositoryName}:${imageTag}`),
        ...(imageTag === undefined ? {} : { imageTags: [imageTag] }),
      })),
    };
  }

  private look(
    call: Call,
    registryId = call.accountId,
    repository = "",
    ids: readonly sdk.ImageIdentifier[] = [],
  ): { readonly found: sdk.ImageIdentifier[]; readonly missing: sdk.ImageIdentifier[] } {
    const { account, containers } = this.world;
    if (registryId === call.accountId && this.isManaged(call, repository)) {
      const { imageTags } = this.repository(call, repository);
      const isThere = ({ imageTag }: sdk.ImageIdentifier): boolean => imageTags.has(imageTag ?? "latest");
      return { found: ids.filter(isThere), missing: ids.filter((id) => !isThere(id)) };
    }
    const uri = `${registryId}.dkr.ecr.${call.region}.amazonaws.com/${repository}`;
    if (account.isImageMissing(call.region, repository) || !containers.knows(`${uri}:any`)) {
      throw new AwsError(
        "RepositoryNotFoundException",
        `The repository with name '${repository}' does not exist in the registry with id '${registryId}'`,
      );
    }
    const isMissing = ({ imageTag }: sdk.ImageIdentifier): boolean =>
      imageTag !== undefined && account.isImageMissing(call.region, `${repository}:${imageTag}`);
    return { found: ids.filter((id) => !isMissing(id)), missing: ids.filter(isMissing) };
  }
}

function shown({ accountId, region }: Call, { arn, createdMs, input }: RepositoryState): sdk.Repository {
  return {
    repositoryArn: arn,
    registryId: accountId,
    repositoryName: input.repositoryName,
    repositoryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com/${input.repositoryName}`,
    createdAt: new Date(createdMs),
    imageTagMutability: input.imageTagMutability ?? "MUTABLE",
    imageScanningConfiguration: { scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false },
    encryptionConfiguration: input.encryptionConfiguration ?? { encryptionType: "AES256" },
  };
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
