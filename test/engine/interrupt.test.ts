import assert from "node:assert/strict";
import { FleetProcess } from "../support/fleet-process";
import { engine, engineTimeoutMs } from "./support";

describe("a rehearsal interrupted while the engine deploys", () => {
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
  });

  it("ends the engine, the pack and itself, and leaves no file", async () => {
    const rehearsing = await FleetProcess.start(["rehearse"], { PULUMI: (await engine()).path });
    await rehearsing.said(/✓ Preview/);
    rehearsing.interrupt();
    const { code, stderr, leftFiles } = await rehearsing.finished();
    assert.equal(code, 130, stderr);
    assert.doesNotMatch(stderr, /fault of async-fleet|\n\s+at /);
    assert.equal(rehearsing.groupLives, false);
    assert.deepEqual(leftFiles, []);
  });

  it("does the same when only the process itself is told to end", async () => {
    const rehearsing = await FleetProcess.start(["rehearse"], { PULUMI: (await engine()).path });
    await rehearsing.said(/✓ Preview/);
    rehearsing.signal("SIGTERM");
    const { code, stderr, leftFiles } = await rehearsing.finished();
    assert.equal(code, 130, stderr);
    assert.equal(rehearsing.groupLives, false);
    assert.deepEqual(leftFiles, []);
  });
});
