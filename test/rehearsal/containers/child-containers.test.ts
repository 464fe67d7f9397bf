import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ChildContainers } from "../../../rehearsal/containers/child-containers";
import type { Container, ContainerSpec } from "../../../rehearsal/containers/container";
import { ImageStore } from "../../../rehearsal/containers/images";
import { imageFolder, imageUri } from "../../fixtures/image-folders";
import { OwnTemporaryFolder } from "../../fixtures/own-temporary-folder";
import { lives } from "../../fixtures/processes";

const images = [
  "echoes",
  "describes-itself",
  "crashes-at-start",
  "replies-chunked",
  "hangs",
  "exits-mid-request",
  "ignores-sigterm",
  "starts-a-worker",
];

/** What `describes-itself` says. */
interface Description {
  readonly pid: number;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
}

/** What of a container's specification a test changes. */
type Changes = { readonly [Key in keyof ContainerSpec]?: ContainerSpec[Key] };

/** A started container with the lines it has written. */
interface Started {
  readonly container: Container;
  /** Resolves when it has written this line. */
  said(line: string): Promise<void>;
}

const never = new AbortController().signal;

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function ask(container: Container, payload: string | Buffer, signal = never) {
  const body = Buffer.from(payload);
  const {
    statusCode,
    headers,
    body: reply,
  } = await container.invoke({
    headers: { "Content-Type": "text/plain" },
    body: Readable.from([body]),
    contentLength: body.length,
    signal,
  });
  return { statusCode, headers, body: await bytesOf(reply) };
}

describe("containers as child processes", () => {
  let temporary: OwnTemporaryFolder;
  let containers: ChildContainers;

  beforeEach(async () => {
    temporary = await OwnTemporaryFolder.open();
    containers = new ChildContainers(await ImageStore.fromFolders(images.map(imageFolder)), 300, 300);
  });
  afterEach(async () => {
    await containers.close();
    // A compiler of another process keeps its code cache there.
    const left = (await temporary.left()).filter((name) => !name.startsWith("v8-compile-cache-"));
    await temporary.close();
    assert.deepEqual(left, []);
  });

  async function start(name: string, spec: Changes = {}): Promise<Started> {
    const lines: string[] = [];
    const listeners = new Set<() => void>();
    const container = await containers.start({
      instanceId: "i-1",
      image: imageUri(name),
      environment: {},
      region: "eu-west-1",
      onLine: (line) => {
        lines.push(line);
        for (const listener of listeners) listener();
      },
      ...spec,
    });
    const said = (line: string) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!lines.includes(line)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      });
    return { container, said };
  }

  async function listening(name: string, spec: Changes = {}): Promise<Started> {
    const started = await start(name, spec);
    await started.said("listening");
    return started;
  }

  async function described(container: Container): Promise<Description> {
    return JSON.parse((await ask(container, "x")).body.toString()) as Description;
  }

  it("know the images they were given and no other", async () => {
    assert.equal(containers.knows(imageUri("echoes")), true);
    assert.equal(containers.knows(imageUri("none")), false);
    await assert.rejects(start("none"), { message: "no image registry.example/fixtures/none:1" });
  });

  it("answer pings and invocations, a payload of megabytes included", async () => {
    const { container } = await listening("echoes");
    assert.equal(await container.ping(never), 200);
    const payload = randomBytes(5_000_000);
    const { statusCode, headers, body } = await ask(container, payload);
    assert.deepEqual([statusCode, headers["content-type"], headers["content-length"]], [200, "text/plain", "5000005"]);
    const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
    assert.equal(digest(body.subarray(5)), digest(payload));
    assert.deepEqual(
      await Promise.all(["a", "b", "c"].map(async (each) => (await ask(container, each)).body.toString())),
      ["echo a", "echo b", "echo c"],
    );
  });

  it("are called as SageMaker calls them", async () => {
    const { container } = await listening("describes-itself");
    const { body } = await container.invoke({
      headers: { "Content-Type": "image/png", Accept: "text/csv", "X-Amzn-SageMaker-Custom-Attributes": "a=1" },
      body: Readable.from([Buffer.alloc(10), Buffer.alloc(20)]),
      contentLength: 30,
      signal: never,
    });
    const { args, folder, path, headers, bytes } = JSON.parse((await bytesOf(body)).toString()) as Description;
    assert.deepEqual(
      { args, folder, path, bytes },
      { args: ["serve"], folder: imageFolder("describes-itself"), path: "/invocations", bytes: 30 },
    );
    assert.deepEqual(
      [headers["content-type"], headers.accept, headers["x-amzn-sagemaker-custom-attributes"]],
      ["image/png", "text/csv", "a=1"],
    );
    assert.deepEqual([headers["content-length"], headers["transfer-encoding"]], ["30", undefined]);
  });

  it("have the model's environment and the platform's own variables, and nothing of this process", async () => {
    const secrets = { AWS_SECRET_ACCESS_KEY: "secret", NODE_OPTIONS: "--no-warnings", PULUMI_ACCESS_TOKEN: "secret" };
    const before = Object.fromEntries(Object.keys(secrets).map((name) => [name, process.env[name]]));
    Object.assign(process.env, secrets);
    try {
      const { container } = await listening("describes-itself", {
        environment: {
          THRESHOLD: "0.5",
          HOME: "/root",
          SAGEMAKER_BIND_TO_PORT: "80",
          PATH: "/nowhere",
          AWS_REGION: "mars",
        },
        modelFolder: "/models/one/model",
      });
      const { HOME = "", SAGEMAKER_BIND_TO_PORT = "", ...environment } = (await described(container)).environment;
      assert.deepEqual(environment, {
        THRESHOLD: "0.5",
        PATH: process.env.PATH,
        LANG: "C.UTF-8",
        AWS_REGION: "eu-west-1",
        AWS_DEFAULT_REGION: "eu-west-1",
        AWS_EC2_METADATA_DISABLED: "true",
        ASYNC_FLEET_BIND_HOST: "127.0.0.1",
        SAGEMAKER_BASE_DIR: "/models/one",
        SM_MODEL_DIR: "/models/one/model",
      });
      assert.match(SAGEMAKER_BIND_TO_PORT, /^\d{4,5}$/);
      assert.equal(HOME.startsWith(`${temporary.path}/async-fleet-containers-`), true, HOME);
      assert.equal(existsSync(HOME), true);
      const bare = await described((await listening("describes-itself")).container);
      assert.deepEqual(Object.keys(bare.environment).sort(), [
        "ASYNC_FLEET_BIND_HOST",
        "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_REGION",
        "HOME",
        "LANG",
        "PATH",
        "SAGEMAKER_BIND_TO_PORT",
      ]);
      assert.notEqual(bare.environment.HOME, HOME);
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it("are gone after a stop, with their home and their port", async () => {
    const { container } = await listening("describes-itself");
    const { pid, environment } = await described(container);
    assert.equal(lives(pid), true);
    await container.stop();
    assert.deepEqual(await container.exited, { code: 0, signal: null });
    assert.equal(lives(pid), false);
    assert.equal(existsSync(environment.HOME ?? ""), false);
    await assert.rejects(container.ping(never), { code: "ECONNREFUSED" });
    const socket = connect(Number(environment.SAGEMAKER_BIND_TO_PORT), "127.0.0.1");
    assert.equal(
      await new Promise((told) => {
        socket.once("error", (cause: NodeJS.ErrnoException) => told(cause.code));
        socket.once("connect", () => told("connected"));
      }),
      "ECONNREFUSED",
    );
    await container.stop();
  });

  it("are asked to end, and killed when they have not after the grace", async () => {
    const { container, said } = await listening("ignores-sigterm");
    const pid = Number((await ask(container, "who")).body);
    const stopping = container.stop();
    await said("SIGTERM, so what");
    assert.equal(lives(pid), true);
    await stopping;
    assert.deepEqual(await container.exited, { code: null, signal: "SIGKILL" });
    assert.equal(lives(pid), false);
  });

  it("take their workers with them when they are stopped", async () => {
    const workers = createServer();
    workers.listen(0, "127.0.0.1");
    await once(workers, "listening");
    const { port } = workers.address() as AddressInfo;
    const connected = once(workers, "connection");
    const { container } = await listening("starts-a-worker", { environment: { WORKER_CALLS: String(port) } });
    const [socket] = (await connected) as [Socket];
    const gone = once(socket.on("error", () => {}).resume(), "close");
    await container.stop();
    assert.deepEqual(await container.exited, { code: null, signal: "SIGTERM" });
    await gone;
    workers.close();
  });

  it("end with a process that is killed and could not end them, with their workers and their homes", async () => {
    const workers = createServer();
    workers.listen(0, "127.0.0.1");
    await once(workers, "listening");
    const { port } = workers.address() as AddressInfo;
    const connected = once(workers, "connection");
    const name = "starts-a-worker";
    const parent = spawn(
      process.execPath,
      [
        ...["-r", "ts-node/register/transpile-only", join(__dirname, "../../fixtures/programs/starts-containers.ts")],
        ...["child", imageFolder(name), imageUri(name), String(port)],
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    const [socket] = (await connected) as [Socket];
    const homes = async () => (await temporary.left()).filter((left) => left.startsWith("async-fleet-containers-"));
    assert.equal((await homes()).length, 1);
    const gone = once(socket.on("error", () => {}).resume(), "close");
    parent.kill("SIGKILL");
    await gone;
    while ((await homes()).length > 0) await new Promise(setImmediate);
    workers.close();
  });

  it("end with their rehearsal, which lives to see it", async () => {
    const parent = spawn(
      process.execPath,
      [
        ...["-r", "ts-node/register/transpile-only", join(__dirname, "../../fixtures/programs/starts-containers.ts")],
        ...["child", imageFolder("echoes"), imageUri("echoes")],
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    let said = "";
    parent.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said === "started\n") parent.stdin.write("close");
    });
    assert.deepEqual(await once(parent, "close"), [0, null]);
    assert.equal(said, "started\nclosed\n");
  });

  it("tell of their own end", async () => {
    const { container, said } = await start("crashes-at-start");
    assert.deepEqual(await container.exited, { code: 7, signal: null });
    await said("no model here");
    await assert.rejects(container.ping(never), { code: "ECONNREFUSED" });
    await container.stop();
  });

  it("end the requests they work on when they end", async () => {
    const { container } = await listening("exits-mid-request");
    await assert.rejects(ask(container, "exit"), { code: "ECONNRESET" });
    assert.deepEqual(await container.exited, { code: 3, signal: null });
    const other = (await listening("exits-mid-request")).container;
    await assert.rejects(ask(other, "break off"), { code: "ECONNRESET", message: "aborted" });
  });

  it("leave a request whose time is up, and take the next", async () => {
    const { container, said } = await listening("hangs");
    const time = new AbortController();
    const waiting = ask(container, "hang", time.signal);
    await said("hanging");
    time.abort();
    await assert.rejects(waiting, { name: "AbortError" });
    assert.equal((await ask(container, "now")).body.toString(), "answered now");
  });

  it("show a reply without a length as one", async () => {
    const { container } = await listening("replies-chunked");
    const { headers, body } = await ask(container, "stream");
    assert.deepEqual(
      [headers["content-length"], headers["transfer-encoding"], body.toString()],
      [undefined, "chunked", "token token"],
    );
  });

  it("cannot start from a command that is not there, and leave nothing of it", async () => {
    const store = new ImageStore();
    store.add({ repository: "fixtures/none", command: ["no-such-program"], folder: temporary.path });
    const others = new ChildContainers(store);
    await assert.rejects(
      others.start({
        instanceId: "i-1",
        image: imageUri("none"),
        environment: {},
        region: "eu-west-1",
        onLine: () => {},
      }),
      { code: "ENOENT" },
    );
    await others.close();
    assert.deepEqual(await temporary.left(), []);
    await assert.rejects(
      others.start({ instanceId: "i-1", image: imageUri("none"), environment: {}, region: "eu-west-1", onLine() {} }),
      { message: "the rehearsal ends" },
    );
  });

  it("are all gone after a close, however many and however stubborn, and the process is listened to no more", async () => {
    const listeners = process.listenerCount("exit");
    const others = new ChildContainers(await ImageStore.fromFolders(images.map(imageFolder)), 30_000, 100);
    assert.equal(process.listenerCount("exit"), listeners + 1);
    const ready: Array<Promise<unknown>> = [];
    const started = await Promise.all(
      ["ignores-sigterm", "ignores-sigterm", "hangs", "crashes-at-start"].map((name) => {
        let up = (): void => {};
        const said = new Promise<void>((resolve) => {
          up = resolve;
        });
        ready.push(said);
        return others.start({
          instanceId: "i-1",
          image: imageUri(name),
          environment: {},
          region: "eu-west-1",
          onLine: () => up(),
        });
      }),
    );
    await Promise.all([...ready, started[3]?.exited]);
    await others.close();
    assert.deepEqual(await Promise.all(started.map(({ exited }) => exited)), [
      { code: null, signal: "SIGKILL" },
      { code: null, signal: "SIGKILL" },
      { code: 0, signal: null },
      { code: 7, signal: null },
    ]);
    assert.equal(process.listenerCount("exit"), listeners);
  });
});
