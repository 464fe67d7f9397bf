import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  type Block,
  DamagedJournal,
  decodeBlock,
  encodeBlock,
  JournalFile,
  type JournalHandle,
  readJournal,
} from "../../../rehearsal/state/journal-file";
import type { Row } from "../../../rehearsal/state/table";

const row: fc.Arbitrary<Row> = fc.oneof(
  fc.tuple(fc.string(), fc.string({ unit: "grapheme" }), fc.jsonValue()),
  fc.tuple(fc.string(), fc.string()),
  fc.tuple(fc.string()),
);
const block = fc.record({ t: fc.nat(), rows: fc.array(row, { maxLength: 4 }) });
// JSON knows no -0, and a block is compared with what JSON made of it.
const asJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
const encoded = ({ t, rows }: Block): Buffer =>
  encodeBlock(
    t,
    rows.map((each) => JSON.stringify(each)),
  );

describe("the journal", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "journal-"));
    path = join(folder, "journal");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = async (): Promise<{ blocks: Block[]; end: number }> => {
    const blocks: Block[] = [];
    return { end: await readJournal(path, (each) => blocks.push(each)), blocks };
  };

  it("reads back, of any blocks, those that were whole wherever it was cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(block, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 1000 }),
        async (blocks, share) => {
          const lines = blocks.map(encoded);
          const whole = Buffer.concat(lines);
          const cut = Math.round((share * whole.length) / 1000);
          await writeFile(path, whole.subarray(0, cut));
          let end = 0;
          const left = blocks.filter((_, index) => {
            const to = lines.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0);
            if (to <= cut) end = to;
            return to <= cut;
          });
          assert.deepEqual(await read(), { blocks: asJson(left), end });
        },
      ),
      { numRuns: 100 },
    );
  });

  it("reads the same wherever it is cut, byte by byte", async () => {
    const lines = [1, 2, 3].map((t) => encodeBlock(t, [JSON.stringify(["c", `k${t}`, "é\n"])]));
    const whole = Buffer.concat(lines);
    const ends = [lines[0]?.length ?? 0, (lines[0]?.length ?? 0) + (lines[1]?.length ?? 0), whole.length];
    for (let cut = 0; cut <= whole.length; cut++) {
      await writeFile(path, whole.subarray(0, cut));
      const { end, blocks } = await read();
      const expected = ends.filter((each) => each <= cut);
      assert.deepEqual([end, blocks.length], [expected.at(-1) ?? 0, expected.length]);
    }
  });

  it("takes no line that was changed, whichever bit it was", () => {
    const line = encodeBlock(7, ['["c","k",1]']).subarray(0, -1);
    for (let bit = 0; bit < line.length * 8; bit++) {
      const changed = Buffer.from(line);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // A checksum's letters may be large or small.
      if (changed.toString("latin1").toLowerCase() === line.toString("latin1").toLowerCase()) continue;
      assert.equal(decodeBlock(changed), undefined, `bit ${bit}`);
    }
  });

  it("is damaged, not torn, when whole blocks follow a broken one", async () => {
    const [first, second, third] = [1, 2, 3].map((t) => encodeBlock(t, ['["c"]'])) as [Buffer, Buffer, Buffer];
    second[12] = 0x21;
    await writeFile(path, Buffer.concat([first, second, third]));
    await assert.rejects(read(), (cause: unknown) => cause instanceof DamagedJournal && cause.atByte === first.length);
  });

  it("goes on where the whole blocks end, over a torn line", async () => {
    const [first, second] = [1, 2].map((t) => encodeBlock(t, ['["c"]'])) as [Buffer, Buffer];
    await writeFile(path, Buffer.concat([first, second.subarray(0, 9)]));
    const file = await JournalFile.open(path, (await read()).end);
    await file.append(encodeBlock(3, []));
    await file.close();
    assert.deepEqual(
      (await read()).blocks.map(({ t }) => t),
      [1, 3],
    );
  });

  it("leaves nothing of a block that did not fit on the disk, and takes the next when there is room", async () => {
    await writeFile(path, "");
    const real = await import("node:fs/promises").then(({ open }) => open(path, "r+"));
    let room = 40;
    const handle: JournalHandle = {
      write: (async (bytes: Buffer, from: number, length: number, at: number) => {
        const fits = Math.min(length, room - at);
        if (fits <= 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
        return real.write(bytes, from, fits, at);
      }) as unknown as JournalHandle["write"],
      datasync: () => real.datasync(),
      truncate: (to) => real.truncate(to),
      close: () => real.close(),
    };
    const file = new JournalFile(handle, 0);
    await file.append(encodeBlock(1, []));
    const before = await readFile(path);
    await assert.rejects(file.append(encodeBlock(2, ['["c","k",1]'])), { code: "ENOSPC" });
    assert.deepEqual(await readFile(path), before);
    room = 1000;
    await file.append(encodeBlock(3, ['["c","k",1]']));
    await file.close();
    assert.deepEqual(
      (await read()).blocks.map(({ t }) => t),
      [1, 3],
    );
    await truncate(path, 0);
    await appendFile(path, "");
    assert.deepEqual(await read(), { blocks: [], end: 0 });
  });
});
