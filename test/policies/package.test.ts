import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dependencies, version } from "../../package.json";
import * as pack from "../../policies/package.json";
import { configuration, configurationWithOutput } from "../support/hand-written";
import { PackClient } from "../support/pack-client";

const root = join(__dirname, "../..");

describe("the package, installed in a project of somebody else's", function () {
  this.timeout(120_000);
  let project: string;
  let installed: string;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "somebody-elses-"));
    const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", project], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    installed = join(project, "node_modules/async-fleet");
    await mkdir(installed, { recursive: true });
    execFileSync("tar", ["-xzf", join(project, packed.trim()), "-C", installed, "--strip-components=1"]);
    // What npm would install beside it, without asking a registry.
    for (const name of await readdir(join(root, "node_modules")))
      if (!name.startsWith(".")) await symlink(join(root, "node_modules", name), join(project, "node_modules", name));
    await writeFile(join(project, "Pulumi.yaml"), "name: elsewhere\nruntime: nodejs\n");
  });
  after(() => rm(project, { recursive: true, force: true }));

  it("judges that project's resources and reads that project's waivers, with nothing of ours beside it", async () => {
    await mkdir(join(project, "policies"));
    await writeFile(
      join(project, "policies/waivers.yaml"),
      "waivers:\n  - rule: failure-path-is-not-the-result-path\n    region: eu-west-1\n    reason: Both are read by one job, which tells failures by their suffix.\n    owner: team-ml\n    expires: 2999-12-31\n",
    );
    const served = await PackClient.start(join(installed, "policies"), "");
    try {
      await served.configureStack({});
      const { levels } = await served.describe();
      assert.equal(levels["results-are-told"], "mandatory");
      const told = async (props: object) =>
        (await served.analyze({ type: configuration().type, name: "own", props }))
          .filter(({ policy }) => ["results-are-told", "failure-path-is-not-the-result-path"].includes(policy))
          .map(({ policy, level }) => [policy, level]);
      assert.deepEqual(await told(configuration().props), []);
      const { props } = configurationWithOutput({
        s3FailurePath: "s3://bucket/results/failures/",
        notificationConfig: { successTopic: "arn:aws:sns:eu-west-1:123456789012:ok" },
      });
      assert.deepEqual(await told(props), [
        ["failure-path-is-not-the-result-path", "advisory"],
        ["results-are-told", "mandatory"],
      ]);
    } finally {
      served.close();
    }
  });

  it("brings a launcher that an engine can start, and the presets as files", async () => {
    assert.notEqual((await stat(join(installed, "policies/launcher"))).mode & 0o111, 0);
    assert.match(await readFile(join(installed, "policies/PulumiPolicy.yaml"), "utf8"), /^runtime: nodejs$/m);
    assert.deepEqual((await readdir(join(installed, "policies/presets"))).sort(), [
      "essential.json",
      "recommended.json",
      "strict.json",
    ]);
  });

  it("holds no tests", async () => {
    const held = await readdir(installed);
    for (const name of ["test", "node_modules", ".ci"]) assert.ok(!held.includes(name), name);
  });
});

describe("the pack's own package file", () => {
  it("names the versions the root package names, and what its sources import", () => {
    const named = dependencies as Readonly<Record<string, string>>;
    assert.equal(pack.version, version);
    for (const [name, each] of Object.entries(pack.dependencies)) assert.equal(each, named[name], name);
  });
});
