import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import type { Container, ContainerSpec } from "../../rehearsal/containers/container";
import { DockerCli } from "../../rehearsal/containers/docker-cli";
import { DockerContainers } from "../../rehearsal/containers/docker-containers";
import { imageUri } from "../fixtures/image-folders";

/** Images that whoever runs docker for these tests has as `fixtures/<name>:1`, and no other of that name. */
export const dockerImages = [
  "crashes-at-start",
  "describes-itself",
  "echoes",
  "ignores-sigterm",
  "tells-its-model",
  "works-hard",
];

const never = new AbortController().signal;
const label = "async-fleet.rehearsal";

type Changes = { readonly [Key in keyof ContainerSpec]?: ContainerSpec[Key] };

/**
 * What the rehearsal expects of docker, told once: the same tests run against the stand-in everywhere, and against a real
 * daemon where there is one.
 *
 * @param program names docker's program once the tests run
 */
export function dockerKeepsItsContract(program: () => string): void {
  let containers: DockerContainers;
  let docker: DockerCli;

  let started: Container[] = [];

  before(async () => {
    docker = new DockerCli(program());
    containers = await DockerContainers.open({ program: program(), graceMs: 1000 });
  });
  afterEach(async () => {
    await Promise.all(started.map((container) => container.stop()));
    started = [];
  });
  after(async () => {
    await start("ignores-sigterm");
    await containers.close();
    assert.deepEqual([...(await containersMade()), ...(await networksMade())], []);
  });

  /** Ids of what rehearsals have had docker make. */
  async function made(...list: string[]): Promise<string[]> {
    // The stand-in knows this one format.
    const format = `{{.ID}}\t{{.Label "${label}"}}`;
    const text = await docker.run([...list, "--no-trunc", "--filter", `label=${label}`, "--format", format]);
    return text.split("\n").flatMap((line) => line.split("\t")[0] || []);
  }
  const containersMade = (): Promise<string[]> => made("ps", "--all");
  const networksMade = (): Promise<string[]> => made("network", "ls");

  async function start(name: string, spec: Changes = {}): Promise<{ container: Container; said: Said }> {
    const said = new Said();
    const container = await containers.start({
      instanceId: "i-1",
      image: imageUri(name),
      environment: {},
      region: "eu-west-1",
      onLine: (line) => said.add(line),
      ...spec,
    });
    started.push(container);
    return { container, said };
  }

  async function listening(name: string, spec: Changes = {}): Promise<Container> {
    const { container, said } = await start(name, spec);
    await said.line("listening");
    return container;
  }

  it("knows the images docker has here, by the URI of any registry, and no other", () => {
    assert.equal(containers.knows(imageUri("echoes")), true);
    assert.equal(containers.knows("123456789012.dkr.ecr.eu-west-1.amazonaws.com/fixtures/echoes:1"), true);
    assert.equal(containers.knows("123456789012.dkr.ecr.eu-west-1.amazonaws.com/fixtures/echoes:2"), false);
    assert.equal(containers.knows("123456789012.dkr.ecr.eu-west-1.amazonaws.com/fixtures/echoes:any"), true);
    assert.equal(containers.knows(`registry.example/fixtures/echoes@sha256:${"0".repeat(64)}`), true);
    assert.equal(containers.knows(imageUri("none")), false);
  });

  it("does not start an image that is not here, and pulls none", async () => {
    await assert.rejects(start("none"), {
      message: "docker has no image registry.example/fixtures/none:1 on this machine",
    });
  });

  it("answers pings and invocations, several instances side by side", async () => {
    const instances = await Promise.all(["i-1", "i-2"].map((instanceId) => listening("echoes", { instanceId })));
    for (const [index, container] of instances.entries()) {
      assert.equal(await container.ping(never), 200);
      assert.equal(await ask(container, `to ${index}`), `echo to ${index}`);
    }
  });

  it("gives a container its model's environment and the platform's, and nothing of this process", async () => {
    process.env.A_SECRET_OF_THE_SERVER = "secret";
    try {
      const container = await listening("describes-itself", {
        environment: { TEXT: "two\nlines = one", AWS_REGION: "x" },
      });
      const { args, path, environment } = JSON.parse(await ask(container, "x"));
      assert.deepEqual([args, path], [["serve"], "/invocations"]);
      assert.deepEqual(
        [
          environment.TEXT,
          environment.AWS_REGION,
          environment.AWS_DEFAULT_REGION,
          environment.AWS_EC2_METADATA_DISABLED,
        ],
        ["two\nlines = one", "eu-west-1", "eu-west-1", "true"],
      );
      assert.equal("A_SECRET_OF_THE_SERVER" in environment, false);
    } finally {
      delete process.env.A_SECRET_OF_THE_SERVER;
    }
  });

  it("mounts the model's folder", async () => {
    const folder = await mkdtemp(join(tmpdir(), "docker-model-"));
    try {
      const modelFolder = join(folder, "model");
      await mkdir(modelFolder);
      await writeFile(join(modelFolder, "weights"), "1 2 3");
      const container = await listening("tells-its-model", { modelFolder });
      assert.deepEqual(JSON.parse(await ask(container, "x")), { weights: "1 2 3" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("asks a container to end, and removes it", async () => {
    const container = await listening("echoes");
    await container.stop();
    assert.deepEqual(await container.exited, { code: 0, signal: null });
    await assert.rejects(container.ping(never), { code: "ECONNREFUSED" });
    assert.deepEqual(await containersMade(), []);
    await container.stop();
  });

  it("kills a container that has not ended after the grace", async () => {
    const { container, said } = await start("ignores-sigterm");
    await said.line("listening");
    const stopping = container.stop();
    await said.line("SIGTERM, so what");
    await stopping;
    assert.deepEqual(await container.exited, { code: 137, signal: null });
  });

  it("tells of a container's own end, with its last words", async () => {
    const { container, said } = await start("crashes-at-start");
    assert.deepEqual(await container.exited, { code: 7, signal: null });
    await said.line("no model here");
    await assert.rejects(container.ping(never));
    assert.equal(await container.usage?.(), undefined);
  });

  it("removes at its start what a rehearsal has left behind whose process is gone, and nothing of one that lives", async () => {
    const { pid } = await ended();
    const owned = (owner: string): Promise<string> =>
      docker.run(["create", "--label", `${label}=${owner}`, "--env", "A=b", "fixtures/echoes:1", "serve"]);
    const left = await owned(`${hostname()}/${pid}`);
    const foreign = await owned(`another-machine/${pid}`);
    const living = await owned(`${hostname()}/${process.ppid}`);
    const networks = (await networksMade()).length;
    await docker.run(["network", "create", "--label", `${label}=${hostname()}/${pid}`, `async-fleet-left-${pid}`]);
    try {
      const other = await DockerContainers.open({ program: program() });
      await other.close();
      const there = await containersMade();
      assert.deepEqual([there.includes(left), there.includes(foreign), there.includes(living)], [false, true, true]);
      assert.equal((await networksMade()).length, networks);
    } finally {
      await docker.run(["rm", "--force", "--volumes", foreign, living]);
    }
  });

  it("leaves no container of a process that was killed", async () => {
    const script = resolve(__dirname, "../fixtures/programs/starts-containers.ts");
    const parent = spawn(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", script, "docker", program(), imageUri("ignores-sigterm")],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    await new Promise((resolve) => parent.stdout.once("data", resolve));
    assert.equal((await containersMade()).length, 1);
    parent.kill("SIGKILL");
    while ((await containersMade()).length > 0) await new Promise(setImmediate);
    // Its network has nobody left to remove it but the next start.
    await (await DockerContainers.open({ program: program() })).close();
  });
}

/** The lines a container has written. */
class Said {
  private readonly lines: string[] = [];
  private readonly waiting = new Set<() => void>();

  add(line: string): void {
    this.lines.push(line);
    for (const look of this.waiting) look();
  }

  line(wanted: string): Promise<void> {
    return new Promise((found) => {
      const look = (): void => {
        if (!this.lines.includes(wanted)) return;
        this.waiting.delete(look);
        found();
      };
      this.waiting.add(look);
      look();
    });
  }
}

async function ask(container: Container, text: string): Promise<string> {
  const payload = Buffer.from(text);
  const { body } = await container.invoke({
    headers: { "Content-Type": "text/plain" },
    body: Readable.from([payload]),
    contentLength: payload.length,
    signal: never,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A process that has been, and is no more. */
async function ended(): Promise<{ readonly pid?: number | undefined }> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  return child;
}
