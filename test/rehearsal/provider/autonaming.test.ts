import assert from "node:assert/strict";
import { isMadeName, withFinishedName, withName } from "../../../rehearsal/provider/autonaming";
import { Ids } from "../../../rehearsal/world/ids";

const queue = {
  property: "name",
  prefixProperty: "namePrefix",
  maxLength: 20,
  after: (inputs: Readonly<Record<string, unknown>>) => (inputs.fifoQueue === true ? ".fifo" : ""),
};
const seed = Buffer.from("seed");

describe("autonaming", () => {
  it("makes a name of the program's, a dash and seven digits that the seed decides", () => {
    assert.deepEqual(withName(queue, "jobs", {}, {}, seed), { inputs: { name: "jobs-19b2585" } });
    assert.deepEqual(withName(queue, "jobs", { fifoQueue: true }, {}, seed), {
      inputs: { fifoQueue: true, name: "jobs-19b2585.fifo" },
    });
    assert.deepEqual(withName({ property: "bucket", maxLength: 63, lowerCase: true }, "Store", {}, {}, seed), {
      inputs: { bucket: "store-19b2585" },
    });
  });

  it("keeps a given name, and one it made before, under another name in the program too, but not one that the program has taken back", () => {
    assert.deepEqual(withName(queue, "jobs", { name: "own" }, { name: "jobs-0000000" }, seed), {
      inputs: { name: "own" },
    });
    assert.deepEqual(withName(queue, "jobs", {}, { name: "jobs-0000000" }, seed), { inputs: { name: "jobs-0000000" } });
    assert.deepEqual(withName(queue, "jobs", {}, { name: "works-0000000" }, seed), {
      inputs: { name: "works-0000000" },
    });
    assert.deepEqual(withName(queue, "jobs", {}, { name: "own" }, seed), { inputs: { name: "jobs-19b2585" } });
  });

  it("says what to do when the made-up name is too long", () => {
    assert.deepEqual(withName(queue, "a-very-long-name", {}, {}, seed), {
      inputs: {},
      failure: {
        property: "name",
        reason:
          "ASY-562 got the made-up name a-very-long-name-19b2585 of 24 characters, expected at most 20: " +
          "give the resource a shorter name in the program, or set name",
      },
    });
  });

  it("leaves a wished beginning to the creation, which finishes it", () => {
    assert.deepEqual(withName(queue, "jobs", { namePrefix: "in-" }, {}, seed), { inputs: { namePrefix: "in-" } });
    const finished = withFinishedName(queue, { namePrefix: "in-" }, Ids.seeded(1));
    assert.match(String(finished.name), /^in-[0-9a-f]{26}$/);
  });

  it("knows its own names", () => {
    assert.deepEqual(
      ["jobs-19b2585", "jobs-19b2585.fifo", "jobs-19b258", "jobs", "jobs-main", "works-19b2585"].map((name) =>
        isMadeName(queue, name),
      ),
      [true, true, false, false, false, true],
    );
  });
});
