import assert from "node:assert/strict";
import { checkInputs } from "../../../rehearsal/provider/check";
import {
  choice,
  document,
  fallback,
  flag,
  list,
  map,
  object,
  required,
  text,
  whole,
} from "../../../rehearsal/provider/property";
import { unknownValue } from "../../../rehearsal/provider/property-values";

const schema = {
  name: required(text({ maxLength: 5 })),
  kind: choice(["small", "large"]),
  count: whole({ min: 1, max: 10 }),
  isOn: fallback(true, flag()),
  policy: document(),
  environment: map(text({ maxLength: 3 })),
  variants: list(object({ weight: required(whole({ min: 0 })), label: fallback("none", text()) }), { minItems: 1 }),
};

describe("checkInputs", () => {
  it("finds every failure at once, each with its path, what it got and what was expected", () => {
    const { failures } = checkInputs(
      schema,
      {
        kind: "huge",
        count: 0,
        isOn: "yes",
        policy: "{",
        environment: { A: "long", "b.c": 1 },
        variants: [{ weight: 1.5 }, {}],
        colour: "red",
      },
      {},
    );
    assert.deepEqual(failures, [
      { property: "kind", reason: 'ASY-562 got "huge", expected one of small, large' },
      { property: "count", reason: "ASY-562 got 0, expected a whole number from 1 to 10" },
      { property: "isOn", reason: 'ASY-562 got "yes", expected true or false' },
      { property: "policy", reason: 'ASY-562 got "{", expected a JSON document' },
      { property: "environment.A", reason: 'ASY-562 got "long", expected 0 to 3 characters' },
      { property: 'environment["b.c"]', reason: "ASY-562 got 1, expected text" },
      { property: "variants[0].weight", reason: "ASY-562 got 1.5, expected a whole number from 0" },
      { property: "variants[1].weight", reason: "ASY-562 a value is required" },
      { property: "colour", reason: "ASY-563 the rehearsal does not play this property" },
      { property: "name", reason: "ASY-562 a value is required" },
    ]);
  });

  it("fills in the provider's fallbacks, within lists too, and writes documents as text", () => {
    const { inputs, failures } = checkInputs(
      schema,
      { name: "a", policy: { Version: "2012-10-17" }, variants: [{ weight: 1 }] },
      {},
    );
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, {
      name: "a",
      policy: '{"Version":"2012-10-17"}',
      variants: [{ weight: 1, label: "none" }],
      isOn: true,
    });
  });

  it("never judges what is unknown", () => {
    const unknowns = { name: unknownValue, kind: unknownValue, count: unknownValue, variants: unknownValue };
    assert.deepEqual(checkInputs(schema, unknowns, {}), { inputs: { ...unknowns, isOn: true }, failures: [] });
  });

  it("does not show a secret that it refuses", () => {
    const { failures } = checkInputs(schema, { name: "hunter22" }, { name: true });
    assert.deepEqual(failures, [{ property: "name", reason: "ASY-562 got a secret, expected 0 to 5 characters" }]);
  });
});
