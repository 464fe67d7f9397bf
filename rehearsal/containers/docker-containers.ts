import { UsageError } from "../../contract/errors";
import { type Container, type ContainerRuntime, type ContainerSpec, closingGraceMs, graceMsDefault } from "./container";
import { DockerCli } from "./docker-cli";
import { DockerContainer } from "./docker-container";
import { DockerLeftovers, ownerLabel } from "./docker-leftovers";
import { platformEnvironment } from "./environment";
import { LocalImages } from "./local-images";
import { ProcessTable } from "./process-table";
import { Watchdog } from "./watchdog";

export interface DockerOptions {
  /** Docker's program, or one that takes the same commands. @default docker */
  readonly program?: string;
  /** Wall-clock time between SIGTERM and SIGKILL. @default 30 seconds */
  readonly graceMs?: number;
}

/** How long docker has to answer the first question. */
const firstAnswerMs = 10_000;

/**
 * Containers that docker runs from the images it has on this machine: each with the memory of its instance type, its
 * model read-only at `/opt/ml/model`, its port 8080 published on loopback alone, and no way out of its network.
 *
 * Packets of the network are not translated to this machine's address, so that no answer from elsewhere comes back; names
 * are not resolved, and containers do not reach one another.
 */
export class DockerContainers implements ContainerRuntime {
  private readonly running = new Set<DockerContainer>();
  private readonly images: LocalImages;
  private readonly processes = new ProcessTable();
  private readonly watchdog: Watchdog;
  private readonly owner = ownerLabel();
  private readonly networkName = `async-fleet-${process.pid}-${Date.now().toString(36)}`;
  private network: Promise<unknown> | undefined;
  private closed = false;
  private readonly onExit = (): void => {
    const ids = [...this.running].map(({ id }) => id);
    if (ids.length > 0) this.docker.runDetached(["rm", "--force", "--volumes", ...ids]);
  };

  private constructor(
    private readonly docker: DockerCli,
    private readonly graceMs: number,
  ) {
    this.images = new LocalImages(docker);
    this.watchdog = new Watchdog("", docker.program);
    process.once("exit", this.onExit);
  }

  /**
   * Asks docker whether it runs, and removes what rehearsals have left behind whose process is gone.
   *
   * @throws UsageError ASY-546 when docker does not answer
   */
  static async open({ program, graceMs = graceMsDefault }: DockerOptions = {}): Promise<DockerContainers> {
    const docker = new DockerCli(program);
    try {
      await docker.run(["version", "--format", "{{.Server.Version}}"], firstAnswerMs);
      await new DockerLeftovers(docker).sweep();
    } catch (cause) {
      throw new UsageError({
        code: "ASY-546",
        at: "docker",
        got: (cause as Error).message,
        expected: "an answer to `docker version`",
      });
    }
    return new DockerContainers(docker, graceMs);
  }

  knows(image: string): boolean {
    try {
      return this.images.find(image) !== undefined;
    } catch (cause) {
      process.emitWarning(`docker does not tell its images: ${(cause as Error).message}`);
      return false;
    }
  }

  async start(spec: ContainerSpec): Promise<Container> {
    const image = this.images.find(spec.image);
    if (image === undefined) throw new Error(`docker has no image ${spec.image} on this machine`);
    this.network ??= this.docker.run([
      ...["network", "create", "--driver", "bridge", "--label", this.owner],
      ...["--opt", "com.docker.network.bridge.enable_ip_masquerade=false"],
      ...["--opt", "com.docker.network.bridge.enable_icc=false"],
      this.networkName,
    ]);
    await this.network;
    if (this.closed) throw new Error("the rehearsal ends");
    const id = await this.docker.run(this.createArgs(spec, image));
    this.watchdog.watch(`docker:${id}`);
    const container = new DockerContainer(id, this.docker, this.processes, this.graceMs);
    this.running.add(container);
    void container.exited.then(() => {
      this.running.delete(container);
      this.watchdog.forget(`docker:${id}`);
    });
    await container.start(spec.onLine);
    // One that was created while everything ended was not among those that were stopped.
    if (this.closed) await container.stop(0);
    return container;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.running].map((container) => container.stop(closingGraceMs)));
    await this.network?.then(
      () => this.docker.run(["network", "rm", this.networkName]).catch(() => undefined),
      () => undefined,
    );
    await this.watchdog.close();
    process.off("exit", this.onExit);
  }

  private createArgs(spec: ContainerSpec, image: string): string[] {
    const { instanceId, environment, modelFolder, memoryBytes } = spec;
    const variables = { ...environment, ...platformEnvironment(spec) };
    return [
      ...["create", "--pull", "never", "--label", this.owner, "--label", `async-fleet.instance=${instanceId}`],
      ...["--network", this.networkName, "--dns", "127.0.0.1", "--publish", "127.0.0.1::8080"],
      ...["--security-opt", "no-new-privileges", "--stop-signal", "SIGTERM", "--log-driver", "json-file"],
      ...(memoryBytes === undefined ? [] : ["--memory", String(memoryBytes), "--memory-swap", String(memoryBytes)]),
      ...(modelFolder === undefined
        ? []
        : ["--mount", `type=bind,source=${modelFolder},target=/opt/ml/model,readonly`]),
      ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      image,
      "serve",
    ];
  }
}
