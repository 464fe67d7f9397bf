import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../contract/errors";

/** The clone's own folder: where Pulumi.yaml lies. */
export const rootDir = resolve(__dirname, "..");

/**
 * Folders whose `container.json` describes an image: every example that has one, and those named by the caller.
 *
 * @throws UsageError ASY-601 when a named folder has none
 */
export async function imageFolders(named: readonly string[] = []): Promise<string[]> {
  const examples = join(rootDir, "examples");
  const found: string[] = [];
  for (const entry of await readdir(examples, { withFileTypes: true })) {
    if (entry.isDirectory() && (await hasContainer(join(examples, entry.name)))) found.push(join(examples, entry.name));
  }
  for (const folder of named) {
    if (!(await hasContainer(folder))) {
      throw new UsageError({
        code: "ASY-601",
        at: `--images ${folder}`,
        got: "no container.json in it",
        expected:
          'a folder with a container.json such as {"repository": "team/model", "command": ["node", "server.js"]}',
      });
    }
    found.push(resolve(folder));
  }
  return found;
}

async function hasContainer(folder: string): Promise<boolean> {
  return stat(join(folder, "container.json")).then(
    (found) => found.isFile(),
    () => false,
  );
}
