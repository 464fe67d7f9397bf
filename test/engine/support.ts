import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { type Engine, findEngine } from "../../rehearsal/engine/find-engine";
import { RehearsalStack } from "../../rehearsal/engine/rehearsal-stack";
import { startProvider } from "../../rehearsal/provider/server";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { whatServes } from "../../rehearsal/what-serves";
import { Clock } from "../../rehearsal/world/clock";
import { World } from "../../rehearsal/world/world";
import { program } from "../../stacks/program";
import type { FakeContainers } from "../support/fake-containers";

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

export interface DeploymentOptions {
  /** What is deployed. @default - the product's own program */
  readonly program?: (rehearsal: Rehearsal) => PulumiFn;
  /** @default - the digits example's */
  readonly imageFolders?: readonly string[];
  /** @default - the policy pack's launcher; false for none */
  readonly policies?: false;
}

/** Stack `dev` on the real engine and a rehearsal of its own. */
export async function deployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), "engine-test-"));
  const rehearsal = await startRehearsal({
    imageFolders: options.imageFolders ?? [join(rootDir, "examples/digits")],
  });
  const stack = await RehearsalStack.open({
    engine: await engine(),
    providerPort: rehearsal.providerPort,
    stack: "dev",
    rootDir,
    folder,
    program: options.program?.(rehearsal) ?? (() => program({ rootDir, askServed: whatServes(rehearsal.world) })),
    ...(options.policies === false ? {} : { policyPack: launcher }),
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

export interface PlayedDeployment {
  readonly world: World;
  readonly stack: RehearsalStack;
  close(): Promise<void>;
}

/** Stack `dev` on the real engine, in a world whose containers are played in this process. */
export async function playedDeployment(
  containers: FakeContainers,
  startMs: number,
  listeners: Readonly<Record<string, string>> = {},
): Promise<PlayedDeployment> {
  const folder = await mkdtemp(join(tmpdir(), "engine-test-"));
  const worldFolder = join(folder, "world");
  await mkdir(worldFolder);
  const clock = new Clock({ kind: "fast-forward" }, startMs);
  const world = new World({ clock, folder: worldFolder, containers, listeners });
  const provider = await startProvider(world);
  const stack = await RehearsalStack.open({
    engine: await engine(),
    providerPort: provider.port,
    stack: "dev",
    rootDir,
    folder,
    program: () => program({ rootDir }),
    policyPack: launcher,
  });
  return {
    world,
    stack,
    close: async () => {
      await provider.close();
      await world.close();
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
