import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPulumi } from "../../rehearsal/engine/language-host";
import { offlineEnvironment } from "../../rehearsal/engine/offline-environment";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { inventory } from "../../rehearsal/world/inventory";
import { copyOfProject, engine, engineTimeoutMs, launcher, rootDir } from "./support";

describe("index.ts, run as `pulumi up` runs it", () => {
  let folder: string;
  let rehearsal: Rehearsal;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    folder = await mkdtemp(join(tmpdir(), "pulumi-up-"));
    rehearsal = await startRehearsal({ imageFolders: [join(rootDir, "examples/digits")] });
  });
  after(async () => {
    await rehearsal.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("finds everything where the official CLI expects it, and is quick to start", async function () {
    this.timeout(120_000);
    const projectFolder = await copyOfProject(folder);
    const env = {
      ...offlineEnvironment(folder, rehearsal.providerPort),
      // Where the program asks SageMaker what it serves.
      AWS_ENDPOINT_URL: rehearsal.url,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
    const options = { engine: await engine(), stack: "dev", projectFolder, env, policyPack: launcher };
    execFileSync(options.engine.path, ["stack", "init", "dev"], {
      cwd: projectFolder,
      env: { ...process.env, ...env },
    });
    const preview = await runPulumi({ ...options, command: "preview" });
    assert.equal(preview.exitCode, 0, preview.output);
    assert.deepEqual(await inventory(rehearsal.world, ["eu-west-1"]), []);
    const up = await runPulumi({ ...options, command: "up" });
    assert.equal(up.exitCode, 0, up.output);
    // Over the wire, with the AWS SDK of its own process, it could ask what it serves.
    assert.doesNotMatch(up.output, /ASY-211/);
    assert.match(up.output, /\+ 56 created/);
    assert.ok(preview.programSeconds < 10, `the program took ${preview.programSeconds} s at preview`);
    const destroy = await runPulumi({ ...options, command: "destroy" });
    assert.equal(destroy.exitCode, 0, destroy.output);
    assert.deepEqual(await inventory(rehearsal.world, ["eu-west-1"]), []);
  });
});
