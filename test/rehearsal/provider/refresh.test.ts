import assert from "node:assert/strict";
import {
  chosenByAws,
  document,
  fallback,
  list,
  map,
  object,
  required,
  set,
  text,
  untold,
  whole,
} from "../../../rehearsal/provider/property";
import { refreshedInputs } from "../../../rehearsal/provider/refresh";

const schema = {
  name: required(text()),
  policy: document(),
  delay: fallback(0, whole()),
  secretKnob: untold(text()),
  description: text(),
  volume: chosenByAws(whole()),
  rules: set(object({ id: required(text()), days: whole(), size: chosenByAws(whole()) })),
  variants: list(object({ type: text(), volume: chosenByAws(whole()) })),
  tags: map(text()),
};

describe("refreshedInputs", () => {
  it("keeps the program's own form of everything that means the same", () => {
    const before = {
      name: "a",
      policy: '{ "x": 1 }',
      delay: 0,
      secretKnob: "kept",
      rules: [{ id: "b" }, { id: "a", days: 1 }],
      variants: [{ type: "t" }],
    };
    const live = {
      name: "a",
      policy: '{"x":1}',
      volume: 30,
      rules: [
        { id: "a", days: 1, size: 3 },
        { id: "b", size: 4 },
      ],
      variants: [{ type: "t", volume: 30 }],
    };
    assert.deepEqual(refreshedInputs(schema, before, live), before);
  });

  it("shows what has been changed, taken away and added behind the program's back", () => {
    const before = { name: "a", description: "old", tags: { owner: "x" }, rules: [{ id: "a", days: 1 }] };
    const live = { name: "a", tags: { owner: "y" }, delay: 5, rules: [{ id: "a", days: 2 }] };
    assert.deepEqual(refreshedInputs(schema, before, live), {
      name: "a",
      delay: 5,
      rules: [{ id: "a", days: 2 }],
      tags: { owner: "y" },
    });
  });

  it("imports what AWS tells, without its own choices and defaults", () => {
    const live = { name: "a", delay: 0, volume: 30, tags: {}, variants: [{ type: "t", volume: 1 }] };
    assert.deepEqual(refreshedInputs(schema, {}, live), { name: "a", variants: [{ type: "t" }] });
  });
});
