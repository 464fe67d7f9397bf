/**
 * What needs a docker daemon, and so stands beside the suites: `npm run test:docker`. The images are this machine's node
 * with its libraries and the containers of the other tests, so nothing is downloaded; NODE_IMAGE names an image with node
 * where that cannot be (on a machine that is not Linux).
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DockerCli } from "../../rehearsal/containers/docker-cli";
import { DockerContainers } from "../../rehearsal/containers/docker-containers";
import { imageFolder, imageUri } from "../fixtures/image-folders";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";
import { dockerImages, dockerKeepsItsContract } from "../support/docker-contract";

const docker = new DockerCli();
const base = "fixtures/async-fleet-node:1";

describe("containers that a real docker runs", () => {
  before(async () => {
    const node = process.env.NODE_IMAGE ?? (await importNode());
    const id = await docker.run(["create", node, "serve"]);
    try {
      await docker.run(["cp", dirname(imageFolder("echoes")), `${id}:/app`]);
      for (const name of dockerImages) {
        const entry = JSON.stringify(["node", `/app/${name}/server.js`]);
        await docker.run(["commit", "--change", `ENTRYPOINT ${entry}`, id, `fixtures/${name}:1`]);
      }
    } finally {
      await docker.run(["rm", id]);
    }
  });
  dockerKeepsItsContract(() => "docker");
  after(async () => {
    const made = [...dockerImages.map((name) => `fixtures/${name}:1`), ...(process.env.NODE_IMAGE ? [] : [base])];
    await docker.run(["image", "rm", "--force", ...made]);
  });

  it("answers an asynchronous request, measured, and leaves nothing", async () => {
    const at = await RehearsedEndpoint.open({ image: "works-hard", docker: true });
    try {
      const { outcome, OutputLocation = "" } = await at.ended('{"cpuSeconds": 0.5, "bytes": 100000000}');
      assert.deepEqual([outcome, await at.read(OutputLocation)], ["completed", "held 100000000"]);
      await at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" });
      await at.until(() => at.journal("use").length > 0, 3600);
      const [use] = at.journal("use");
      assert.ok((use?.cpuSeconds ?? 0) >= 0.5 && (use?.cpuSeconds ?? 0) < 5, JSON.stringify(use));
      assert.ok((use?.peakMemoryBytes ?? 0) > 100_000_000, JSON.stringify(use));
    } finally {
      await at.close();
    }
  });

  it("ends a container that takes more memory than its instance has", async () => {
    const containers = await DockerContainers.open();
    try {
      const container = await containers.start({
        instanceId: "i-1",
        image: imageUri("works-hard"),
        environment: {},
        region: "eu-west-1",
        memoryBytes: 128 * 2 ** 20,
        onLine: () => {},
      });
      const payload = Buffer.from('{"bytes": 500000000}');
      const asked = (async (): Promise<unknown> => {
        for (;;) {
          const up = await container.ping(AbortSignal.timeout(2000)).catch(() => 0);
          if (up === 200) break;
        }
        return container.invoke({
          headers: {},
          body: Readable.from([payload]),
          contentLength: payload.length,
          signal: AbortSignal.timeout(30_000),
        });
      })();
      await assert.rejects(asked, { code: "ECONNRESET" });
      assert.deepEqual(await container.exited, { code: 137, signal: null });
    } finally {
      await containers.close();
    }
  });

  it("shows a container its model, and lets it change nothing there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "docker-model-"));
    const containers = await DockerContainers.open();
    try {
      await containers.start({
        instanceId: "i-1",
        image: imageUri("echoes"),
        environment: {},
        region: "eu-west-1",
        modelFolder: folder,
        onLine: () => {},
      });
      const [id = ""] = (await docker.run(["ps", "--quiet", "--filter", "label=async-fleet.instance=i-1"])).split("\n");
      const write = "require('fs').writeFileSync('/opt/ml/model/x', '')";
      await assert.rejects(docker.run(["exec", id, "node", "-e", write]), /EROFS|Node\.js/);
    } finally {
      await containers.close();
      await rm(folder, { recursive: true });
    }
  });
});

/** An image of this machine's node and the libraries it is linked with. */
async function importNode(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "node-image-"));
  try {
    const libraries = execFileSync("ldd", [process.execPath], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
    for (const file of libraries) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await cp(file, join(folder, file), { dereference: true });
    }
    await mkdir(join(folder, "bin"));
    await mkdir(join(folder, "tmp"));
    await cp(process.execPath, join(folder, "bin/node"), { dereference: true });
    const tar = spawn("tar", ["-C", folder, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
    const load = spawn("docker", ["import", "--change", "ENV PATH=/bin", "-", base], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    const loaded = new Promise<void>((resolve, reject) => {
      load.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`docker import: exit ${code}`))));
    });
    await pipeline(tar.stdout, load.stdin);
    await loaded;
    return base;
  } finally {
    await rm(folder, { recursive: true });
  }
}
