import assert from "node:assert/strict";
import { UsageError } from "../../../../contract/errors";
import { parseFaults } from "../../../../rehearsal/world/faults/parse";

const problemsOf = (raw: unknown): Array<[string, string, string]> => {
  try {
    parseFaults(raw, "faults.yaml");
  } catch (cause) {
    if (cause instanceof UsageError) return cause.problems.map(({ code, at, got }) => [code, at, got]);
    throw cause;
  }
  return [];
};

describe("faults as a person writes them", () => {
  it("get their defaults", () => {
    const { seed, faults } = parseFaults(
      {
        faults: [
          { what: "latency", seconds: 2 },
          { what: "capacity-shortage" },
          { what: "dropped-connection", every: 3 },
        ],
      },
      "faults.yaml",
    );
    assert.equal(seed, 1);
    assert.deepEqual(faults, [
      { what: "latency", where: {}, seconds: 2, jitterSeconds: 0 },
      { what: "capacity-shortage", where: {}, instancesMax: 0 },
      { what: "dropped-connection", where: {}, every: 3, moment: "before" },
    ]);
  });

  it("are told of everything that is wrong at once, each at its place", () => {
    assert.deepEqual(
      problemsOf({
        seed: -1,
        extra: true,
        faults: [
          { what: "slowness" },
          { what: "latency", seconds: "two", sconds: 2, where: { region: ["eu-west-1"] } },
          { what: "throttling", share: 1.5 },
          7,
          { what: "lost-notice", where: { topics: [] } },
        ],
      }),
      [
        ["ASY-581", "faults.yaml: seed", "-1"],
        ["ASY-581", "faults.yaml: faults[0].what", '"slowness"'],
        ["ASY-582", "faults.yaml: faults[1].where.region", "a key called region"],
        ["ASY-581", "faults.yaml: faults[1].seconds", '"two"'],
        ["ASY-582", "faults.yaml: faults[1].sconds", "a key called sconds"],
        ["ASY-581", "faults.yaml: faults[2].share", "1.5"],
        ["ASY-581", "faults.yaml: faults[3]", "7"],
        ["ASY-581", "faults.yaml: faults[4].where.topics", "[]"],
        ["ASY-582", "faults.yaml: extra", "a key called extra"],
      ],
    );
  });

  it("are told what would be right", () => {
    const expected = (raw: unknown): string[] => {
      try {
        parseFaults(raw, "f");
      } catch (cause) {
        return (cause as UsageError).problems.map((problem) => problem.expected);
      }
      return [];
    };
    assert.deepEqual(expected({ faults: [{ what: "latency", sconds: 2, seconds: 0 }] }), [
      "seconds, above 0",
      "what, where, share, every, first, seconds, jitterSeconds, fromSeconds, toSeconds",
    ]);
    assert.deepEqual(expected({ faults: [{ what: "region-gone", where: { region: ["eu-west-1"] } }] }), ["regions"]);
    assert.deepEqual(expected(undefined), ["an object with faults and, if need be, a seed"]);
  });

  it("are refused where they contradict themselves or would never strike", () => {
    assert.deepEqual(
      problemsOf({
        faults: [
          { what: "throttling", share: 0.5, every: 2 },
          { what: "region-gone", fromSeconds: 60, toSeconds: 60 },
          { what: "region-gone", where: { regions: ["eu-west-9"] } },
          {
            what: "throttling",
            where: { operations: ["s3:PutObjekt", "dynamodb:*", "PutObject", "sqs:Receive*", "*:Get*"] },
          },
        ],
      }),
      [
        ["ASY-583", "faults.yaml: faults[0]", "share and every"],
        ["ASY-583", "faults.yaml: faults[1].toSeconds", "60"],
        ["ASY-584", "faults.yaml: faults[2].where.regions[0]", "eu-west-9"],
        ["ASY-584", "faults.yaml: faults[3].where.operations[0]", "s3:PutObjekt"],
        ["ASY-584", "faults.yaml: faults[3].where.operations[1]", "dynamodb:*"],
        ["ASY-584", "faults.yaml: faults[3].where.operations[2]", "PutObject"],
      ],
    );
  });
});
