import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkStacks } from "../../check/check-stacks";
import { type CheckReport, exitCodeOf } from "../../check/finding";
import { rootDir } from "../support/fleet-process";

/** Where a process is at work, as far as it can be seen. */
function folderOf(pid: number): string {
  try {
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`);
    return (
      /\nn(.*)/.exec(execFileSync("lsof", ["-a", "-p", String(pid), "-d", "cwd", "-Fn"], { encoding: "utf8" }))?.[1] ??
      ""
    );
  } catch {
    return "";
  }
}

describe("a pack whose rules fail", function () {
  this.timeout(120_000);
  let project: string;
  let report: CheckReport;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "broken-pack-"));
    await cp(join(rootDir, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    await cp(join(rootDir, "test/fixtures/packs/broken"), join(project, "policies"), { recursive: true });
    await mkdir(join(project, "stacks"));
    for (const stack of ["dev", "endless", "fine"])
      await writeFile(join(project, "stacks", `Pulumi.${stack}.yaml`), "config:\n  aws:region: eu-west-1\n");
    await symlink(join(rootDir, "node_modules"), join(project, "node_modules"));
    report = await checkStacks({
      rootDir: project,
      stacks: ["dev", "endless", "fine"],
      programModule: join(rootDir, "test/fixtures/programs/broken.ts"),
      timeoutSeconds: 5,
      workers: 1,
      signal: new AbortController().signal,
    });
  });
  after(() => rm(project, { recursive: true, force: true }));

  it("is told by rule and resource, and is no compliance", () => {
    assert.deepEqual(
      report.problems.map(({ code, at, got }) => [code, at, got]),
      [
        [
          "ASY-420",
          "rule fails on urn:pulumi:dev::async-fleet::aws:sns/topic:Topic::told in stack dev",
          "Error: no table for this type",
        ],
        ["ASY-421", "policies/ in stack endless", "no answer within 5 seconds"],
      ],
    );
    assert.equal(exitCodeOf(report), 2);
  });

  it("leaves no process computing for ever", () => {
    const left = execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" }).split("\n");
    const packs = left.filter((line) => line.includes("run-pack")).map((line) => Number.parseInt(line, 10));
    const own = packs.filter((pid) => folderOf(pid).startsWith(project));
    assert.deepEqual(own, []);
  });

  it("keeps neither other rules nor other stacks from being judged", () => {
    assert.deepEqual(
      report.stacks.map(({ stack, findings }) => [stack, findings.map(({ policy }) => policy)]),
      [
        ["dev", ["judges"]],
        ["fine", ["judges"]],
      ],
    );
  });
});
