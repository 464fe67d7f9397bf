import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import type { Container, ContainerRuntime, ContainerSpec, Exit, InvocationReply, InvocationRequest } from "./container";
import type { Image, ImageStore } from "./images";

/** SageMaker kills a container 30 seconds after it was asked to end (developer guide, your-algorithms-inference-code). */
const graceMsDefault = 30_000;

/**
 * Containers as child processes of this one: each in its own process group, listening on loopback, with an environment
 * of its own that holds nothing of the parent's. A rehearsal has no cgroups, so memory and processors are not bounded.
 */
export class ChildContainers implements ContainerRuntime {
  private readonly running = new Set<ChildContainer>();
  private readonly onExit = (): void => {
    for (const container of this.running) container.kill();
  };

  /** @param graceMs time between SIGTERM and SIGKILL @default 30 seconds */
  constructor(
    private readonly images: ImageStore,
    private readonly graceMs = graceMsDefault,
  ) {
    process.once("exit", this.onExit);
  }

  knows(image: string): boolean {
    return this.images.find(image) !== undefined;
  }

  async start(spec: ContainerSpec): Promise<Container> {
    const image = this.images.find(spec.image);
    if (image === undefined) throw new Error(`no image ${spec.image}`);
    const container = new ChildContainer(spec, image, await freePort(), this.graceMs);
    this.running.add(container);
    void container.exited.then(() => this.running.delete(container));
    await container.spawned;
    return container;
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((container) => container.stop()));
    process.off("exit", this.onExit);
  }
}

class ChildContainer implements Container {
  readonly exited: Promise<Exit>;
  readonly spawned: Promise<void>;
  private readonly child: ChildProcess;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly home = mkdtempSync(join(tmpdir(), "async-fleet-container-"));

  constructor(
    spec: ContainerSpec,
    image: Image,
    private readonly port: number,
    private readonly graceMs: number,
  ) {
    const [program = "", ...args] = image.command;
    this.child = spawn(program, [...args, "serve"], {
      cwd: image.folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...spec.environment,
        PATH: process.env.PATH ?? "",
        HOME: this.home,
        LANG: "C.UTF-8",
        SAGEMAKER_BIND_TO_PORT: String(port),
        ASYNC_FLEET_BIND_HOST: "127.0.0.1",
        ...(spec.modelFolder === undefined ? {} : { SM_MODEL_DIR: spec.modelFolder }),
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
        this.agent.destroy();
        rmSync(this.home, { recursive: true, force: true });
        resolve(exit);
      };
      this.child.once("exit", (code, signal) => gone({ code, signal }));
      this.child.once("error", () => gone({ code: null, signal: null }));
    });
  }

  async ping(signal: AbortSignal): Promise<number> {
    const reply = await this.send("GET", "/ping", {}, signal);
    reply.resume();
    return reply.statusCode ?? 0;
  }

  async invoke({ headers, body, contentLength, signal }: InvocationRequest): Promise<InvocationReply> {
    const outgoing = { ...headers, "Content-Length": String(contentLength) };
    const reply = await this.send("POST", "/invocations", outgoing, signal, body);
    return { statusCode: reply.statusCode ?? 0, headers: reply.headers as InvocationReply["headers"], body: reply };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.signal("SIGTERM");
    const deadline = setTimeout(() => this.signal("SIGKILL"), this.graceMs);
    await this.exited;
    clearTimeout(deadline);
  }

  /** At once, for when this process ends. */
  kill(): void {
    this.signal("SIGKILL");
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // Gone already.
    }
  }

  private send(
    method: string,
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
    body?: NodeJS.ReadableStream,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        host: "127.0.0.1",
        port: this.port,
        method,
        path,
        headers,
        agent: this.agent,
        signal,
      });
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      // A container may answer before it has read everything; the answer counts, not the broken pipe.
      if (body === undefined) outgoing.end();
      else pipeline(body, outgoing).catch((cause: unknown) => setImmediate(() => reject(cause)));
    });
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
