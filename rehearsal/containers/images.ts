import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Problem, UsageError } from "../../contract/errors";
import { partsOf } from "./image-uri";

/** An image that can be pulled: a folder, and the command that serves it. */
export interface Image {
  /** What stands between the registry's host and the tag, e.g. `async-fleet-examples/digits`. */
  readonly repository: string;
  /** Program and arguments; `serve` is added, as SageMaker adds it. */
  readonly command: readonly string[];
  readonly folder: string;
}

/** The registry of a rehearsal: images by repository. Every tag of a repository is the same image. */
export class ImageStore {
  private readonly images = new Map<string, Image>();
  private echoes = false;

  /**
   * Reads the `container.json` of each folder.
   *
   * @throws UsageError ASY-501 with every file that is wrong
   */
  static async fromFolders(folders: readonly string[]): Promise<ImageStore> {
    const store = new ImageStore();
    const problems: Problem[] = [];
    for (const folder of folders) {
      const file = join(folder, "container.json");
      const wrong = (got: string): void =>
        void problems.push({
          code: "ASY-501",
          at: file,
          got,
          expected: '{"repository": "team/model", "command": ["node", "server.js"]}',
        });
      try {
        const { repository, command } = JSON.parse(await readFile(file, "utf8")) as Partial<Image>;
        if (typeof repository !== "string" || !/^[a-z0-9]+([._/-][a-z0-9]+)*$/.test(repository))
          wrong(`repository ${JSON.stringify(repository)}`);
        else if (
          !Array.isArray(command) ||
          command.length === 0 ||
          !command.every((part) => typeof part === "string" && part !== "")
        ) {
          wrong(`command ${JSON.stringify(command)}`);
        } else store.add({ repository, command, folder: resolve(folder) });
      } catch (cause) {
        wrong((cause as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : (cause as Error).message);
      }
    }
    if (problems.length > 0) throw new UsageError(problems);
    return store;
  }

  add(image: Image): void {
    this.images.set(image.repository, image);
  }

  /**
   * Serves an image by a command of a shell, in this process's folder.
   *
   * @param uri the image as a model names it, or its repository alone
   */
  addCommand(uri: string, command: string): void {
    const repository = partsOf(uri).path;
    this.add({ repository, command: ["sh", "-c", `exec ${command} "$@"`, "sh"], folder: process.cwd() });
  }

  /** From now on, an image that nothing is known of sends back what it is sent. */
  echoOthers(): void {
    this.echoes = true;
  }

  /** The image a URI names, e.g. `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1`. */
  find(uri: string): Image | undefined {
    const repository = partsOf(uri).path;
    const known = this.images.get(repository);
    if (known !== undefined || !this.echoes || repository === "") return known;
    const folder = join(__dirname, "echo");
    return { repository, command: [process.execPath, join(folder, "server.js")], folder };
  }
}
