import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SettingsFiles } from "../../check/settings-files";

const project = `name: async-fleet
stackConfigDir: stacks
config:
  async-fleet:model:
    type: object
    default:
      image: an-image
`;
const stack = `# A stack.
config:
  aws:region: eu-west-1
  async-fleet:scaling:
    min: 0
  async-fleet:overrides:
    eu-west-1:
      scaling: { max: 7 }
`;

describe("the place of a setting", () => {
  let folder: string;
  let files: SettingsFiles;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "settings-files-"));
    await mkdir(join(folder, "stacks"));
    await writeFile(join(folder, "Pulumi.yaml"), project);
    await writeFile(join(folder, "stacks/Pulumi.dev.yaml"), stack);
    files = await SettingsFiles.read(folder, "dev");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const own = "stacks/Pulumi.dev.yaml";
  const rows: ReadonlyArray<readonly [string, string, string | undefined, object]> = [
    [
      "is its own line in the stack's file",
      "scaling.min",
      "eu-west-1",
      { file: own, line: 5, column: 5, isWritten: true },
    ],
    [
      "is the region's override before the stack's own",
      "scaling.max",
      "eu-west-1",
      { file: own, line: 8, column: 18, isWritten: true },
    ],
    [
      "is where a default of a written group would be",
      "scaling.max",
      "us-east-1",
      { file: own, line: 4, column: 3, isWritten: false },
    ],
    [
      "is the project's file for what all stacks share",
      "model.image",
      undefined,
      { file: "Pulumi.yaml", line: 7, column: 7, isWritten: true },
    ],
    [
      "is the stack's config for a default nobody wrote",
      "requests.payloadBytes",
      undefined,
      { file: own, line: 2, column: 1, isWritten: false },
    ],
    [
      "is the stack's config for a missing part of what the project sets",
      "model.environment",
      undefined,
      { file: own, line: 2, column: 1, isWritten: false },
    ],
  ];
  for (const [name, path, region, expected] of rows) {
    it(name, () => assert.deepEqual(files.placeOf(path, region), { key: `async-fleet:${path}`, ...expected }));
  }

  it("knows which project the files are of", () => assert.equal(files.project, "async-fleet"));
});
