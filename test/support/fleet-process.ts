import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const rootDir = resolve(__dirname, "../..");

/** What a finished `fleet` left: its exit code, its two streams, and what lies in its temporary folder. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly leftFiles: readonly string[];
}

/** `bin/fleet.js` as a person starts it: a process of its own, in a process group and a temporary folder of its own. */
export class FleetProcess {
  private stdout = "";
  private stderr = "";
  private readonly exited: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly temporary: string,
  ) {
    child.stdout?.on("data", (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.exited = new Promise((done) => void child.once("close", (code) => done(code)));
  }

  /**
   * @param input what comes on standard input
   * @param before what a shell does first, e.g. `ulimit -f 100` @default - no shell is between
   */
  static async start(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    input?: string | Buffer,
    before = "",
  ): Promise<FleetProcess> {
    const temporary = await mkdtemp(join(tmpdir(), "fleet-process-"));
    const own = [process.execPath, join(rootDir, "bin/fleet.js"), ...args];
    const [command = "", ...words] = before === "" ? own : ["bash", "-c", `${before}; exec "$@"`, "bash", ...own];
    const child = spawn(command, words, {
      cwd: rootDir,
      detached: true,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      env: { ...process.env, TMPDIR: temporary, ...env },
    });
    child.stdin?.end(input);
    return new FleetProcess(child, temporary);
  }

  /** Resolves as soon as either stream has said something that matches. @throws Error when it ends without */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((found, never) => {
      const look = (): void => {
        const match = pattern.exec(this.stdout + this.stderr);
        if (match !== null) found(match);
      };
      this.child.stdout?.on("data", look);
      this.child.stderr?.on("data", look);
      look();
      void this.exited.then((code) =>
        never(new Error(`exit ${code} without ${pattern}:\n${this.stdout}${this.stderr}`)),
      );
    });
  }

  /** Closes its standard output, as a reader does who has seen enough. */
  stopReading(): void {
    this.child.stdout?.destroy();
  }

  /** To the process alone, as a supervisor sends it. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** To the whole process group, as a terminal's Ctrl-C goes. */
  interrupt(): void {
    process.kill(-(this.child.pid ?? 0), "SIGINT");
  }

  /** Whether any process of its group lives. */
  get groupLives(): boolean {
    try {
      process.kill(-(this.child.pid ?? 0), 0);
      return true;
    } catch {
      return false;
    }
  }

  async finished(): Promise<Finished> {
    const code = await this.exited;
    // A compiler of a child process keeps its code cache there, as it does in everybody's temporary folder.
    const leftFiles = (await readdir(this.temporary)).filter((name) => !name.startsWith("v8-compile-cache-"));
    await rm(this.temporary, { recursive: true, force: true });
    return { code, stdout: this.stdout, stderr: this.stderr, leftFiles };
  }
}

/** Runs `fleet` to its end. */
export async function fleet(...args: readonly string[]): Promise<Finished> {
  return (await FleetProcess.start(args)).finished();
}

/** Runs `fleet` with nobody reading what it prints: the pipe is closed before it starts to write. */
export async function fleetIntoClosedPipe(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [join(rootDir, "bin/fleet.js"), ...args], {
    cwd: rootDir,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((done) => void child.once("close", done));
  return { code, stderr };
}
