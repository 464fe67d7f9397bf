import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { dockerImages } from "./docker-contract";

/** The stand-in for docker's program, with the images of the contract, until it is closed. */
export class DockerStandIn {
  readonly program = resolve(__dirname, "../fixtures/docker/docker.js");

  private constructor(readonly folder: string) {}

  static async open(): Promise<DockerStandIn> {
    const standIn = new DockerStandIn(await mkdtemp(join(tmpdir(), "docker-stand-in-")));
    process.env.DOCKER_STAND_IN = standIn.folder;
    await mkdir(join(standIn.folder, "containers"));
    await mkdir(join(standIn.folder, "networks"));
    await standIn.has(dockerImages.map((name) => [`fixtures/${name}`, "1", "<none>"]));
    return standIn;
  }

  /** @param images repository, tag and digest of each image, as docker lists them */
  async has(images: ReadonlyArray<readonly [string, string, string]>): Promise<void> {
    await writeFile(join(this.folder, "images.txt"), images.map((image) => `${image.join("\t")}\n`).join(""));
  }

  /** From now on no daemon answers. */
  async goDown(): Promise<void> {
    await writeFile(join(this.folder, "down"), "");
  }

  /** Every call so far, as its arguments. */
  async calls(): Promise<string[][]> {
    const text = await readFile(join(this.folder, "calls.jsonl"), "utf8");
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);
  }

  async close(): Promise<void> {
    delete process.env.DOCKER_STAND_IN;
    await rm(this.folder, { recursive: true });
  }
}
