import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkStacks } from "../../check/check-stacks";
import { type CheckReport, exitCodeOf } from "../../check/finding";
import { rootDir } from "../support/fleet-process";

const broken = ["throws", "waits", "computes", "ends", "nothing", "twice", "late"];

describe("programs that cannot be judged", function () {
  this.timeout(120_000);
  let project: string;
  let report: CheckReport;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "broken-programs-"));
    await cp(join(rootDir, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    await mkdir(join(project, "stacks"));
    for (const stack of [...broken, "one", "two", "three"])
      await writeFile(join(project, "stacks", `Pulumi.${stack}.yaml`), "config:\n  aws:region: eu-west-1\n");
    for (const name of ["policies", "node_modules"]) await symlink(join(rootDir, name), join(project, name));
    report = await checkStacks({
      rootDir: project,
      stacks: ["one", ...broken, "two", "three"],
      programModule: join(rootDir, "test/fixtures/programs/broken.ts"),
      timeoutSeconds: 3,
      workers: 1,
      signal: new AbortController().signal,
    });
  });
  after(() => rm(project, { recursive: true, force: true }));

  it("are each told by what they did, in the order of the stacks", () => {
    assert.deepEqual(
      report.problems.map(({ code, at, got }) => [code, at, got]),
      [
        ["ASY-401", "stack throws", "no model today"],
        ["ASY-402", "stack waits", "still running after 3 seconds"],
        ["ASY-402", "stack computes", "still computing after 3 seconds"],
        ["ASY-401", "stack ends", "its process ended with exit code 3"],
        ["ASY-403", "stack nothing", "no resource"],
        ["ASY-422", "stack twice", "urn:pulumi:twice::async-fleet::aws:sns/topic:Topic::told twice"],
        ["ASY-401", "stack late", "no model any more"],
      ],
    );
    assert.equal(exitCodeOf(report), 2);
  });

  it("keep no other stack from being judged", () => {
    assert.deepEqual(
      report.stacks.map(({ stack, resources }) => [stack, resources]),
      [
        ["one", 1],
        ["two", 1],
        ["three", 1],
      ],
    );
  });

  it("leave no process behind", () => {
    const ps = (...args: string[]): string => execFileSync("ps", args, { encoding: "utf8" });
    const group = ps("-o", "pgid=", "-p", String(process.pid)).trim();
    const left = ps("-A", "-o", "pgid=,args=").split("\n");
    assert.deepEqual(
      left.filter((line) => line.trim().startsWith(`${group} `) && /run-pack|check\/worker/.test(line)),
      [],
    );
  });
});
