import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { rootDir } from "../support/fleet-process";

/** What a fresh process records of stacks, one after the other. */
function recordedIn(...stacks: readonly string[]): ReadonlyMap<string, string> {
  return recordedAfter("", stacks);
}

/** @param first what the process does before it loads anything of Pulumi */
function recordedAfter(first: string, stacks: readonly string[]): ReadonlyMap<string, string> {
  const script = `
    ${first}
    const { recordProgram } = require("./check/record-program");
    const { plausibleAws } = require("./check/stand-in");
    const { program } = require("./stacks/program");
    (async () => {
      const all = [];
      for (const stack of ${JSON.stringify(stacks)}) {
        const { resources, outputs } = await recordProgram(
          { rootDir: process.cwd(), stack, program: () => program({ rootDir: process.cwd() }), stand: plausibleAws,
            onResource: () => {} });
        const sorted = [...resources].sort((left, right) => (left.urn < right.urn ? -1 : 1));
        all.push([stack, JSON.stringify({ resources: sorted, outputs })]);
      }
      process.stdout.write(JSON.stringify(all));
    })();`;
  const printed = execFileSync(process.execPath, ["-r", join(rootDir, "bin/typescript.js"), "-e", script], {
    cwd: rootDir,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return new Map(JSON.parse(printed) as Array<[string, string]>);
}

describe("programs recorded one after the other in one process", function () {
  this.timeout(120_000);

  it("are recorded as each is in a process of its own, whatever came before", () => {
    const together = recordedIn("prod", "dev", "us-east-1", "eu-west-1");
    for (const stack of ["dev", "us-east-1", "eu-west-1"]) {
      const alone = recordedIn(stack).get(stack) ?? "";
      assert.ok(alone.includes(`urn:pulumi:${stack}::async-fleet::`), "it holds the stack's own resources");
      assert.equal(together.get(stack), alone);
    }
    assert.notEqual(together.get("dev"), together.get("eu-west-1")?.replaceAll("eu-west-1::", "dev::"));
  });

  it("are recorded alike in a process that is light because it records one", () => {
    const light = recordedAfter(
      `require("./policies/lean-pulumi");
       const { keepOneProgram, lightenRuntime } = require("./check/light-runtime");
       keepOneProgram();
       lightenRuntime();`,
      ["eu-west-1"],
    );
    assert.equal(light.get("eu-west-1"), recordedIn("eu-west-1").get("eu-west-1"));
  });
});
