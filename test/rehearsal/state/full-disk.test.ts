import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KeptServer } from "../../support/kept-server";

describe("fleet serve --state on a disk that becomes full", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "full-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("refuses in AWS's words, lives on, and has after a restart all that it accepted and nothing half", async () => {
    // A file of more than 120 KiB cannot be written, as on a disk that is full by then.
    const full = new KeptServer(folder, "trap '' XFSZ; ulimit -f 120");
    await full.start();
    await full.prepare();
    const accepted = new Map<string, string>();
    let refusal: { name?: string; $metadata?: { httpStatusCode?: number }; message?: string } | undefined;
    for (let index = 0; refusal === undefined && index < 2000; index++) {
      const id = `${index}`.padEnd(500, ".");
      await full.submit(id.slice(0, 60), id).then(
        (location) => accepted.set(id, location),
        (cause: typeof refusal) => {
          refusal = cause;
        },
      );
    }
    assert.equal(refusal?.$metadata?.httpStatusCode, 503);
    assert.match(String(refusal?.message), /no space is left/);
    assert.ok(accepted.size > 20, `${accepted.size} were accepted`);
    await assert.rejects(full.submit("another", "another"), /no space is left/);
    assert.ok(full.isAlive);
    await full.kill();
    const roomy = new KeptServer(folder);
    await roomy.start();
    try {
      const seen = new Map<string, number>();
      const isOpen = ([id]: [string, string]): boolean => !seen.has(id.slice(0, 60));
      for (const until = Date.now() + 20_000; [...accepted].some(isOpen) && Date.now() < until; ) {
        for (const { id, receipt } of await roomy.receive()) {
          seen.set(id, (seen.get(id) ?? 0) + 1);
          await roomy.forget(receipt);
        }
      }
      assert.deepEqual([...accepted].filter(isOpen), []);
      for (const [id, location] of accepted) {
        assert.equal(await roomy.read(location), id);
        assert.equal(seen.get(id.slice(0, 60)), 1);
      }
    } finally {
      await roomy.kill();
    }
  }).timeout(60_000);
});
