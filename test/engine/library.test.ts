import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPulumi } from "../../rehearsal/engine/language-host";
import { offlineEnvironment } from "../../rehearsal/engine/offline-environment";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { inventory } from "../../rehearsal/world/inventory";
import { installedExample } from "../support/library";
import { engine, engineTimeoutMs, rootDir } from "./support";

const regions = ["eu-west-1", "us-east-1"];

describe("the published package, in a program of its user's", () => {
  let folder: string;
  let rehearsal: Rehearsal;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    folder = await mkdtemp(join(tmpdir(), "library-"));
    rehearsal = await startRehearsal({ imageFolders: [join(rootDir, "examples/library")] });
  });
  after(async () => {
    await rehearsal.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("type-checks, deploys beside what the program adds, and is destroyed with it", async function () {
    this.timeout(240_000);
    const projectFolder = await installedExample("library", folder);
    // The program's own type check, as an editor and `pulumi up` make it: against the package's declarations.
    execFileSync(process.execPath, [join(rootDir, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", projectFolder]);
    const env = {
      ...offlineEnvironment(folder, rehearsal.providerPort),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
    const options = { engine: await engine(), stack: "dev", projectFolder, env };
    execFileSync(options.engine.path, ["stack", "init", "dev"], {
      cwd: projectFolder,
      env: { ...process.env, ...env },
    });
    const up = await runPulumi({ ...options, command: "up" });
    assert.equal(up.exitCode, 0, up.output);
    const made = await inventory(rehearsal.world, regions);
    assert.deepEqual(
      made.filter(({ kind }) => kind === "endpoint").map(({ region, name }) => [region, name]),
      regions.map((region) => [region, "scoring-dev"]),
    );
    const queues = made.filter(({ kind, name }) => kind === "queue" && name.includes("ledger"));
    assert.equal(queues.length, regions.length, JSON.stringify(made.map(({ kind, name }) => `${kind} ${name}`)));
    const destroy = await runPulumi({ ...options, command: "destroy" });
    assert.equal(destroy.exitCode, 0, destroy.output);
    assert.deepEqual(await inventory(rehearsal.world, regions), []);
  });
});
