import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import {
  type Container,
  type ContainerRuntime,
  type ContainerSpec,
  closingGraceMs,
  type Exit,
  graceMsDefault,
  type InvocationReply,
  type InvocationRequest,
  type Usage,
} from "./container";
import { platformEnvironment } from "./environment";
import { HttpDoor } from "./http-door";
import type { Image, ImageStore } from "./images";
import { ProcessTable } from "./process-table";
import { Watchdog } from "./watchdog";

/**
 * Containers as child processes of this one: each in its own process group, listening on loopback, with an environment
 * of its own that holds nothing of the parent's. They are not bounded in memory, processors or network, and they end
 * when this process does, however it ends.
 */
export class ChildContainers implements ContainerRuntime {
  private readonly running = new Set<ChildContainer>();
  private readonly processes = new ProcessTable();
  /** Holds the home of each container. */
  private folder: string | undefined;
  private watchdog: Watchdog | undefined;
  private closed = false;
  private readonly onExit = (): void => {
    for (const container of this.running) container.kill();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  };

  /**
   * @param graceMs wall-clock time between SIGTERM and SIGKILL @default 30 seconds
   * @param closingMs the same, when everything ends @default 2 seconds
   */
  constructor(
    private readonly images: ImageStore,
    private readonly graceMs = graceMsDefault,
    private readonly closingMs = closingGraceMs,
  ) {
    process.once("exit", this.onExit);
  }

  knows(image: string): boolean {
    return this.images.find(image) !== undefined;
  }

  async start(spec: ContainerSpec): Promise<Container> {
    const image = this.images.find(spec.image);
    if (image === undefined) throw new Error(`no image ${spec.image}`);
    const port = await freePort();
    if (this.closed) throw new Error("the rehearsal ends");
    this.folder ??= mkdtempSync(join(tmpdir(), "async-fleet-containers-"));
    this.watchdog ??= new Watchdog(this.folder);
    const { watchdog } = this;
    const container = new ChildContainer(
      spec,
      image,
      { port, home: mkdtempSync(join(this.folder, `${spec.instanceId}-`)) },
      this.processes,
      this.graceMs,
    );
    const group = String(container.pid);
    if (container.pid !== undefined) watchdog.watch(group);
    this.running.add(container);
    void container.exited.then(() => {
      this.running.delete(container);
      watchdog.forget(group);
    });
    await container.spawned;
    return container;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.running].map((container) => container.stop(this.closingMs)));
    if (this.folder !== undefined) await rm(this.folder, { recursive: true, force: true });
    await this.watchdog?.close();
    process.off("exit", this.onExit);
  }
}

class ChildContainer implements Container {
  readonly exited: Promise<Exit>;
  readonly spawned: Promise<void>;
  private readonly child: ChildProcess;
  private readonly door: HttpDoor;

  constructor(
    spec: ContainerSpec,
    image: Image,
    private readonly place: { readonly port: number; readonly home: string },
    private readonly processes: ProcessTable,
    private readonly graceMs: number,
  ) {
    const { port, home } = place;
    this.door = new HttpDoor(port);
    const [program = "", ...args] = image.command;
    this.child = spawn(program, [...args, "serve"], {
      cwd: image.folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...spec.environment,
        ...platformEnvironment(spec),
        PATH: process.env.PATH ?? "",
        HOME: home,
        LANG: "C.UTF-8",
        SAGEMAKER_BIND_TO_PORT: String(port),
        ASYNC_FLEET_BIND_HOST: "127.0.0.1",
        // AWS's own toolkits look below the one, the examples at the other: a child has no /opt/ml.
        ...(spec.modelFolder === undefined
          ? {}
          : { SAGEMAKER_BASE_DIR: dirname(spec.modelFolder), SM_MODEL_DIR: spec.modelFolder }),
      },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on("line", spec.onLine);
    }
    this.spawned = new Promise((resolve, reject) => {
      this.child.once("spawn", resolve);
      this.child.once("error", reject);
    });
    this.exited = new Promise((resolve) => {
      const gone = (exit: Exit): void => {
        this.door.close();
        // What it has started and left behind goes with it, as all processes of a container do.
        this.signal("SIGKILL");
        rmSync(this.place.home, { recursive: true, force: true });
        resolve(exit);
      };
      this.child.once("exit", (code, signal) => gone({ code, signal }));
      this.child.once("error", () => gone({ code: null, signal: null }));
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  ping(signal: AbortSignal): Promise<number> {
    return this.door.ping(signal);
  }

  invoke(request: InvocationRequest): Promise<InvocationReply> {
    return this.door.invoke(request);
  }

  async usage(): Promise<Usage | undefined> {
    return this.ended || this.pid === undefined ? undefined : this.processes.usageOf(this.pid);
  }

  async stop(graceMs = this.graceMs): Promise<void> {
    if (this.ended) return;
    this.signal("SIGTERM");
    const deadline = setTimeout(() => this.signal("SIGKILL"), graceMs);
    await this.exited;
    clearTimeout(deadline);
  }

  /** At once, for when this process ends. */
  kill(): void {
    this.signal("SIGKILL");
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // Gone already.
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
