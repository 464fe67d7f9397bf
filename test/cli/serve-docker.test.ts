import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { DockerStandIn } from "../support/docker-stand-in";
import { FleetProcess } from "../support/fleet-process";

describe("fleet serve --docker", function () {
  this.timeout(60_000);
  let standIn: DockerStandIn;
  let folder: string;

  beforeEach(async () => {
    standIn = await DockerStandIn.open();
    folder = await mkdtemp(join(tmpdir(), "serve-docker-"));
    await mkdir(join(folder, "bin"));
    await symlink(standIn.program, join(folder, "bin/docker"));
  });
  afterEach(async () => {
    await standIn.close();
    await rm(folder, { recursive: true });
  });

  const serve = (): Promise<FleetProcess> =>
    FleetProcess.start(["serve", "--docker", "--port", "0"], {
      PATH: [join(folder, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter),
    });

  it("asks docker before it listens, and ends as ever", async () => {
    const serving = await serve();
    await serving.said(/AWS is played at/);
    assert.deepEqual((await standIn.calls()).map(([verb]) => verb).sort(), ["network", "ps", "version"]);
    serving.signal("SIGINT");
    const { code, leftFiles } = await serving.finished();
    assert.deepEqual([code, leftFiles], [130, []]);
  });

  it("tells of a docker that does not answer", async () => {
    await standIn.goDown();
    const { code, stderr, leftFiles } = await (await serve()).finished();
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^ASY-546 {2}docker$/m);
    assert.match(stderr, /Cannot connect to the Docker daemon/);
    assert.deepEqual(leftFiles, []);
  });
});
