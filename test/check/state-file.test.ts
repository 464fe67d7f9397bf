import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStateFile, shownFile } from "../../check/state-file";
import { UsageError } from "../../contract/errors";
import { rootDir } from "../support/fleet-process";
import { unknown } from "../support/verdict";

const urn = (name: string): string => `urn:pulumi:dev::shop::aws:sns/topic:Topic::${name}`;
const topic = (name: string, more: object = {}) => ({
  urn: urn(name),
  type: "aws:sns/topic:Topic",
  custom: true,
  inputs: { name },
  ...more,
});
const secret = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

describe("a file that is judged", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "state-file-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const read = async (content: unknown) => {
    const file = join(folder, "judged.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content, null, 1));
    return readStateFile(file);
  };

  it("is known as a stack's state by its deployment", async () => {
    const state = await read({
      version: 3,
      deployment: {
        resources: [
          { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack", custom: false },
          topic("told", { outputs: { arn: "arn" }, propertyDependencies: { name: [urn("other")], tags: null } }),
          topic("going", { delete: true }),
        ],
      },
    });
    assert.deepEqual([state.project, state.stack], ["shop", "dev"]);
    const told = state.resources.find(({ name }) => name === "told");
    assert.deepEqual(told?.outputs, { arn: "arn" });
    assert.deepEqual(told?.propertyDependencies, { name: [urn("other")], tags: [] });
    assert.deepEqual(
      state.resources.map(({ name, custom }) => [name, custom]),
      [
        ["shop-dev", false],
        ["told", true],
      ],
    );
  });

  it("is known as a preview by its steps, and a deleted resource is not in it", async () => {
    const { resources } = await read({
      steps: [
        { op: "create-replacement", urn: urn("told"), newState: topic("told", { inputs: { name: "new" } }) },
        { op: "replace", urn: urn("told"), newState: topic("told", { inputs: { name: "newest" } }) },
        { op: "delete", urn: urn("gone"), oldState: topic("gone") },
      ],
    });
    assert.deepEqual(
      resources.map(({ name, inputs }) => [name, inputs]),
      [["told", { name: "newest" }]],
    );
  });

  it("gives secrets their value where it is written, and else one that nobody knows", async () => {
    const { resources } = await read({
      deployment: {
        resources: [
          topic("told", {
            inputs: {
              open: { [secret]: secretSignature, plaintext: '{"deep":["x"]}' },
              closed: { [secret]: secretSignature, ciphertext: "v1:abc" },
              masked: ["[secret]"],
            },
          }),
        ],
      },
    });
    assert.deepEqual(resources[0]?.inputs, { open: { deep: ["x"] }, closed: unknown, masked: [unknown] });
  });

  it("tells the line a resource begins at", async () => {
    const state = await read({ deployment: { resources: [topic("one"), topic("two")] } });
    assert.equal(state.lineOf(urn("one")), 5);
    assert.equal(state.lineOf(urn("two")), 13);
  });

  it("is shown by its path in the project, or as it was named", () => {
    assert.equal(shownFile(rootDir, join(rootDir, "out/state.json")), "out/state.json");
    assert.equal(shownFile(rootDir, "/elsewhere/state.json"), "/elsewhere/state.json");
  });

  const refused: ReadonlyArray<readonly [string, unknown, string, RegExp]> = [
    ["no JSON", "name: async-fleet", "ASY-424", /JSON/],
    ["a list", [1], "ASY-424", /an object with 0/],
    ["another JSON file", { name: "async-fleet", scripts: {} }, "ASY-424", /an object with name, scripts/],
    [
      "a resource without a URN",
      { deployment: { resources: [{ type: "aws:sns/topic:Topic" }] } },
      "ASY-424",
      /urn undefined/,
    ],
    [
      "a preview that failed",
      { steps: [], diagnostics: [{ severity: "error", message: "<{%reset%}>no model\n  at x" }] },
      "ASY-424",
      /a preview that failed: no model$/,
    ],
    ["a state without resources", { version: 3, deployment: {} }, "ASY-403", /no resource/],
  ];
  for (const [name, content, code, got] of refused) {
    it(`is refused as ${name}`, async () => {
      await assert.rejects(read(content), (cause) => {
        assert.ok(cause instanceof UsageError, String(cause));
        assert.equal(cause.problems[0]?.code, code);
        assert.match(cause.problems[0]?.got ?? "", got);
        return true;
      });
    });
  }

  it("is refused when it is not there", async () => {
    await assert.rejects(readStateFile(join(folder, "none.json")), /ASY-423/);
  });
});
