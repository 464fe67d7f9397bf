import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkRegionFiles, writeRegionFiles } from "../../stacks/region-files";
import { readStackConfig } from "../../stacks/stack-config";

const inStep = { missing: [], stale: [], surplus: [] };

describe("stack files of regions", () => {
  it("are in step with the region table", async () => {
    assert.deepEqual(await checkRegionFiles(resolve(__dirname, "../../stacks")), inStep);
  });

  it("are told apart as missing, stale and surplus, and mended", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stacks-"));
    try {
      assert.equal((await writeRegionFiles(folder)).missing.length, 31);
      await rm(join(folder, "Pulumi.eu-west-1.yaml"));
      await writeFile(join(folder, "Pulumi.us-east-1.yaml"), "config:\n  aws:region: us-east-2\n");
      await writeFile(join(folder, "Pulumi.eu-south-1.yaml"), "config: {}\n");
      assert.deepEqual(await checkRegionFiles(folder), {
        missing: ["eu-west-1"],
        stale: ["us-east-1"],
        surplus: ["eu-south-1"],
      });
      await writeRegionFiles(folder);
      assert.deepEqual(await checkRegionFiles(folder), inStep);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("a stack's configuration", () => {
  it("is the project's defaults with the stack's own values over them", async () => {
    const { project, config } = await readStackConfig(resolve(__dirname, "../.."), "eu-west-1");
    assert.equal(project, "async-fleet");
    assert.deepEqual(config, {
      "aws:region": "eu-west-1",
      "async-fleet:model": JSON.stringify({
        image: "{account}.dkr.ecr.{region}.amazonaws.com/async-fleet-examples/digits:1",
        data: "./examples/digits/model",
      }),
    });
  });

  it("of a stack without a file is told by its code", async () => {
    await assert.rejects(readStackConfig(resolve(__dirname, "../.."), "none"), /ASY-602 {2}stack none/);
  });
});
