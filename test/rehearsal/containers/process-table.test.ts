import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { ProcessTable, secondsOf } from "../../../rehearsal/containers/process-table";

/** Holds 100 MB, has worked for 0.3 seconds, and has a child in a group of its own that holds as much; says its id, and waits to be killed. */
const program = `
const held = Buffer.alloc(100e6, 1);
if (process.argv[1] === "parent") {
  const before = process.cpuUsage();
  for (let used = before; used.user + used.system < 3e5; ) used = process.cpuUsage(before);
  require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify("PROGRAM")}, "child"], { stdio: "inherit", detached: true });
} else console.log(process.pid);
setInterval(() => held, 1e6);
`;

describe("the table of processes", () => {
  for (const [name, table] of [
    ["as this system tells it", new ProcessTable()],
    ["as ps tells it", new ProcessTable("ps")],
  ] as const) {
    it(`sums up a process and what it has started, ${name}`, async () => {
      const script = program.replace(JSON.stringify("PROGRAM"), JSON.stringify(program));
      const child = spawn(process.execPath, ["-e", script, "parent"], {
        detached: true,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const { pid = 0 } = child;
      const gone = once(child, "exit");
      let grandchild = 0;
      try {
        const [said] = (await once(child.stdout, "data")) as [Buffer];
        grandchild = Number(said);
        const { cpuSeconds, memoryBytes, peakMemoryBytes } = (await table.usageOf(pid)) ?? assert.fail("not found");
        // ps may tell whole seconds only.
        assert.ok(cpuSeconds >= (name.includes("ps") ? 0 : 0.3) && cpuSeconds < 10, `${cpuSeconds}`);
        assert.ok(memoryBytes >= 200e6 && memoryBytes < 500e6, `${memoryBytes}`);
        assert.ok(peakMemoryBytes >= memoryBytes, `${peakMemoryBytes}`);
      } finally {
        process.kill(-pid, "SIGKILL");
        if (grandchild > 0) process.kill(grandchild, "SIGKILL");
        await gone;
      }
      assert.equal(await table.usageOf(2 ** 30), undefined);
    });
  }

  it("reads the times that ps prints on one system and another", () => {
    assert.deepEqual(["00:00:07", "1:02:03", "0:07.25", "2-03:04:05"].map(secondsOf), [7, 3723, 7.25, 183_845]);
  });
});
