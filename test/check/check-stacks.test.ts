import assert from "node:assert/strict";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkStacks } from "../../check/check-stacks";
import { exitCodeOf } from "../../check/finding";
import { rootDir } from "../support/fleet-process";

const within =
  "asyncinference:components:AsyncFleet$asyncinference:components:AsyncRegion$asyncinference:components:AsyncEndpoint";
const { signal } = new AbortController();

describe("the check of stacks", function () {
  this.timeout(60_000);
  let project: string;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "checked-project-"));
    await cp(join(rootDir, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    await cp(join(rootDir, "stacks"), join(project, "stacks"), { recursive: true });
    for (const name of ["policies", "examples", "node_modules"])
      await symlink(join(rootDir, name), join(project, name));
  });
  after(() => rm(project, { recursive: true, force: true }));

  const stack = (name: string, settings: string): Promise<void> =>
    writeFile(join(project, "stacks", `Pulumi.${name}.yaml`), `config:\n  aws:region: eu-west-1\n${settings}`);

  it("judges several at once, each with its own verdict, in the order they were named", async () => {
    await stack(
      "tight",
      "  async-fleet:regions: [eu-west-1]\n  async-fleet:model:\n    image: '{account}.dkr.ecr.{region}.amazonaws.com/async-fleet-examples/digits:1'\n    data: ./examples/digits/model\n    environment: { TS_MAX_REQUEST_SIZE: '1000' }\n",
    );
    const told: string[] = [];
    const report = await checkStacks({
      rootDir: project,
      stacks: ["tight", "dev"],
      signal,
      onVerdict: ({ stack: name }) => void told.push(name),
    });
    const [tight, dev] = report.stacks;
    assert.deepEqual(report.problems, []);
    assert.deepEqual([tight?.stack, dev?.stack], ["tight", "dev"]);
    assert.deepEqual(told.sort(), ["dev", "tight"]);
    assert.deepEqual(
      dev?.findings.filter(({ level }) => level === "mandatory"),
      [],
    );
    assert.deepEqual(
      tight?.findings
        .filter(({ level }) => level === "mandatory")
        .map(({ policy, level, urn }) => [policy, level, urn.split("::").slice(2).join(" ")]),
      [
        [
          "container-accepts-the-declared-payload",
          "mandatory",
          `${within}$aws:sagemaker/model:Model fleet-eu-west-1-model`,
        ],
      ],
    );
    assert.ok((dev?.notApplicable ?? 0) > 100, "rules are asked about every resource");
  });

  it("tells the problems of every stack that cannot be judged, and calls none of them clean", async () => {
    await stack("typo", "  async-fleet:requests: { timeToLiveSeconds: 59 }\n");
    await stack("broken", "  - not: [a map\n");
    const report = await checkStacks({ rootDir: project, stacks: ["typo", "broken", "none", "dev"], signal });
    const told = report.problems.map(({ code, at }) => `${code} ${at.replace(project, "")}`);
    assert.deepEqual(told, [
      "ASY-102 async-fleet:requests.timeToLiveSeconds in stack typo",
      "ASY-102 /stacks/Pulumi.broken.yaml",
      "ASY-602 stack none",
    ]);
    assert.deepEqual(
      report.stacks.map(({ stack: judged }) => judged),
      ["dev"],
    );
    assert.equal(exitCodeOf(report), 2);
  });

  it("tells of a pack that does not start", async () => {
    const without = await mkdtemp(join(tmpdir(), "checked-project-"));
    try {
      await cp(join(project, "Pulumi.yaml"), join(without, "Pulumi.yaml"));
      await cp(join(project, "stacks"), join(without, "stacks"), { recursive: true });
      await symlink(join(rootDir, "examples"), join(without, "examples"));
      await cp(join(rootDir, "policies/PulumiPolicy.yaml"), join(without, "policies/PulumiPolicy.yaml"));
      const report = await checkStacks({ rootDir: without, stacks: ["dev", "prod"], signal });
      assert.deepEqual(
        report.problems.map(({ code }) => code),
        ["ASY-404"],
      );
      assert.deepEqual([report.stacks, exitCodeOf(report)], [[], 2]);
    } finally {
      await rm(without, { recursive: true, force: true });
    }
  });
});
