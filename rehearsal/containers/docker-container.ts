import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Container, Exit, InvocationReply, InvocationRequest, Usage } from "./container";
import type { DockerCli } from "./docker-cli";
import { HttpDoor } from "./http-door";
import type { ProcessTable } from "./process-table";

/** One container that docker has made, from its start to its removal. */
export class DockerContainer implements Container {
  readonly exited: Promise<Exit>;
  private tellExit: (exit: Exit) => void = () => {};
  private over = false;
  private door: HttpDoor | undefined;
  private pid = 0;

  constructor(
    readonly id: string,
    private readonly docker: DockerCli,
    private readonly processes: ProcessTable,
    private readonly graceMs: number,
  ) {
    this.exited = new Promise((resolve) => {
      this.tellExit = resolve;
    });
  }

  /** @throws Error with docker's own words when it cannot be started; it is removed then */
  async start(onLine: (line: string) => void): Promise<void> {
    try {
      await this.docker.run(["start", this.id]);
      const found = await this.docker.run([
        ...["inspect", "--format", "{{.State.Pid}} {{json .NetworkSettings.Ports}}", this.id],
      ]);
      const [pid = "0", ports = "{}"] = found.split(/ (.*)/s);
      const published = (JSON.parse(ports) as Record<string, Array<{ HostPort: string }> | null> | null)?.["8080/tcp"];
      this.pid = Number(pid);
      // One that has ended already has no port any more, and refuses every connection.
      this.door = published?.[0] === undefined ? undefined : new HttpDoor(Number(published[0].HostPort));
    } catch (cause) {
      await this.leave({ code: null, signal: null });
      throw cause;
    }
    const logs = this.docker.follow(["logs", "--follow", this.id]);
    for (const stream of [logs.stdout, logs.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on("line", onLine);
    }
    const ended = new Promise<void>((resolve) => {
      logs.once("close", () => resolve());
      logs.once("error", () => resolve());
    });
    void ended.then(async () => {
      const code = await this.docker.run(["wait", this.id]).then(Number, () => null);
      await this.leave({ code, signal: null });
    });
  }

  async ping(signal: AbortSignal): Promise<number> {
    return this.open().ping(signal);
  }

  async invoke(request: InvocationRequest): Promise<InvocationReply> {
    return this.open().invoke(request);
  }

  /** The processes of a container are seen where docker runs on this machine's own kernel, and nowhere else. */
  async usage(): Promise<Usage | undefined> {
    return this.over || !isOf(this.id, this.pid) ? undefined : this.processes.usageOf(this.pid);
  }

  async stop(graceMs = this.graceMs): Promise<void> {
    if (this.over) return;
    await this.docker
      .run(["stop", "-t", String(Math.ceil(graceMs / 1000)), this.id])
      .catch(() => this.docker.run(["rm", "--force", this.id]))
      .catch(() => undefined);
    await this.exited;
  }

  private open(): HttpDoor {
    if (this.door === undefined) throw new Error("the container has ended");
    return this.door;
  }

  private async leave(exit: Exit): Promise<void> {
    this.over = true;
    this.door?.close();
    await this.docker.run(["rm", "--force", "--volumes", this.id]).catch(() => undefined);
    this.tellExit(exit);
  }
}

/** Whether a process of this machine belongs to a container: its control groups bear the container's id. */
function isOf(id: string, pid: number): boolean {
  try {
    return pid > 0 && readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(id);
  } catch {
    return false;
  }
}
