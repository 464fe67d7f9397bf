import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { itemsOf } from "../../../client/batch/items";
import { UsageError } from "../../../contract/errors";

describe("the items of a batch", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "items-"));
    await mkdir(join(folder, "scans", "old"), { recursive: true });
    for (const name of ["scans/b.png", "scans/a.csv", "scans/old/c.json", "scans/.hidden", "scans/odd.zzz"]) {
      await writeFile(join(folder, name), "x");
    }
  });
  after(() => rm(folder, { recursive: true }));

  const none = (): Readable => Readable.from([]);
  const of = async (source: string, input = none(), contentType?: string) =>
    (await itemsOf(source, input, { folder, ...(contentType === undefined ? {} : { contentType }) })).map(
      ({ name, payload, contentType: type }) => [
        name,
        "path" in payload ? payload.path.replace(folder, "") : payload.s3Uri,
        type,
      ],
    );
  const refused = (input: string) =>
    itemsOf("-", Readable.from([input]), { folder }).then(
      () => assert.fail("it was taken"),
      (cause: UsageError) => cause.problems.map(({ code, at, got }) => [code, at, got]),
    );

  it("of a folder are all files under it but hidden ones, in order, with their media types", async () => {
    assert.deepEqual(await of("scans"), [
      ["a.csv", "/scans/a.csv", "text/csv"],
      ["b.png", "/scans/b.png", "image/png"],
      ["odd.zzz", "/scans/odd.zzz", "application/octet-stream"],
      ["old/c.json", "/scans/old/c.json", "application/json"],
    ]);
  });

  it("of a pattern are those that fit, and the caller's media type wins", async () => {
    assert.deepEqual(await of("scans/*.{png,csv}", none(), "text/plain"), [
      ["scans/a.csv", "/scans/a.csv", "text/plain"],
      ["scans/b.png", "/scans/b.png", "text/plain"],
    ]);
  });

  it("of one file is that file", async () => {
    assert.deepEqual(await of("scans/b.png"), [["b.png", "/scans/b.png", "image/png"]]);
  });

  it("of a manifest are its lines, from a file or from standard input", async () => {
    const lines = [
      '{"payload":"scans/b.png"}',
      "",
      '{"payload":"s3://bucket/inputs/x.csv","name":"first"}',
      '{"payload":"/scans/../etc/y","contentType":"image/gif"}',
    ].join("\r\n");
    const expected = [
      ["scans/b.png", "/scans/b.png", "image/png"],
      ["first", "s3://bucket/inputs/x.csv", "text/csv"],
      ["scans/etc/y", "/scans/../etc/y", "image/gif"],
    ];
    assert.deepEqual(await of("-", Readable.from([lines])), expected);
    await writeFile(join(folder, "batch.jsonl"), lines);
    assert.deepEqual(await of("batch.jsonl"), expected);
  });

  it("tells everything that is wrong with a manifest at once", async () => {
    assert.deepEqual(
      await refused(
        [
          '{"payload":"a"}',
          "nonsense",
          '{"payload":5}',
          '{"payload":"a"}',
          '{"payload":"b","name":"../up"}',
          '{"payload":"c","name":"/root"}',
          '{"payload":"d","contentType":7}',
        ].join("\n"),
      ),
      [
        ["ASY-310", "standard input line 2", "nonsense"],
        ["ASY-310", "standard input line 3", '{"payload":5}'],
        ["ASY-310", "standard input line 4", "the name a a second time, after line 1"],
        ["ASY-310", "standard input line 5", "the name ../up"],
        ["ASY-310", "standard input line 6", "the name /root"],
        ["ASY-310", "standard input line 7", '{"payload":"d","contentType":7}'],
      ],
    );
  });

  it("refuses a source with nothing in it", async () => {
    for (const source of ["none", "scans/*.gif", "-"]) {
      await assert.rejects(
        itemsOf(source, none(), { folder }),
        (cause) => cause instanceof UsageError && cause.problems[0]?.code === "ASY-301",
      );
    }
  });
});
