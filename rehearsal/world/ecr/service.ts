import { createHash } from "node:crypto";
import type * as sdk from "@aws-sdk/client-ecr";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { World } from "../world";

/**
 * Elastic Container Registry: whether images can be pulled. An image that can run here is in every region's registry
 * under every tag, unless the account's conditions say that it is missing.
 */
export class Ecr {
  constructor(private readonly world: World) {}

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

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
