import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rootDir } from "../support/fleet-process";

/** What a fresh process prints that loads Pulumi after what makes it lean. */
function printed(script: string): unknown {
  const source = `require("./policies/lean-pulumi"); const pulumi = require("@pulumi/pulumi");
    const print = (value) => process.stdout.write(JSON.stringify(value));
    ${script}`;
  return JSON.parse(execFileSync(process.execPath, ["-e", source], { cwd: rootDir, encoding: "utf8" }));
}
const loaded = `["@npmcli/arborist/lib/arborist", "typescript/lib/typescript.js", "@pulumi/pulumi/automation/stack.js"]
  .filter((part) => Object.keys(require.cache).some((file) => file.replaceAll("\\\\", "/").includes(part)))`;

describe("a lean Pulumi", function () {
  this.timeout(30_000);

  it("loads neither npm's tree, nor the compiler, nor the Automation API", () => {
    assert.deepEqual(printed(`print(${loaded})`), []);
  });

  it("loads the Automation API for who asks for it", () => {
    assert.deepEqual(
      printed(`print([typeof pulumi.automation.LocalWorkspace.create, "Stack" in pulumi.automation, ${loaded}])`),
      ["function", true, ["@pulumi/pulumi/automation/stack.js"]],
    );
  });

  it("serialises functions, which takes the compiler and npm's tree", () => {
    const { text, paths, ours } = printed(`(async () => {
      const factor = 3;
      const { text } = await pulumi.runtime.serializeFunction((x) => x * factor);
      const paths = await pulumi.runtime.computeCodePaths();
      print({ text, paths: paths.size, ours: ${loaded} });
    })()`) as { text: string; paths: number; ours: string[] };
    assert.match(text, /factor: 3/);
    assert.ok(paths > 10, `${paths} paths`);
    assert.deepEqual(ours, ["@npmcli/arborist/lib/arborist", "typescript/lib/typescript.js"]);
  });
});
