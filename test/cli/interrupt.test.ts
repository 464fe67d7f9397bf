import assert from "node:assert/strict";
import { connect } from "node:net";
import { FleetProcess } from "../support/fleet-process";

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}

describe("an interrupted fleet", function () {
  this.timeout(60_000);

  it("serve: ends with 130, its port closed and its folder gone", async () => {
    const serving = await FleetProcess.start(["serve", "--port", "0"]);
    const [, port] = await serving.said(/http:\/\/127\.0\.0\.1:(\d+) \(/);
    assert.equal(await answers(Number(port)), true);
    serving.signal("SIGTERM");
    const { code, leftFiles } = await serving.finished();
    assert.equal(code, 130);
    assert.equal(await answers(Number(port)), false);
    assert.equal(serving.groupLives, false);
    assert.deepEqual(leftFiles, []);
  });

  it("rehearse: leaves no process, no port and no file, with containers running", async () => {
    const rehearsing = await FleetProcess.start(["rehearse", "--no-engine"]);
    await rehearsing.said(/✓ Deploy, without an engine/);
    rehearsing.interrupt();
    const { code, stdout, stderr, leftFiles } = await rehearsing.finished();
    assert.equal(code, 130, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /Interrupted: cleaning up/);
    assert.doesNotMatch(stderr, /fault of async-fleet|\n\s+at /);
    assert.equal(rehearsing.groupLives, false);
    assert.deepEqual(leftFiles, []);
  });
});
