import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { parse } from "yaml";
import { parseFaults } from "../../rehearsal/world/faults/parse";
import { faultSchemas, faultsJsonSchema } from "../../rehearsal/world/faults/schema";

const page = readFileSync(join(__dirname, "../../docs/FAULTS.md"), "utf8");
const sections = page
  .split(/^## /m)
  .slice(1)
  .filter((section) => !section.startsWith("Where"));
const common = ["what", "where", "fromSeconds", "toSeconds"];
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

describe("docs/FAULTS.md", () => {
  it("has a section for each fault and none besides, in the schema's order and words", () => {
    const told = sections.map((section) => section.split("\n\n").slice(0, 2));
    assert.deepEqual(
      told,
      Object.entries(faultSchemas).map(([what, schema]) => [what, schema.meta()?.description]),
    );
  });

  it("tells of each key that a fault has, and of no other", () => {
    for (const section of sections) {
      const what = section.split("\n")[0] as keyof typeof faultSchemas;
      const told = [...section.matchAll(/^\| ((?:`\w+` ?)+)\s*\|/gm)].flatMap(([, cell = ""]) =>
        [...cell.matchAll(/`(\w+)`/g)].map(([, key]) => key),
      );
      const own = Object.keys(faultSchemas[what].shape).filter((key) => !common.includes(key));
      assert.deepEqual(told.sort(), own.sort(), what);
    }
  });

  it("tells where each fault can fit", () => {
    const rows = [
      ...(page.split("## Where a fault can fit")[1] ?? "").matchAll(/^\| ([a-z, -]+?)\s*\| (`.*`)\s*\|$/gm),
    ];
    const told = Object.fromEntries(
      rows
        .slice(1)
        .flatMap(([, whats = "", keys = ""]) =>
          whats.split(", ").map((what) => [what, [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key)]),
        ),
    );
    const known = Object.entries(faultSchemas).map(([what, schema]) => [
      what,
      Object.keys(schema.shape.where.unwrap().shape),
    ]);
    assert.deepEqual(told, Object.fromEntries(known));
  });

  it("gives examples that are read, of every fault, by the program and by an editor's schema alike", () => {
    const validate = new Ajv({ strict: false }).compile(faultsJsonSchema());
    const shown = examples.flatMap((text) => {
      const raw: unknown = parse(text);
      assert.equal(validate(raw), true, text);
      return parseFaults(raw, "the example").faults.map(({ what }) => what);
    });
    assert.deepEqual([...new Set(shown)].sort(), Object.keys(faultSchemas).sort());
  });
});
