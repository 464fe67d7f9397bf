import assert from "node:assert/strict";
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { engines } from "../../package.json";
import { rootDir } from "../support/fleet-process";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface JobFile {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: object;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, JobFile>>;
}

const folder = join(rootDir, ".github/workflows");
const names = readdirSync(folder);
const workflows = new Map(names.map((name) => [name, parse(readFileSync(join(folder, name), "utf8")) as Workflow]));
const jobs = [...workflows].flatMap(([name, { jobs: all }]) =>
  Object.entries(all).map(([job, of]) => [`${name} ${job}`, of] as const),
);
const gitlab = parse(readFileSync(join(rootDir, ".gitlab-ci.yml"), "utf8"));

/** Our own scripts that a line of shell starts. */
const scriptsIn = (line: string): string[] =>
  [...line.matchAll(/(?:^|\s)(\.?ci\/[\w.-]+)/g)].map(([, script = ""]) => script);

describe("the workflows", () => {
  it("are there for the check and for the gates, on every push and pull request", () => {
    assert.deepEqual(names.sort(), ["check.yml", "gates.yml"]);
    for (const { on } of workflows.values()) assert.deepEqual(Object.keys(on), ["push", "pull_request"]);
  });

  it("use actions by the hash of a commit, with the version it is beside it", () => {
    const text = names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    const used = text.split("\n").filter((line) => line.includes("uses:"));
    const loose = used.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line));
    assert.equal(used.length, 11);
    assert.deepEqual(loose, []);
  });

  it("have no rights but those a job names, and none may write but the one that hands in the findings", () => {
    for (const { permissions } of workflows.values()) assert.deepEqual(permissions, {});
    assert.deepEqual(
      jobs.map(([name, { permissions = {} }]) => [name, permissions]),
      [
        ["check.yml check", { contents: "read" }],
        ["check.yml code-scanning", { actions: "read", contents: "read", "security-events": "write" }],
        ["gates.yml gates", { contents: "read" }],
        ["gates.yml browser", { contents: "read" }],
      ],
    );
    for (const [name, { steps }] of jobs) {
      for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")))
        assert.equal(step.with?.["persist-credentials"], false, name);
    }
  });

  it("end by themselves, and put nothing a stranger wrote into a shell", () => {
    for (const [name, { steps, "timeout-minutes": minutes }] of jobs) {
      assert.ok(minutes !== undefined && minutes <= 60, name);
      for (const { run = "" } of steps) assert.ok(!run.includes("${{"), `${name}: ${run}`);
    }
  });

  it("run scripts that are there and can be run", () => {
    const lines = [
      ...jobs.flatMap(([, { steps }]) => steps.map(({ run = "" }) => run)),
      ...gitlab.check.script,
      ...gitlab.gates.script,
    ];
    const scripts = [...new Set(lines.flatMap(scriptsIn))].sort();
    assert.deepEqual(scripts, [".ci/run", "ci/check.sh"]);
    for (const script of scripts) accessSync(join(rootDir, script), constants.X_OK);
  });

  it("try every Node that is supported, here and on GitLab", () => {
    const tried = workflows.get("gates.yml")?.jobs.gates?.strategy?.matrix.node;
    assert.deepEqual(tried, [20, 22, 24]);
    assert.deepEqual(gitlab.gates.parallel.matrix, [{ NODE_VERSION: ["20", "22", "24"] }]);
    assert.ok(engines.node.startsWith(`>=${tried?.[0]}.`));
  });

  it("open the status page in a browser, here and on GitLab", () => {
    const runs = workflows.get("gates.yml")?.jobs.browser?.steps.flatMap(({ run }) => run ?? []);
    assert.deepEqual(runs, ["npm ci", "npm run test:browser"]);
    assert.equal(gitlab.browser.script.at(-1), "npm run test:browser");
  });

  it("keep on GitLab what the check wrote, its tests as a report of tests", () => {
    assert.deepEqual(gitlab.check.artifacts, {
      when: "always",
      paths: ["check-reports"],
      reports: { junit: "check-reports/check.xml" },
    });
  });
});
