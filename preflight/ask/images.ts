import { BatchGetImageCommand, ECRClient } from "@aws-sdk/client-ecr";
import type { Answer } from "../verdict";
import { asked, isNamed } from "./asked";
import type { Asking } from "./asking";

/** Whether an image is there, and what of it is not. */
export type ImageState = { readonly there: true } | { readonly missing: string };

/**
 * Asks the registry for an image's manifest: the very right that pulling it needs, which AWS's own images grant to all.
 */
export async function askImage(asking: Asking, uri: string): Promise<Answer<ImageState>> {
  const parts =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]+))?$/.exec(uri);
  if (parts === null) return { unknown: `${uri} is in no registry of ECR's; only those can be asked` };
  const [, registryId, region = "", repositoryName, tag, imageDigest] = parts;
  const client = asking.client(ECRClient, region);
  const imageId = imageDigest === undefined ? { imageTag: tag ?? "latest" } : { imageDigest };
  return asked(asking.signal, async (): Promise<ImageState> => {
    try {
      const { images = [], failures = [] } = await client.send(
        new BatchGetImageCommand({ registryId, repositoryName, imageIds: [imageId] }),
        asking.call,
      );
      if (images.length > 0) return { there: true };
      return { missing: failures[0]?.failureReason ?? "the registry has no such image" };
    } catch (cause) {
      if (isNamed(cause, "RepositoryNotFoundException")) return { missing: `no repository ${repositoryName} there` };
      throw cause;
    }
  });
}
