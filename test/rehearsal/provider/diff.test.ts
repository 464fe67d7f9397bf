import assert from "node:assert/strict";
import { diffInputs } from "../../../rehearsal/provider/diff";
import {
  chosenByAws,
  document,
  fallback,
  flag,
  list,
  map,
  object,
  replaces,
  set,
  text,
  whole,
} from "../../../rehearsal/provider/property";
import { unknownValue } from "../../../rehearsal/provider/property-values";

const schema = {
  name: replaces(text()),
  size: whole(),
  policy: document(),
  isOn: flag(),
  volume: chosenByAws(whole()),
  delay: fallback(0, whole()),
  tags: map(text()),
  actions: set(text()),
  variants: replaces(list(object({ type: text(), weight: whole() }))),
  deployment: object({ wait: whole(), rollback: replaces(object({ alarms: set(text()) })) }),
};

const diff = (olds: object, news: object, ignored?: string[]) =>
  Object.fromEntries(diffInputs(schema, { ...olds }, { ...news }, ignored));

describe("diffInputs", () => {
  it("finds nothing between inputs that mean the same", () => {
    const olds = { policy: '{"a":1,"b":2}', actions: ["x", "y"], delay: 0, isOn: false };
    const news = { policy: '{ "b": 2, "a": 1 }', actions: ["y", "x"], tags: {} };
    assert.deepEqual(diff(olds, news), {});
  });

  it("names each change by its path and says which replace", () => {
    const olds = {
      name: "a",
      size: 1,
      tags: { owner: "x", "a.b": "1" },
      variants: [{ type: "t", weight: 1 }],
    };
    const news = { name: "b", policy: "{}", tags: { owner: "y" }, variants: [{ type: "u", weight: 1 }] };
    assert.deepEqual(diff(olds, news), {
      name: { kind: "update", replaces: true },
      size: { kind: "delete", replaces: false },
      "tags.owner": { kind: "update", replaces: false },
      'tags["a.b"]': { kind: "delete", replaces: false },
      "variants[0].type": { kind: "update", replaces: true },
      policy: { kind: "add", replaces: false },
    });
  });

  it("replaces when an object comes that holds a property which cannot be changed in place", () => {
    assert.deepEqual(diff({}, { deployment: { wait: 1, rollback: { alarms: ["a"] } } }), {
      deployment: { kind: "add", replaces: true },
    });
    assert.deepEqual(diff({}, { deployment: { wait: 1 } }), { deployment: { kind: "add", replaces: false } });
    assert.deepEqual(
      diff(
        { deployment: { wait: 1, rollback: { alarms: ["a"] } } },
        { deployment: { wait: 2, rollback: { alarms: ["a"] } } },
      ),
      { "deployment.wait": { kind: "update", replaces: false } },
    );
  });

  it("takes a value that is not known yet for a change", () => {
    assert.deepEqual(diff({ name: "a" }, { name: unknownValue }), { name: { kind: "update", replaces: true } });
  });

  it("takes nothing for changed that AWS chose and the program leaves out again", () => {
    assert.deepEqual(diff({ volume: 5 }, {}), {});
    assert.deepEqual(diff({ volume: 5 }, { volume: 6 }), { volume: { kind: "update", replaces: false } });
  });

  it("leaves alone what the program asked to ignore", () => {
    assert.deepEqual(
      diff({ tags: { a: "1", b: "1" }, size: 1 }, { tags: { a: "2", b: "2" }, size: 2 }, ["tags.a", "size"]),
      {
        "tags.b": { kind: "update", replaces: false },
      },
    );
  });
});
