import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PackClient } from "../support/pack-client";

const root = join(__dirname, "../..");

/** A pack of the real parts with one rule that throws for a resource and one that throws for a stack. */
const source = `
const { assemble } = require("${root}/policies/assemble");
const { PolicyPack } = require("@pulumi/policy");
const facts = { group: "cost", controls: [], why: "", notJudged: "", displayName: "", description: "D.",
  severity: "low", enforcementLevel: "advisory", remediationSteps: "" };
const rules = [
  { ...facts, name: "throws", validateResource: () => { throw new TypeError("no such member"); } },
  { ...facts, name: "rejects", validateStack: async () => { throw new Error("no such stack"); } },
];
new PolicyPack("failing", { policies: assemble({ rules, resolved: {}, waivers: [], today: () => "2026-11-25" }) });
`;

describe("a rule that fails", function () {
  this.timeout(60_000);
  let folder: string;
  let served: PackClient;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "failing-pack-"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "package.json"), '{ "name": "failing", "version": "1.0.0", "main": "main.js" }');
    await writeFile(
      join(folder, "main.js"),
      `require("ts-node").register({ transpileOnly: true, project: "${root}/tsconfig.json" });\n${source}`,
    );
    served = await PackClient.start(folder, folder);
  });
  after(async () => {
    served.close();
    await rm(folder, { recursive: true, force: true });
  });

  const topic = { type: "aws:sns/topic:Topic", name: "t", props: {} };

  it("is told as that rule's failure, and never as compliance, though the rule is advisory", async () => {
    await assert.rejects(
      served.analyze(topic),
      /^Error: Error validating resource with policy 'throws' from policy pack 'failing@v1\.0\.0':\nTypeError: no such member/,
    );
  });

  it("is told in the same way when it fails later, about a stack", async () => {
    await assert.rejects(served.analyzeStack([topic]), /policy 'rejects' from policy pack[\s\S]*Error: no such stack/);
  });
});
