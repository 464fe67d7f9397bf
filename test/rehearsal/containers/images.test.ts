import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type Problem, UsageError } from "../../../contract/errors";
import { ImageStore } from "../../../rehearsal/containers/images";
import { imageFolder } from "../../fixtures/image-folders";

const expected = '{"repository": "team/model", "command": ["node", "server.js"]}';

describe("the image store", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "images-"));
  });
  after(() => rm(root, { recursive: true }));

  /** A folder that holds this text as its container.json, or none. */
  async function folder(name: string, text?: string): Promise<string> {
    const path = join(root, name);
    await mkdir(path);
    if (text !== undefined) await writeFile(join(path, "container.json"), text);
    return path;
  }

  async function problemsOf(folders: readonly string[]): Promise<readonly Problem[]> {
    return ImageStore.fromFolders(folders).then(
      () => assert.fail("the folders were accepted"),
      (cause: unknown) => {
        assert.ok(cause instanceof UsageError, String(cause));
        return cause.problems;
      },
    );
  }

  it("reads an image from its folder", async () => {
    const store = await ImageStore.fromFolders([imageFolder("echoes"), imageFolder("hangs")]);
    assert.deepEqual(store.find("fixtures/echoes"), {
      repository: "fixtures/echoes",
      command: ["node", "server.js"],
      folder: imageFolder("echoes"),
    });
    assert.equal(store.find("fixtures/hangs:2")?.folder, imageFolder("hangs"));
    assert.equal(store.find("fixtures/other"), undefined);
  });

  it("tells everything that is wrong with every folder at once", async () => {
    const rows: Array<[string, string | undefined, string]> = [
      ["empty", undefined, "no such file"],
      ["shouting", '{"repository": "Team/Model", "command": ["x"]}', 'repository "Team/Model"'],
      ["nameless", '{"command": ["x"]}', "repository undefined"],
      ["tagged", '{"repository": "team/model:1", "command": ["x"]}', 'repository "team/model:1"'],
      ["idle", '{"repository": "a", "command": []}', "command []"],
      ["in-one", '{"repository": "a", "command": "node server.js"}', 'command "node server.js"'],
      ["numbered", '{"repository": "a", "command": ["x", 1]}', 'command ["x",1]'],
      ["blank", '{"repository": "a", "command": [""]}', 'command [""]'],
    ];
    const folders = await Promise.all(rows.map(([name, text]) => folder(name, text)));
    assert.deepEqual(
      await problemsOf([imageFolder("echoes"), ...folders]),
      rows.map(([name, , got]) => ({ code: "ASY-501", at: join(root, name, "container.json"), got, expected })),
    );
  });

  it("tells a file that is no JSON object by its place", async () => {
    for (const [name, text] of [
      ["broken", "{"],
      ["null", "null"],
    ] as const) {
      const [problem, ...others] = await problemsOf([await folder(name, text)]);
      assert.deepEqual(others, []);
      assert.deepEqual([problem?.code, problem?.at], ["ASY-501", join(root, name, "container.json")]);
    }
  });

  const rows: Array<[string, boolean]> = [
    ["team/model", true],
    ["team/model:1", true],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model", true],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:latest", true],
    [`123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model@sha256:${"0".repeat(64)}`, true],
    [`123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1@sha256:${"0".repeat(64)}`, true],
    ["localhost:5000/team/model", true],
    ["localhost:5000/team/model:1", true],
    ["team/model/more:1", false],
    ["model:1", false],
    ["registry.example/model", false],
    ["other/team/model", false],
    ["", false],
  ];
  for (const [uri, known] of rows) {
    it(`${known ? "finds" : "does not find"} team/model by ${JSON.stringify(uri)}`, () => {
      const store = new ImageStore();
      const image = { repository: "team/model", command: ["x"], folder: "/" };
      store.add(image);
      assert.equal(store.find(uri), known ? image : undefined);
    });
  }

  it("finds an image whatever its registry, its tag and its digest", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const repository = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    const host = fc.constantFrom("", "registry.example/", "registry.example:5000/", "localhost:5000/");
    const tag = fc.option(
      fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}$/).map((name) => `:${name}`),
      { nil: "" },
    );
    const digest = fc.constantFrom("", `@sha256:${"ab".repeat(32)}`);
    fc.assert(
      fc.property(repository, host, tag, digest, (name, at, tagged, digested) => {
        const store = new ImageStore();
        store.add({ repository: name, command: ["x"], folder: "/" });
        assert.equal(store.find(`${at}${name}${tagged}${digested}`)?.repository, name);
      }),
    );
  });
});

describe("an image without a folder", () => {
  it("is served by the command it was given, whatever its registry and tag", async () => {
    const store = await ImageStore.fromFolders([]);
    store.addCommand("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1", "node 'my server.js'");
    const image = store.find("team/model:2");
    assert.deepEqual(image?.command, ["sh", "-c", `exec node 'my server.js' "$@"`, "sh"]);
    assert.equal(image?.folder, process.cwd());
    assert.equal(store.find("team/other"), undefined);
  });

  it("echoes where others are echoed", async () => {
    const store = await ImageStore.fromFolders([]);
    store.echoOthers();
    assert.match(store.find("team/any:1")?.command[1] ?? "", /echo.server\.js$/);
    assert.equal(store.find(""), undefined);
  });
});
