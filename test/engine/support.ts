import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Engine, findEngine } from "../../rehearsal/engine/find-engine";
import { RehearsalStack } from "../../rehearsal/engine/rehearsal-stack";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { program } from "../../stacks/program";

export const rootDir = resolve(__dirname, "../..");
export const launcher = join(rootDir, "policies/launcher");

let found: Promise<Engine> | undefined;

/** The engine every engine test uses; built once when there is none. Fails, and does not skip, when none can be had. */
export function engine(): Promise<Engine> {
  found ??= findEngine({ progress: () => {}, signal: new AbortController().signal }).then(({ engine: it, tried }) => {
    if (it === undefined) throw new Error(`no engine: ${tried.join(", ")}`);
    return it;
  });
  return found;
}

/** Building an engine takes minutes, once. */
export const engineTimeoutMs = 25 * 60_000;

export interface Deployment {
  readonly rehearsal: Rehearsal;
  readonly stack: RehearsalStack;
  readonly folder: string;
  close(): Promise<void>;
}

/** Stack `dev` on the real engine and a rehearsal of its own. */
export async function deployment(): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), "engine-test-"));
  const rehearsal = await startRehearsal({ imageFolders: [join(rootDir, "examples/digits")] });
  const stack = await RehearsalStack.open({
    engine: await engine(),
    providerPort: rehearsal.providerPort,
    stack: "dev",
    rootDir,
    folder,
    program: () => program({ rootDir }),
    policyPack: launcher,
  });
  return {
    rehearsal,
    stack,
    folder,
    close: async () => {
      await rehearsal.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A copy of the project that an engine may write to, its packages linked. */
export async function copyOfProject(folder: string, name = "project"): Promise<string> {
  const copy = join(folder, name);
  await mkdir(copy, { recursive: true });
  for (const part of [
    "Pulumi.yaml",
    "index.ts",
    "package.json",
    "tsconfig.json",
    "tsconfig.pulumi.json",
    "components",
    "contract",
    "stacks",
    "examples",
  ]) {
    await cp(join(rootDir, part), join(copy, part), { recursive: true });
  }
  await symlink(join(rootDir, "node_modules"), join(copy, "node_modules"));
  return copy;
}
