import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { arch, homedir, platform } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../../contract/errors";
import { buildEngine } from "./build-engine";
import { installRelease } from "./install-release";
import { compareVersions, oldestGo, oldestUsable, pinnedVersion } from "./version";

export interface Engine {
  /** The `pulumi` program. */
  readonly path: string;
  /** e.g. `3.259.0` */
  readonly version: string;
  readonly source: "PULUMI" | "PATH" | "cache" | "release" | "built";
}

/** What was tried and what came of it, in order. */
export interface Search {
  readonly engine: Engine | undefined;
  readonly tried: readonly string[];
}

/** What the search asks of the machine; tests give their own. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The output of `program args`, or undefined when it cannot be run. */
  readonly run: (program: string, args: readonly string[]) => Promise<string | undefined>;
  readonly isExecutable: (path: string) => Promise<boolean>;
  /** Puts the official release of `version` at `target`; throws when it cannot be had. */
  readonly install: (version: string, target: string, signal: AbortSignal) => Promise<void>;
  /** Builds the engine of `version` at `target`. */
  readonly build: (
    version: string,
    target: string,
    progress: (text: string) => void,
    signal: AbortSignal,
  ) => Promise<void>;
}

export interface FindOptions {
  /** Told what is being done whenever it takes long. */
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
  /** @default - this machine */
  readonly machine?: Machine;
}

/**
 * Finds a Pulumi engine, or makes one: PULUMI, PATH, the cache, the official release, a build from source.
 *
 * @throws UsageError ASY-701 when PULUMI names something that is no usable engine; ASY-703 when a build fails
 */
export async function findEngine(options: FindOptions): Promise<Search> {
  const machine = options.machine ?? thisMachine;
  const tried: string[] = [];
  const named = machine.env.PULUMI;
  if (named !== undefined && named !== "") return { engine: await fromEnvironment(machine, named), tried };

  for (const folder of (machine.env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
    const path = join(folder, "pulumi");
    if (!(await machine.isExecutable(path))) continue;
    const version = await versionOf(machine, path);
    if (version !== undefined && compareVersions(version, oldestUsable) >= 0)
      return { engine: { path, version, source: "PATH" }, tried };
    tried.push(`${path} is ${version ?? "not a Pulumi engine"}, older than ${oldestUsable}`);
    break;
  }
  if (tried.length === 0) tried.push("no pulumi on PATH");

  const version = pinnedVersion();
  const path = join(cacheFolder(machine.env), `pulumi-${version}-${platform()}-${arch()}`, "pulumi");
  if ((await versionOf(machine, path)) !== undefined) return { engine: { path, version, source: "cache" }, tried };
  tried.push("none in the cache");

  try {
    options.progress(`Looking for the official release of Pulumi ${version}`);
    await machine.install(version, path, options.signal);
    if ((await versionOf(machine, path)) !== undefined) return { engine: { path, version, source: "release" }, tried };
    tried.push("the official release did not run");
  } catch (cause) {
    options.signal.throwIfAborted();
    tried.push(`the official release cannot be had (${(cause as Error).message})`);
  }

  const go = /go(\d+\.\d+(?:\.\d+)?)/.exec((await machine.run("go", ["version"])) ?? "")?.[1];
  if (go === undefined || compareVersions(go, oldestGo) < 0) {
    tried.push(go === undefined ? "no Go to build one" : `Go ${go} is older than ${oldestGo}`);
    return { engine: undefined, tried };
  }
  await machine.build(version, path, options.progress, options.signal);
  return { engine: { path, version, source: "built" }, tried };
}

/** Where built and downloaded engines are kept: outside the repository, per user. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (env.ASYNC_FLEET_CACHE) return env.ASYNC_FLEET_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "async-fleet", "engine");
}

async function fromEnvironment(machine: Machine, path: string): Promise<Engine> {
  const version = await versionOf(machine, path);
  if (version === undefined || compareVersions(version, oldestUsable) < 0) {
    throw new UsageError({
      code: "ASY-701",
      at: "environment variable PULUMI",
      got: version === undefined ? `${path}, which does not answer \`version\`` : `${path}, version ${version}`,
      expected: `a Pulumi program of version ${oldestUsable} or newer`,
    });
  }
  return { path, version, source: "PULUMI" };
}

async function versionOf(machine: Machine, path: string): Promise<string | undefined> {
  return /^v?(\d+\.\d+\.\d+\S*)\s*$/m.exec((await machine.run(path, ["version"])) ?? "")?.[1];
}

const thisMachine: Machine = {
  env: process.env,
  run: async (program, args) => {
    try {
      const { stdout } = await promisify(execFile)(program, [...args], {
        timeout: 20_000,
        env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      });
      return stdout;
    } catch {
      return undefined;
    }
  },
  isExecutable: (path) =>
    access(path, constants.X_OK).then(
      () => true,
      () => false,
    ),
  install: installRelease,
  build: buildEngine,
};
