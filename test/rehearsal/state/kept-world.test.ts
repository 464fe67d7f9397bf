import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EndpointWorld } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

describe("a world kept in a folder", () => {
  let folder: string;
  let at: EndpointWorld;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "kept-")), "state");
  });
  afterEach(async () => {
    await at.close();
    await rm(join(folder, ".."), { recursive: true, force: true });
  });

  it("answers after a restart what it accepted before", async () => {
    at = await EndpointWorld.open({
      state: folder,
      containers: new FakeContainers(() => ({ body: "done", workSeconds: 600 })),
    });
    const { OutputLocation } = await at.send("first");
    await at.send("second");
    await at.minutes(1);
    assert.deepEqual(at.containers.seen, ["first"]);
    await at.world.keeper?.flushed();
    await at.kill();
    at = await EndpointWorld.open({ state: folder });
    await at.minutes(10);
    assert.deepEqual(at.containers.seen, ["first", "second"]);
    assert.equal(await at.read(OutputLocation ?? ""), "echo first");
    const notices = await at.drainNotices();
    assert.deepEqual(
      notices.map(({ inferenceId }) => inferenceId),
      ["first", "second"],
    );
    assert.deepEqual(
      at
        .journal("request")
        .filter(({ step }) => step === "again")
        .map(({ inferenceId, instanceId }) => [inferenceId, instanceId !== undefined]),
      [
        ["first", true],
        ["second", false],
      ],
    );
  });
});
