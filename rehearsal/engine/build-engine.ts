import { spawn } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { lock } from "proper-lockfile";
import { UsageError } from "../../contract/errors";
import { toolFolder } from "./version";

const enginePackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
/** How many packages a cold build compiles, counted once for the pinned version: for the progress line only. */
const packagesAbout = 1900;
const lockStaleMs = 20_000;
const lockRetryMs = 1_000;

export interface BuildOptions {
  /** The compiler. @default "go" */
  readonly go?: string;
}

/**
 * Builds the engine from the Go modules that the repository pins, and puts it at `target` in one step: an interrupted
 * or failed build leaves nothing there. When two runs ask at once, one builds and the other waits for it.
 *
 * @throws UsageError ASY-703 with the compiler's last lines
 */
export async function buildEngine(
  version: string,
  target: string,
  progress: (text: string) => void,
  signal: AbortSignal,
  options: BuildOptions = {},
): Promise<void> {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true });
  const release = await takeTurn(folder, progress, signal);
  const half = `${target}.building-${process.pid}`;
  try {
    const built = await run(target, ["version"], {}, signal).then(
      () => true,
      () => false,
    );
    if (built) return;
    await compile(options.go ?? "go", version, half, progress, signal);
    await run(half, ["version"], {}, signal);
    await rename(half, target);
  } finally {
    await rm(half, { force: true });
    await release();
  }
}

/** One build at a time, whichever process asks; the lock of a process that died is taken over. */
async function takeTurn(
  folder: string,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const since = performance.now();
  for (;;) {
    signal.throwIfAborted();
    try {
      return await lock(folder, { stale: lockStaleMs, realpath: false });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ELOCKED") throw cause;
      progress(`Another run is building the Pulumi engine: waiting (${elapsed(since)})`);
      await new Promise((resolve) => setTimeout(resolve, lockRetryMs));
    }
  }
}

async function compile(
  go: string,
  version: string,
  target: string,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const since = performance.now();
  let compiled = 0;
  const tell = (): void =>
    progress(
      `Building the Pulumi engine ${version} from source, once (about 4 minutes on 2 cores): ${compiled} of about ${packagesAbout} packages, ${elapsed(since)}`,
    );
  tell();
  const timer = setInterval(tell, 1000);
  try {
    await run(
      go,
      [
        "build",
        "-C",
        toolFolder,
        "-v",
        "-mod=readonly",
        "-buildvcs=false",
        "-trimpath",
        "-tags",
        "osusergo",
        "-ldflags",
        `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`,
        "-o",
        target,
        enginePackage,
      ],
      { CGO_ENABLED: "0", GOFLAGS: "" },
      signal,
      () => {
        compiled++;
      },
    );
  } finally {
    clearInterval(timer);
  }
}

/** Runs a program in a process group of its own, which an abort ends whole. */
function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onLine: (line: string) => void = () => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, ...env },
    });
    const last: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      onLine(line);
      last.push(line);
      if (last.length > 15) last.shift();
    });
    const stop = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // Ended already.
      }
    };
    signal.addEventListener("abort", stop, { once: true });
    const done = (settle: () => void): void => {
      signal.removeEventListener("abort", stop);
      settle();
    };
    child.once("error", (cause) => done(() => reject(cause)));
    child.once("close", (code) =>
      done(() => {
        if (signal.aborted) reject(signal.reason);
        else if (code === 0) resolve();
        else reject(failed(`${program} ${args[0]}`, code, last));
      }),
    );
  });
}

function failed(command: string, code: number | null, last: readonly string[]): UsageError {
  return new UsageError({
    code: "ASY-703",
    at: command,
    got: `exit code ${code}\n${last.map((line) => `            ${line}`).join("\n")}`,
    expected: "a Pulumi engine",
  });
}

function elapsed(since: number): string {
  const seconds = Math.round((performance.now() - since) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
