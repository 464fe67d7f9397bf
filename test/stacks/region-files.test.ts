import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkRegionFiles, writeRegionFiles } from "../../stacks/region-files";
import { readStackConfig } from "../../stacks/stack-config";

const inStep = { missing: [], stale: [], surplus: [], kept: [] };

describe("stack files of regions", () => {
  let folder: string;
  const file = (region: string): string => join(folder, `Pulumi.${region}.yaml`);
  const textOf = (region: string): Promise<string> => readFile(file(region), "utf8");
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stacks-"));
    await writeRegionFiles(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("are in step with the region table", async () => {
    assert.deepEqual(await checkRegionFiles(resolve(__dirname, "../../stacks")), inStep);
  });

  it("are written for every supported region, the opt-in ones marked", async () => {
    assert.equal((await readdir(folder)).length, 31);
    assert.equal(
      await textOf("ca-west-1"),
      "# Canada West (Calgary): the fleet's piece in this region, with a state and a lock of its own.\n" +
        "# An opt-in region: the account must enable it before anything can be deployed there.\n" +
        "config:\n  aws:region: ca-west-1\n",
    );
    assert.doesNotMatch(await textOf("eu-west-1"), /opt-in/);
    assert.deepEqual(await checkRegionFiles(folder), inStep);
  });

  it("are told apart as missing, stale and surplus, and mended", async () => {
    await rm(file("eu-west-1"));
    await writeFile(file("us-east-1"), "config:\n  aws:region: us-east-2\n");
    await writeFile(file("us-east-2"), "# nothing yet\n");
    await writeFile(file("eu-south-1"), "config:\n  aws:region: eu-south-1\n");
    const expected = { missing: ["eu-west-1"], stale: ["us-east-1", "us-east-2"], surplus: ["eu-south-1"], kept: [] };
    assert.deepEqual(await checkRegionFiles(folder), expected);
    assert.deepEqual(await writeRegionFiles(folder), expected);
    assert.deepEqual(await checkRegionFiles(folder), inStep);
  });

  it("keep settings and comments when their region is mended", async () => {
    await writeFile(
      file("us-east-1"),
      "# ours\nconfig:\n  aws:region: us-east-2\n  async-fleet:scaling:\n    max: 9 # agreed in March\n",
    );
    await writeRegionFiles(folder);
    assert.equal(
      await textOf("us-east-1"),
      "# ours\nconfig:\n  aws:region: us-east-1\n  async-fleet:scaling:\n    max: 9 # agreed in March\n",
    );
  });

  it("are in step however YAML writes their region", async () => {
    await writeFile(file("us-east-1"), 'config: { "aws:region": "us-east-1" } # one line\n');
    assert.deepEqual(await checkRegionFiles(folder), inStep);
  });

  it("of an excluded region are in step when they lift the exclusion with a reason, and kept when they do not", async () => {
    const lifted =
      "config:\n  aws:region: eu-south-1\n  async-fleet:regions: [{ region: eu-south-1, reason: tried }]\n";
    await writeFile(file("eu-south-1"), lifted);
    await writeFile(file("af-south-1"), "config:\n  aws:region: af-south-1\n  async-fleet:scaling: { max: 3 }\n");
    assert.deepEqual(await checkRegionFiles(folder), { ...inStep, kept: ["af-south-1"] });
    await writeRegionFiles(folder);
    assert.equal(await textOf("eu-south-1"), lifted);
    assert.match(await textOf("af-south-1"), /max: 3/);
  });

  it("that are not YAML are all told, and nothing is written", async () => {
    await writeFile(file("us-east-1"), "config: [\n");
    await rm(file("us-east-2"));
    await assert.rejects(writeRegionFiles(folder), /ASY-102 {2}.*Pulumi\.us-east-1\.yaml/);
    assert.equal((await readdir(folder)).length, 30);
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
