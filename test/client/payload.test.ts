import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPayload } from "../../client/payload";
import type { Problem, UsageError } from "../../contract/errors";

async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  return work.then(
    () => assert.fail("it was accepted"),
    (cause: UsageError) => cause.problems,
  );
}

describe("a payload", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "payload-"));
    await writeFile(join(folder, "ten"), "0123456789");
  });
  after(() => rm(folder, { recursive: true }));

  it("on disk is as large as its file and reads as its file", async () => {
    const opened = await openPayload({ path: join(folder, "ten") }, 10);
    assert.equal(opened.bytes, 10);
    assert.equal(Buffer.from(await opened.read()).toString(), "0123456789");
  });

  it("is read by its parts into memory that was given back, and into no other", async () => {
    const opened = await openPayload({ path: join(folder, "ten") }, 10);
    const parts = opened.parts(3);
    const next = async () => (await parts.next()).value ?? assert.fail("too few parts");
    const text = ({ bytes }: { bytes: Uint8Array }): string => Buffer.from(bytes).toString();
    const [first, second] = [await next(), await next()];
    first.release?.();
    const [third, fourth] = [await next(), await next()];
    assert.deepEqual([first, second, third, fourth].map(text), ["678", "345", "678", "9"]);
    assert.deepEqual(
      [third.bytes.buffer === first.bytes.buffer, third.bytes.byteOffset === first.bytes.byteOffset],
      [true, true],
    );
    assert.equal((await parts.next()).done, true);
    await opened.close();
  });

  it("that is missing is told by its path", async () => {
    const path = join(folder, "none");
    assert.deepEqual(await problemsOf(openPayload({ path }, 10)), [
      { code: "ASY-301", at: path, got: "no such file", expected: "a file that can be read" },
    ]);
  });

  it("that is a folder is told as one", async () => {
    assert.deepEqual(await problemsOf(openPayload({ path: folder }, 10)), [
      { code: "ASY-301", at: folder, got: "a folder", expected: "a file that can be read" },
    ]);
  });

  it("one byte over what the fleet declares is refused before anything is sent", async () => {
    const path = join(folder, "ten");
    assert.deepEqual(await problemsOf(openPayload({ path }, 9)), [
      { code: "ASY-302", at: path, got: "10 bytes", expected: "at most 9 bytes, as the fleet declares" },
    ]);
    assert.deepEqual(await problemsOf(openPayload({ bytes: new Uint8Array(3) }, 2)), [
      { code: "ASY-302", at: "payload", got: "3 bytes", expected: "at most 2 bytes, as the fleet declares" },
    ]);
  });
});
