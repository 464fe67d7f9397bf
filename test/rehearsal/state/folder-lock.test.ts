import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFolder, unlockFolder } from "../../../rehearsal/state/folder-lock";

describe("the lock of a folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lock-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is one process's alone, until that gives it back", async () => {
    assert.equal(await lockFolder(folder), undefined);
    assert.equal(await lockFolder(folder), process.pid);
    await unlockFolder(folder);
    assert.equal(await lockFolder(folder), undefined);
    assert.deepEqual(await readdir(folder), ["lock.2"]);
  });

  it("counts no longer when its process was killed", async () => {
    const lock = `require("./rehearsal/state/folder-lock").lockFolder(${JSON.stringify(folder)})`;
    const child = spawn(
      process.execPath,
      ["-r", "./bin/typescript", "-e", `${lock}.then(() => { console.log("held"); setInterval(() => {}, 1000); });`],
      { cwd: join(__dirname, "../../.."), stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(child.stdout, "data");
    assert.equal(await lockFolder(folder), child.pid);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(await lockFolder(folder), undefined);
  });

  it("counts no longer when its number belongs to a later process", async () => {
    await writeFile(join(folder, "lock.7"), JSON.stringify({ pid: process.pid, started: "another boot/1" }));
    assert.equal(await lockFolder(folder), undefined);
    assert.deepEqual(await readdir(folder), ["lock.8"]);
  });

  it("is taken over by one of many", async () => {
    await writeFile(join(folder, "lock.3"), "{}");
    const taken = await Promise.all(Array.from({ length: 8 }, () => lockFolder(folder)));
    assert.equal(taken.filter((holder) => holder === undefined).length, 1);
  });
});
