import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UsageError } from "../contract/errors";

/** Far beyond the second it takes, for machines that are busy with much else. */
const startMs = 60_000;

export interface PackRunner {
  readonly pid: number | undefined;
  /** Where the pack listens. @throws UsageError ASY-404 when it does not start */
  readonly port: Promise<string>;
  /** What it has written to standard error, line by line. */
  readonly said: readonly string[];
}

/**
 * Starts a policy pack in a process of its own, as an engine does. It knows nothing of Pulumi or gRPC, so it can be the
 * first thing that a process does.
 *
 * @param projectFolder the folder of Pulumi.yaml; the pack lies in its `policies`
 * @param signal ends the process, whether it has started or not
 */
export function startPackRunner(projectFolder: string, signal: AbortSignal): PackRunner {
  const child = spawn(process.execPath, [join(__dirname, "../policies/run-pack.js")], {
    cwd: join(projectFolder, "policies"),
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PULUMI_ROOT_DIRECTORY: projectFolder, ASYNC_FLEET_PROJECT: projectFolder },
  });
  // By force: a rule that computes for ever hears nothing else, and the process has nothing to put away.
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  // It would outlive this process: it does not look after its parent.
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
  const port = portOf(child, said);
  port.catch(kill);
  return { pid: child.pid, port, said };
}

/** Something the pack did not do, with its own first lines. */
export function packProblem(got: string, expected: string, said: readonly string[]): UsageError {
  return new UsageError({
    code: "ASY-404",
    at: "policies/",
    got: [got, ...said.slice(0, 5)].join("\n            "),
    expected,
  });
}

function portOf(child: ChildProcess, said: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (got: string): void => reject(packProblem(got, "a policy pack that starts", said));
    const timer = setTimeout(() => failed(`nothing within ${startMs / 1000} seconds`), startMs);
    child.stdout?.once("data", (chunk: Buffer) => {
      clearTimeout(timer);
      resolve(chunk.toString().trim());
    });
    child.once("error", (cause) => {
      clearTimeout(timer);
      failed(cause.message);
    });
    // Its streams are read to the end first: why it ended stands there.
    child.once("close", (code) => {
      clearTimeout(timer);
      failed(`it ended with exit code ${code}`);
    });
  });
}
