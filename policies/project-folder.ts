import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a process that starts the pack sets when it knows the project. */
const projectVariable = "ASYNC_FLEET_PROJECT";

/**
 * The folder that paths in the pack's configuration are relative to: the nearest one with a Pulumi.yaml, from where
 * `ASYNC_FLEET_PROJECT` says, else from where the pack lies, be that in the project itself or in its `node_modules`.
 *
 * @param packFolder the pack's own folder
 * @param hasProject whether a folder holds a project
 */
export function projectFolder(
  env: Environment,
  packFolder: string,
  hasProject: (folder: string) => boolean = (folder) => existsSync(join(folder, "Pulumi.yaml")),
): string {
  // What an installed package brings along is not the project that installed it.
  const from = env[projectVariable] || packFolder.split(/[\\/]node_modules(?=[\\/])/)[0] || packFolder;
  for (let folder = from; ; folder = dirname(folder)) {
    if (hasProject(folder)) return folder;
    if (dirname(folder) === folder) return from;
  }
}
