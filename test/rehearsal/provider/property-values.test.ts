import assert from "node:assert/strict";
import * as fc from "fast-check";
import { open, seal, unknownValue, withoutSecrets } from "../../../rehearsal/provider/property-values";

const signature = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });

describe("property values", () => {
  it("open takes secrets, outputs and references off and keeps what was secret in mind", () => {
    const opened = open({
      plain: 1,
      hidden: secret("swordfish"),
      output: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: "known", secret: true, dependencies: [] },
      pending: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" },
      role: { [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x", id: "role-name" },
      unknownNumber: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      nested: { environment: { TOKEN: secret("abc123"), PORT: "1" }, list: ["a", secret("b")] },
      nothing: null,
    });
    assert.deepEqual(opened, {
      properties: {
        plain: 1,
        hidden: "swordfish",
        output: "known",
        pending: unknownValue,
        role: "role-name",
        unknownNumber: unknownValue,
        nested: { environment: { TOKEN: "abc123", PORT: "1" }, list: ["a", "b"] },
      },
      secrecy: { hidden: true, output: true, nested: { environment: { TOKEN: true }, list: true } },
    });
  });

  it("seal wraps again what was secret, and lists whole", () => {
    const raw = { a: secret("x"), b: { c: secret("y"), d: 1 }, e: [1, secret(2)] };
    const { properties, secrecy } = open(raw);
    assert.deepEqual(seal({ ...properties, arn: "arn" }, secrecy), {
      a: secret("x"),
      b: { c: secret("y"), d: 1 },
      e: secret([1, 2]),
      arn: "arn",
    });
  });

  it("seal undoes open for every nesting of objects", async () => {
    const value = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.string().map(secret),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("tree")),
      ),
    })).tree;
    await fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), value), (raw) => {
        const plain = JSON.parse(JSON.stringify(raw)) as Record<string, unknown>;
        const { properties, secrecy } = open(plain);
        assert.deepEqual(seal(properties, secrecy), plain);
      }),
      { numRuns: 200 },
    );
  });

  it("takes secrets out of messages, longest first", () => {
    const opened = open({ a: secret("pass"), b: { c: secret("password1") }, d: secret(123456), e: secret(true) });
    assert.equal(
      withoutSecrets("got password1 and pass and 123456, true", opened),
      "got [secret] and [secret] and [secret], true",
    );
  });
});
