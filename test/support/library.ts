import { execFile } from "node:child_process";
import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const rootDir = resolve(__dirname, "../..");

/**
 * A copy of an example as its user has it: the library installed from the package that would be published, every other
 * package linked.
 */
export async function installedExample(example: string, folder: string): Promise<string> {
  const project = join(folder, example);
  const packages = join(project, "node_modules");
  await cp(join(rootDir, "examples", example), project, { recursive: true });
  await mkdir(packages);
  for (const name of await readdir(join(rootDir, "node_modules"))) {
    if (!name.startsWith(".")) await symlink(join(rootDir, "node_modules", name), join(packages, name));
  }
  const packed = await packLibrary(folder);
  await run("tar", ["-xzf", packed, "-C", folder]);
  await cp(join(folder, "package"), join(packages, "async-fleet"), { recursive: true });
  return project;
}

/** `npm pack`, built in a copy so that nothing is written to the tree. */
async function packLibrary(folder: string): Promise<string> {
  const copy = join(folder, "to-pack");
  await mkdir(copy);
  for (const name of ["package.json", "tsconfig.json", "tsconfig.library.json", "client", "components", "contract"]) {
    await cp(join(rootDir, name), join(copy, name), { recursive: true });
  }
  await symlink(join(rootDir, "node_modules"), join(copy, "node_modules"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: copy });
  // The build's own lines stand before npm's answer.
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [{ filename: string }];
  return join(folder, filename);
}
