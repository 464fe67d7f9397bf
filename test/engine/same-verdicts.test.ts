import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkStacks } from "../../check/check-stacks";
import { runPulumi } from "../../rehearsal/engine/language-host";
import { offlineEnvironment } from "../../rehearsal/engine/offline-environment";
import { OperationFailed, RehearsalStack, type Violation } from "../../rehearsal/engine/rehearsal-stack";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";
import { program } from "../../stacks/program";
import { copyOfProject, engine, engineTimeoutMs, launcher, rootDir } from "./support";

/** Settings that rules of several kinds object to, once every rule is mandatory. */
const violated = `config:
  aws:region: eu-west-1
  async-fleet:regions: [eu-west-1]
  async-fleet:model:
    image: "{account}.dkr.ecr.{region}.amazonaws.com/async-fleet-examples/digits:1"
    data: ./examples/digits/model
    networkIsolation: false
    environment: { TS_MAX_REQUEST_SIZE: "1000" }
  async-fleet:alarms: false
  async-fleet:policies:
    preset: strict
`;

const { signal } = new AbortController();
/** At preview the engine does not know what only a deployment will tell, and says of a rule that it could not run. */
const couldNotRun = /^can't run policy/;
const keys = (found: ReadonlyArray<{ policy: string; level: string; urn: string; message: string }>): string[] =>
  [
    ...new Set(
      found
        .filter(({ message }) => !couldNotRun.test(message))
        .map(({ policy, level, urn }) => `${policy} ${level} ${urn.split("::").slice(2).join(" ")}`),
    ),
  ].sort();
const kindsOf = (verdict: readonly string[]): string[] =>
  [...new Set(verdict.map((line) => line.split(" ").slice(0, 2).join(" ")))].sort();

describe("the check and the engine, asked about the same stacks", () => {
  let folder: string;
  let project: string;
  let rehearsal: Rehearsal;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    folder = await mkdtemp(join(tmpdir(), "same-verdicts-"));
    project = join(folder, "project");
    await mkdir(project);
    await cp(join(rootDir, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    await cp(join(rootDir, "stacks"), join(project, "stacks"), { recursive: true });
    await writeFile(join(project, "stacks/Pulumi.violated.yaml"), violated);
    for (const name of ["policies", "examples", "node_modules"])
      await symlink(join(rootDir, name), join(project, name));
    rehearsal = await startRehearsal({ imageFolders: [join(rootDir, "examples/digits")] });
  });
  after(async () => {
    await rehearsal.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (stack: string): Promise<RehearsalStack> => {
    const own = await mkdtemp(join(folder, `${stack}-`));
    return RehearsalStack.open({
      engine: await engine(),
      providerPort: rehearsal.providerPort,
      stack,
      rootDir: project,
      folder: own,
      program: () => program({ rootDir: project }),
      policyPack: launcher,
    });
  };
  const byEngine = async (stack: string): Promise<readonly Violation[]> => {
    try {
      return (await (await open(stack)).preview()).violations;
    } catch (cause) {
      if (cause instanceof OperationFailed) return cause.told;
      throw cause;
    }
  };

  const byCheck = async (stack: string): Promise<readonly string[]> => {
    const report = await checkStacks({ rootDir: project, stacks: [stack], signal });
    assert.deepEqual(report.problems, []);
    return keys(report.stacks[0]?.findings ?? []);
  };

  it("come to the same rules, resources and levels where nothing is violated", async function () {
    this.timeout(180_000);
    for (const stack of ["dev", "eu-west-1"]) {
      const found = await byCheck(stack);
      assert.deepEqual(found, keys(await byEngine(stack)));
      assert.deepEqual(
        found.filter((line) => line.includes(" mandatory ")),
        [],
      );
    }
  });

  it("come to the same rules, resources and levels where much is violated, by a resource or by a whole stack", async function () {
    this.timeout(120_000);
    const found = await byCheck("violated");
    assert.deepEqual(found, keys(await byEngine("violated")));
    const kinds = kindsOf(found);
    for (const expected of [
      "container-accepts-the-declared-payload mandatory",
      "models-are-isolated mandatory",
      "endpoint-is-watched mandatory",
    ])
      assert.ok(kinds.includes(expected), `${expected} among ${kinds.join(", ")}`);
  });

  it("come to the same for the state that a deployment left, as the check's own recording does", async function () {
    this.timeout(180_000);
    const stack = await open("us-east-1");
    await stack.up();
    const file = join(folder, "state.json");
    await writeFile(file, await stack.exported());
    const report = await checkStacks({ rootDir: project, stacks: ["us-east-1"], files: [file], signal });
    assert.deepEqual(report.problems, []);
    const [recorded, state] = report.stacks;
    assert.equal(state?.stack, "us-east-1");
    assert.deepEqual(keys(state?.findings ?? []), keys(recorded?.findings ?? []));
    assert.equal(state?.resources, recorded?.resources);
    await stack.destroy();
  });

  it("come to the same for what `pulumi preview --json` printed", async function () {
    this.timeout(180_000);
    const projectFolder = await copyOfProject(folder, "previewed");
    await writeFile(join(projectFolder, "stacks/Pulumi.violated.yaml"), violated);
    const home = join(folder, "preview-home");
    await mkdir(home);
    const env = offlineEnvironment(home, rehearsal.providerPort);
    const { path } = await engine();
    execFileSync(path, ["stack", "init", "violated"], { cwd: projectFolder, env: { ...process.env, ...env } });
    const options = { engine: await engine(), stack: "violated", projectFolder, env };
    const { exitCode, output } = await runPulumi({ ...options, command: "preview", more: ["--json"] });
    assert.equal(exitCode, 0, output);
    const file = join(folder, "preview.json");
    await writeFile(file, output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
    const report = await checkStacks({ rootDir: project, stacks: [], files: [file], signal });
    assert.deepEqual(report.problems, []);
    assert.deepEqual(keys(report.stacks[0]?.findings ?? []), keys(await byEngine("violated")));
  });
});
