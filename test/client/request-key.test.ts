import assert from "node:assert/strict";
import fc from "fast-check";
import { namesFor } from "../../client/request-key";
import { invocationMembers } from "../../contract/invocation";

describe("a request's names", () => {
  it("follow from its key alone", () => {
    assert.deepEqual(namesFor("invoice-17"), {
      inferenceId: "invoice-17",
      objectName: "77c5873a2c809423beeab3a765b082df2ffc7d0d76c4215f67f9e43b211804f4",
      filename: "77c5873a2c809423beeab3a765b0.out",
    });
  });

  it("are ones SageMaker takes, whatever the key", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 0, maxLength: 200 }), fc.option(fc.string()), (key, secret) => {
        const { inferenceId, filename } = namesFor(key, secret ?? undefined);
        for (const [value, member] of [
          [inferenceId, invocationMembers.inferenceId],
          [filename, invocationMembers.filename],
        ] as const) {
          assert.ok(value.length >= 1 && value.length <= member.charactersMax && member.pattern.test(value), value);
        }
      }),
    );
  });

  it("of two keys are never the same", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        const [left, right] = [namesFor(one), namesFor(other)];
        assert.notEqual(left.objectName, right.objectName);
        assert.notEqual(left.filename, right.filename);
      }),
    );
  });

  it("of objects cannot be told from the key when there is a secret, and the id still can", () => {
    const [open, hidden, otherwise] = [namesFor("k"), namesFor("k", "secret"), namesFor("k", "other")];
    assert.equal(hidden.inferenceId, open.inferenceId);
    assert.equal(new Set([open, hidden, otherwise].map(({ objectName }) => objectName)).size, 3);
    assert.equal(new Set([open, hidden, otherwise].map(({ filename }) => filename)).size, 3);
  });
});
