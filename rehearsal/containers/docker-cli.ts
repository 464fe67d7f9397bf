import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { promisify } from "node:util";

/** Longest answer that is read: the list of images of a machine with thousands of them. */
const answerBytesMax = 64 * 1024 * 1024;

/** Docker's own program, called with lists of arguments and never through a shell. */
export class DockerCli {
  /** @param program name or path @default docker */
  constructor(readonly program = "docker") {}

  /** What it printed, without the last line's end. @throws Error with docker's own words */
  async run(args: readonly string[], timeoutMs?: number): Promise<string> {
    try {
      const { stdout } = await promisify(execFile)(this.program, args, {
        maxBuffer: answerBytesMax,
        ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      });
      return stdout.trimEnd();
    } catch (cause) {
      throw new Error(saidBy(cause), { cause });
    }
  }

  /** For questions that must be answered before anything else happens. @throws Error with docker's own words */
  runSync(args: readonly string[]): string {
    try {
      return execFileSync(this.program, args, {
        encoding: "utf8",
        maxBuffer: answerBytesMax,
        stdio: ["ignore", "pipe", "pipe"],
      }).trimEnd();
    } catch (cause) {
      throw new Error(saidBy(cause), { cause });
    }
  }

  /** Started and left to itself, so that it outlives this process. */
  runDetached(args: readonly string[]): void {
    const child = spawn(this.program, args, { detached: true, stdio: "ignore" });
    child.on("error", () => undefined);
    child.unref();
  }

  /** What it prints is the caller's to read, as it comes. */
  follow(args: readonly string[]): ChildProcess {
    return spawn(this.program, args, { stdio: ["ignore", "pipe", "pipe"] });
  }
}

function saidBy(cause: unknown): string {
  const { stderr, code, killed, message } = cause as Error & { stderr?: string; code?: string; killed?: boolean };
  if (code === "ENOENT") return "there is no docker program here";
  if (killed === true) return "docker does not answer";
  const [line] = (stderr ?? "").trim().split("\n").slice(-1);
  return line === undefined || line === "" ? message : line;
}
