import type { DockerCli } from "./docker-cli";
import { partsOf } from "./image-uri";

interface LocalImage {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** How old docker's list may be: a deployment asks for the same image in every region. */
const maxAgeMs = 1000;

/**
 * The images that docker has on this machine. Nothing is pulled: an image that is not here is one that cannot be had.
 *
 * A model's URI is looked for as it stands and without its registry, so that `team/model:1` as it was built here serves
 * `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1` in every region.
 */
export class LocalImages {
  private list: { readonly atMs: number; readonly images: readonly LocalImage[] } | undefined;

  constructor(private readonly docker: DockerCli) {}

  /**
   * What docker calls the image, or undefined. A digest that no image here carries stands for the newest image of its
   * repository, because an image has no digest before it has been pushed; the tag `any` does so too.
   *
   * @throws Error when docker does not answer
   */
  find(uri: string): string | undefined {
    const { registry, path, tag, digest } = partsOf(uri);
    const ours = this.images().filter(
      ({ repository }) => repository === path || (registry !== "" && repository === `${registry}/${path}`),
    );
    const exact = ours.find((image) => (digest === undefined ? image.tag === tag : image.digest === digest));
    const found = exact ?? (digest !== undefined || tag === "any" ? ours[0] : undefined);
    if (found === undefined) return undefined;
    return found.tag === "<none>" ? `${found.repository}@${found.digest}` : `${found.repository}:${found.tag}`;
  }

  private images(): readonly LocalImage[] {
    const nowMs = performance.now();
    if (this.list === undefined || nowMs - this.list.atMs > maxAgeMs) {
      // Docker lists the newest first.
      const text = this.docker.runSync([
        "image",
        "ls",
        "--digests",
        "--format",
        "{{.Repository}}\t{{.Tag}}\t{{.Digest}}",
      ]);
      const images = text.split("\n").flatMap((line) => {
        const [repository = "", tag = "", digest = ""] = line.split("\t");
        return repository === "" || repository === "<none>" ? [] : [{ repository, tag, digest }];
      });
      this.list = { atMs: nowMs, images };
    }
    return this.list.images;
  }
}
