import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "../../examples/plain-endpoint/program";
import { OperationFailed, RehearsalStack, type Violation } from "../../rehearsal/engine/rehearsal-stack";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { engine, engineTimeoutMs, launcher, rootDir } from "./support";

describe("an endpoint written by hand, judged by the pack on the real engine", () => {
  let rehearsal: Rehearsal;
  let folder: string;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    folder = await mkdtemp(join(tmpdir(), "engine-test-"));
    rehearsal = await startRehearsal({ imageFolders: [] });
  });
  after(async () => {
    await rehearsal.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What stops a deployment: advice, such as on values unknown at preview, comes beside it. */
  const stops = (violations: readonly Violation[]) =>
    violations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
  const judged = async (stack: string): Promise<string[]> => {
    const opened = await RehearsalStack.open({
      engine: await engine(),
      providerPort: rehearsal.providerPort,
      stack,
      rootDir: join(rootDir, "examples/plain-endpoint"),
      folder: join(folder, stack),
      program,
      policyPack: launcher,
    });
    return opened.preview().then(
      ({ violations }) => stops(violations),
      (cause: unknown) => {
        assert.ok(cause instanceof OperationFailed, String(cause));
        assert.notEqual(cause.violations.length, 0, cause.message);
        return stops(cause.violations);
      },
    );
  };

  it("complies where the team wrote it well", async () => {
    assert.deepEqual(await judged("compliant"), []);
  });

  it("is stopped where it has the defects that AWS takes without a word", async () => {
    assert.deepEqual(await judged("defective"), [
      "failure-path-is-not-the-result-path",
      "results-are-told",
      "scaling-can-leave-zero",
    ]);
  });
});
