import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { changedStacks } from "../../check/changed-stacks";

const stacks = ["dev", "eu", "local"];

describe("the stacks whose inputs changed", () => {
  let repository: string;
  let project: string;
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: repository,
      encoding: "utf8",
    });
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(project, file)), { recursive: true });
    await writeFile(join(project, file), text);
  };
  const changed = (revision = "HEAD", alsoInputs: readonly string[] = []) =>
    changedStacks({ rootDir: project, revision, stacks, alsoInputs });

  before(async () => {
    repository = await mkdtemp(join(tmpdir(), "changed-stacks-"));
    // The project need not be the repository's root.
    project = join(repository, "fleet");
    await write("Pulumi.yaml", "name: async-fleet\nstackConfigDir: stacks\n");
    for (const stack of ["dev", "eu"])
      await write(`stacks/Pulumi.${stack}.yaml`, "config:\n  async-fleet:model: { data: 's3://b/m.tar.gz' }\n");
    await write(
      "stacks/Pulumi.local.yaml",
      "config:\n  async-fleet:model: { data: ./models/a }\n  async-fleet:overrides: { eu-west-1: { model: { data: models/b.tar.gz } } }\n",
    );
    await write("models/a/weights.bin", "1");
    await write("contract/limits.ts", "export {};\n");
    await writeFile(join(repository, "README.md"), "a\n");
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "first");
  });
  after(() => rm(repository, { recursive: true, force: true }));
  afterEach(() => {
    git("reset", "-q", "--hard", "HEAD");
    git("clean", "-fdq");
  });

  it("are none while nothing changed, and none for what no stack is made of", async () => {
    assert.deepEqual(await changed(), []);
    await writeFile(join(repository, "README.md"), "b\n");
    await write("docs/notes.md", "c\n");
    assert.deepEqual(await changed(), []);
  });

  const rows: ReadonlyArray<readonly [string, string, readonly string[]]> = [
    ["its own file changed", "stacks/Pulumi.eu.yaml", ["eu"]],
    ["a file of its model changed, and one that is not yet in git counts", "models/a/more.bin", ["local"]],
    ["the model of one of its regions changed", "models/b.tar.gz", ["local"]],
    ["the project's file changed", "Pulumi.yaml", stacks],
    ["a file of the program changed", "components/fleet.ts", stacks],
    ["a rule changed", "policies/rules/new.ts", stacks],
    ["the reader of settings changed", "stacks/read-settings.ts", stacks],
    ["the packages changed", "package-lock.json", stacks],
  ];
  for (const [name, file, expected] of rows) {
    it(`hold a stack when ${name}`, async () => {
      await write(
        file,
        file === "Pulumi.yaml" ? "name: async-fleet\nstackConfigDir: stacks\n# more\n" : "config: {}\n",
      );
      assert.deepEqual(await changed(), expected);
    });
  }

  it("hold every stack when a file named on the command line changed", async () => {
    await write("ci/policy.json", "{}");
    assert.deepEqual(await changed("HEAD", [join(project, "ci/policy.json")]), stacks);
  });

  it("are those of a branch since it left another, not those of the other", async () => {
    git("switch", "-q", "-c", "feature");
    await write("stacks/Pulumi.dev.yaml", "config: {}\n");
    git("commit", "-qam", "dev");
    git("switch", "-q", "main");
    await write("stacks/Pulumi.eu.yaml", "config: {}\n");
    git("commit", "-qam", "eu");
    git("switch", "-q", "feature");
    assert.deepEqual(await changed("main"), ["dev"]);
  });

  it("cannot be told since a revision there is not, nor outside a repository", async () => {
    await assert.rejects(
      changed("no-such-branch"),
      /^UsageError: ASY-425 {2}--changed no-such-branch\n {2}got {7}no such revision/,
    );
    await assert.rejects(changed("--all"), /ASY-425/);
    const outside = await mkdtemp(join(tmpdir(), "no-repository-"));
    try {
      await assert.rejects(
        changedStacks({ rootDir: outside, revision: "HEAD", stacks }),
        /ASY-425[\s\S]*not a git repository/,
      );
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  });
});
