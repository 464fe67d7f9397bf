import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, FleetProcess } from "../support/fleet-process";

describe("fleet serve --state --deploy", () => {
  let folder: string;
  let serving: FleetProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "serve-state-"));
  });
  afterEach(async () => {
    await end("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (): Promise<void> => {
    const manifest = join(folder, "manifest.json");
    const state = join(folder, "state");
    const args = ["serve", "--deploy", "dev", "--port", "0", "--write-manifest", manifest, "--state", state];
    serving = await FleetProcess.start(args);
  };
  const end = async (signal: NodeJS.Signals): Promise<Finished | undefined> => {
    serving?.signal(signal);
    const finished = await serving?.finished();
    serving = undefined;
    return finished;
  };
  const isReady = async (): Promise<void> => void (await serving?.said(/AWS is played at/));

  it("deploys a stack once, begins anew where it was cut, and says which of both it did", async () => {
    await start();
    // The model's file is there: it is deploying.
    const files = () => readdir(join(folder, "state/files/s3")).catch(() => []);
    while ((await files()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await end("SIGKILL");
    await start();
    await isReady();
    const manifest = await readFile(join(folder, "manifest.json"), "utf8");
    await rm(join(folder, "manifest.json"));
    assert.match((await end("SIGKILL"))?.stdout ?? "", /Stack dev is deployed into it, \d+ resources/);
    await start();
    await isReady();
    const { code, stdout } = (await end("SIGINT")) as Finished;
    assert.equal(code, 130);
    assert.match(stdout, /Stack dev is there since .*, \d+ resources as they were deployed then/);
    assert.match(stdout, /Ctrl-C ends it; all of it is kept in .*state, as what was there at the start\./);
    assert.equal(await readFile(join(folder, "manifest.json"), "utf8"), manifest);
  }).timeout(60_000);

  it("refuses the folder of another server with its code, and ends", async () => {
    await start();
    await isReady();
    const other = await FleetProcess.start(["serve", "--port", "0", "--state", join(folder, "state")]);
    const { code, stderr } = await other.finished();
    assert.equal(code, 2);
    assert.match(stderr, /ASY-570/);
    assert.match(stderr, /process \d+ serves from/);
  }).timeout(60_000);
});
