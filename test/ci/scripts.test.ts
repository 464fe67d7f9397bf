import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootDir } from "../support/fleet-process";

const parts = [
  ...["Pulumi.yaml", "package.json", "tsconfig.json", "index.ts", ".gitignore"],
  ...["bin", "check", "ci", "cli", "client", "components", "contract", "examples", "policies", "rehearsal", "stacks"],
];
const stackFile = "stacks/Pulumi.eu-west-1.yaml";
const head = "config:\n  aws:region: eu-west-1\n";
const violating = `${head}  async-fleet:model:\n    image: "{account}.dkr.ecr.{region}.amazonaws.com/async-fleet-examples/digits:1"\n    environment: { TS_MAX_REQUEST_SIZE: "1000" }\n`;

describe("the scripts of a pull request", function () {
  this.timeout(180_000);
  let clone: string;
  before(() => {
    clone = mkdtempSync(join(tmpdir(), "pull-request-"));
    for (const part of parts) cpSync(join(rootDir, part), join(clone, part), { recursive: true });
    symlinkSync(join(rootDir, "node_modules"), join(clone, "node_modules"));
    git("init", "-q", "-b", "main");
    git("add", "-A", ".");
    git("commit", "-q", "-m", "base");
  });
  after(() => rmSync(clone, { recursive: true, force: true }));
  afterEach(() => {
    git("reset", "-q", "--hard", "HEAD");
    rmSync(join(clone, "check-reports"), { recursive: true, force: true });
    rmSync(join(clone, "summary.md"), { force: true });
  });

  const run = (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GIT|GITHUB|CHECK)_/.test(name)));
    return spawnSync(command, args, { cwd: clone, encoding: "utf8", env: { ...own, ...env } });
  };
  const git = (...args: string[]): void => {
    const { status, stderr } = run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
    assert.equal(status, 0, stderr);
  };
  const check = (since: string) => run("ci/check.sh", [since], { GITHUB_STEP_SUMMARY: join(clone, "summary.md") });
  const reportOf = (name: string): string => readFileSync(join(clone, "check-reports", name), "utf8");

  it("judge only what changed, and leave every report and the summary", () => {
    writeFileSync(join(clone, stackFile), `${head}  async-fleet:requests: { payloadBytes: 1000000 }\n`);
    const { status, stdout, stderr } = check("HEAD");
    assert.equal(status, 0, stdout + stderr);
    assert.deepEqual(
      JSON.parse(reportOf("check.json")).stacks.map(({ stack }: { stack: string }) => stack),
      ["eu-west-1"],
    );
    assert.equal(JSON.parse(reportOf("check.sarif")).version, "2.1.0");
    assert.match(reportOf("check.xml"), /<testsuite name="eu-west-1"/);
    assert.equal(readFileSync(join(clone, "summary.md"), "utf8"), reportOf("check.md"));
    assert.match(reportOf("check.md"), /^## Policy check\n\n\*\*Clean\.\*\*/);
    assert.match(stdout, /eu-west-1 {2}\d+ resources/);
  });

  it("pass on that a rule is violated, at the line that causes it", () => {
    writeFileSync(join(clone, stackFile), violating);
    assert.equal(check("HEAD").status, 1);
    const [result] = JSON.parse(reportOf("check.sarif")).runs[0].results.filter(
      ({ ruleId }: { ruleId: string }) => ruleId === "container-accepts-the-declared-payload",
    );
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    assert.deepEqual([artifactLocation.uri, region.startLine], [stackFile, 5]);
    assert.match(readFileSync(join(clone, "summary.md"), "utf8"), /\*\*Violated\.\*\*/);
  });

  it("pass on that a stack could not be judged, with a summary that says so", () => {
    writeFileSync(join(clone, stackFile), `${head}  async-fleet:requests: { payloadBytes: 0 }\n`);
    assert.equal(check("HEAD").status, 2);
    assert.match(readFileSync(join(clone, "summary.md"), "utf8"), /\*\*Not judged\.\*\*[\s\S]*ASY-102/);
    assert.equal(JSON.parse(reportOf("check.sarif")).runs[0].invocations[0].executionSuccessful, false);
  });

  it("let a commit pass that touches no stack, and refuse one that violates a rule", () => {
    writeFileSync(join(clone, "README.md"), "more\n");
    const untouched = run("ci/pre-commit.sh", [], { GIT_INDEX_FILE: ".git/index", GIT_DIR: ".git" });
    assert.equal(untouched.status, 0, untouched.stderr);
    assert.match(untouched.stderr, /No stack's inputs changed since HEAD: nothing to judge\./);
    symlinkSync("../../ci/pre-commit.sh", join(clone, ".git/hooks/pre-commit"));
    writeFileSync(join(clone, stackFile), violating);
    const refused = run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qam", "small"]);
    assert.equal(refused.status, 1);
    assert.match(refused.stdout + refused.stderr, /container-accepts-the-declared-payload/);
    assert.equal(existsSync(join(clone, "check-reports")), false);
  });
});
