import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { join } from "node:path";
import { rootDir } from "../support/fleet-process";

/** In a process group of its own, so that whatever it leaves can be seen. */
function judge(stack: string): ChildProcess {
  const child = fork(join(rootDir, "check/worker.ts"), [JSON.stringify({ rootDir, timeoutSeconds: 60 })], {
    execArgv: ["-r", join(rootDir, "bin/typescript.js")],
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  child.send({ id: 0, stack });
  return child;
}

function toldOf(child: ChildProcess, kind: string): Promise<object> {
  return new Promise((heard) => {
    child.on("message", (message: { kind: string }) => {
      if (message.kind === kind) heard(message);
    });
  });
}

/** Looks until the pack's process is there beside the judge's own. */
async function untilGroupHas(child: ChildProcess, processes: number): Promise<void> {
  for (;;) {
    const groups = execFileSync("ps", ["-A", "-o", "pgid="], { encoding: "utf8" }).split("\n");
    if (groups.filter((group) => Number(group) === child.pid).length >= processes) return;
    await new Promise((later) => setTimeout(later, 10));
  }
}

async function groupAfter(child: ChildProcess): Promise<"gone" | "left"> {
  await new Promise((ended) => child.once("exit", ended));
  // A killed process leaves its group once the system has reaped it, a moment later.
  for (let tries = 0; tries < 200; tries++) {
    try {
      process.kill(-(child.pid ?? 0), 0);
    } catch {
      return "gone";
    }
    await new Promise((later) => setTimeout(later, 10));
  }
  return "left";
}

describe("the process that judges stacks", function () {
  this.timeout(30_000);

  it("leaves no policy pack running when the program fails before the pack has started", async () => {
    const child = judge("nope");
    assert.match(JSON.stringify(await toldOf(child, "judged")), /ASY-602/);
    child.disconnect();
    assert.equal(await groupAfter(child), "gone");
  });

  it("takes the pack with it when it is told to end", async () => {
    const child = judge("dev");
    await untilGroupHas(child, 2);
    child.kill("SIGTERM");
    assert.equal(await groupAfter(child), "gone");
  });

  it("takes the pack with it when its parent is gone", async () => {
    const child = judge("dev");
    await untilGroupHas(child, 2);
    child.disconnect();
    assert.equal(await groupAfter(child), "gone");
  });
});
