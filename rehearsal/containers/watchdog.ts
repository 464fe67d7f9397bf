import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";

/**
 * Reads the latest line of what lives until its pipe breaks, and then ends all that: a process group by its number, a
 * container of docker as `docker:<id>`. The folder that is its first argument goes too; the second is docker's program.
 */
const script = `
trap '' HUP INT TERM
alive=
while read -r line; do alive=$line; done
for each in $alive; do
  case $each in
    docker:*) "$2" rm --force --volumes "\${each#docker:}" ;;
    *) kill -s KILL -- "-$each" ;;
  esac
done
if test -n "$1"; then rm -rf -- "$1"; fi
`;

/**
 * Ends what this process has started when this process ends without having done so, by whatever signal: a shell in a
 * session of its own that waits for the end of a pipe only this process holds. It is started with the first thing it
 * has to know of.
 */
export class Watchdog {
  private readonly alive = new Set<string>();
  private shell: ChildProcess | undefined;

  /**
   * @param folder removed at the end @default - nothing is
   * @param docker the program that ends containers of docker @default docker
   */
  constructor(
    private readonly folder = "",
    private readonly docker = "docker",
  ) {}

  /** @param what a process group's number, or `docker:<id>` */
  watch(what: string): void {
    this.alive.add(what);
    this.tell();
  }

  forget(what: string): void {
    if (this.alive.delete(what)) this.tell();
  }

  /** Resolves when the shell is gone, and has ended whatever it still knew of. */
  async close(): Promise<void> {
    const { shell } = this;
    if (shell?.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
    const gone = once(shell, "exit");
    // Somebody waits for it now, who may be the last that keeps this process.
    shell.ref();
    shell.stdin?.end();
    await gone;
  }

  private tell(): void {
    if (this.shell === undefined) {
      const shell = spawn("sh", ["-c", script, "watchdog", this.folder, this.docker], {
        detached: true,
        stdio: ["pipe", "ignore", "ignore"],
      });
      // Whoever ends it takes this guard away, and nothing else.
      shell.on("error", () => undefined);
      shell.stdin.on("error", () => undefined);
      shell.unref();
      (shell.stdin as Socket).unref();
      this.shell = shell;
    }
    this.shell.stdin?.write(`${[...this.alive].join(" ")}\n`);
  }
}
