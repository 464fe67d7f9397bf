import assert from "node:assert/strict";
import { reasonProblem } from "../../../policies/waivers/reason";

describe("the reason of a waiver", () => {
  for (const poor of [
    "",
    "   ",
    "todo",
    "TODO: write this",
    "tbd",
    "n/a",
    "temporary",
    "known issue",
    "not needed here",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "no no no no no no no no no no",
    "........................",
    "because because because because",
  ])
    it(`is poor when it is ${JSON.stringify(poor)}`, () => {
      assert.notEqual(reasonProblem(poor), undefined);
    });

  for (const fair of [
    "The bucket is read by a partner's account until the contract ends.",
    "TODO in March: until then the partner account reads this bucket.",
    "Testing endpoint without customer data, reachable from our network only.",
  ])
    it(`is enough when it is ${JSON.stringify(fair)}`, () => {
      assert.equal(reasonProblem(fair), undefined);
    });
});
