import assert from "node:assert/strict";
import fc from "fast-check";
import { type Row, Table } from "../../../rehearsal/state/table";
import { fromPlain, toPlain } from "../../../rehearsal/world/plain";

const name = fc.constantFrom("a", "b", "a/c");
const key = fc.constantFrom("1", "2", "3", "");
const row: fc.Arbitrary<Row> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(name, key, fc.nat()) },
  { weight: 2, arbitrary: fc.tuple(name, key) },
  { weight: 1, arbitrary: fc.tuple(name) },
);

const contents = (table: Table) =>
  table
    .names("")
    .sort()
    .map((each) => [each, [...table.collection(each)]])
    .filter(([, entries]) => (entries as unknown[]).length > 0);

describe("what rows come to", () => {
  it("is the newest value of each key, in the order keys came", () => {
    const table = new Table();
    table.apply([["a", "x", 1], ["a", "y", 2], ["a", "x", 3], ["b", "x", null], ["a", "y"], ["c", "x", 1], ["c"]]);
    assert.deepEqual(contents(table), [
      ["a", [["x", 3]]],
      ["b", [["x", null]]],
    ]);
    assert.deepEqual([table.rowsSeen, table.rowsLive], [7, 2]);
  });

  it("is the same after it was written anew in the fewest rows, and after any more", () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (before, after) => {
        const table = new Table();
        table.apply(before);
        const anew = new Table();
        anew.apply([...table.rows()]);
        assert.equal(anew.rowsSeen, table.rowsLive);
        for (const each of [table, anew]) each.apply(after);
        assert.deepEqual(contents(anew), contents(table));
      }),
    );
  });
});

describe("a value written as JSON", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.string(),
      fc.date({ noInvalidDate: true }),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$date", "$map", "$object", "$")), tie("any"), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      fc.array(fc.tuple(fc.string(), tie("any")), { maxLength: 3 }).map((entries) => new Map(entries)),
      fc.array(fc.string(), { maxLength: 3 }).map((members) => new Set(members)),
    ),
  })).any;

  it("comes back as it was: maps, sets, dates and bytes too", () => {
    fc.assert(
      fc.property(value, (each) => {
        assert.deepEqual(fromPlain(JSON.parse(JSON.stringify(toPlain(each)))), each);
      }),
    );
  });

  it("is refused where it would come back as something else", () => {
    class Own {}
    assert.throws(() => toPlain({ deep: [new Own()] }), /class Own/);
    assert.throws(() => toPlain({ run: () => undefined }), /function/);
  });
});
