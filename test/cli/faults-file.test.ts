import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFaultsFile } from "../../cli/faults-file";
import { UsageError } from "../../contract/errors";

describe("a file of faults", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "faults-file-"));
  });
  after(() => rm(folder, { recursive: true }));

  const read = async (text: string) => {
    const path = join(folder, "faults");
    await writeFile(path, text);
    return readFaultsFile(path);
  };
  const problemsOf = async (reading: Promise<unknown>): Promise<Array<[string, string]>> => {
    const cause = await reading.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(cause instanceof UsageError, String(cause));
    return cause.problems.map(({ code, at }) => [code, at.replace(folder, "")]);
  };

  it("is YAML or JSON", async () => {
    const expected = { seed: 3, faults: [{ what: "throttling", where: { regions: ["eu-*"] }, share: 0.5 }] };
    assert.deepEqual(
      await read("seed: 3\nfaults:\n  - what: throttling\n    share: 0.5\n    where: { regions: [eu-*] }\n"),
      expected,
    );
    assert.deepEqual(await read(JSON.stringify(expected)), expected);
  });

  it("is refused when it is missing, no YAML, or wrong", async () => {
    assert.deepEqual(await problemsOf(readFaultsFile(join(folder, "none"))), [["ASY-580", "/none"]]);
    assert.deepEqual(await problemsOf(readFaultsFile(folder)), [["ASY-580", ""]]);
    assert.deepEqual(await problemsOf(read("faults: [")), [["ASY-580", "/faults"]]);
    assert.deepEqual(await problemsOf(read("")), [["ASY-581", "/faults"]]);
    assert.deepEqual(await problemsOf(read("faults:\n  - what: throttling\n    rate: 2\n  - { what: latency }\n")), [
      ["ASY-582", "/faults: faults[0].rate"],
      ["ASY-581", "/faults: faults[1].seconds"],
    ]);
  });
});
