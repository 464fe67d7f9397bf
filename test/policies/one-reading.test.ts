import assert from "node:assert/strict";
import type { PolicyResource } from "@pulumi/policy";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { OneReading, type StackQuestion } from "../../policies/one-reading";

function requestWith(...urns: string[]): messages.AnalyzeStackRequest {
  const request = new messages.AnalyzeStackRequest();
  request.setResourcesList(
    urns.map((urn) => {
      const resource = new messages.AnalyzerResource();
      resource.setUrn(urn);
      resource.setType("aws:sns/topic:Topic");
      return resource;
    }),
  );
  return request;
}

/** What the SDK makes for one rule. */
function madeFrom(question: StackQuestion): PolicyResource[] {
  return [...question.getResourcesList()].map((resource) => ({ urn: resource.getUrn() }) as PolicyResource);
}

describe("one reading of a stack's resources", () => {
  it("gives every rule what the SDK made for the first", async () => {
    const reading = new OneReading();
    const given: PolicyResource[][] = [];
    await reading.answer(requestWith("a", "b"), (question) => {
      for (let rule = 0; rule < 3; rule++) given.push(reading.of(madeFrom(question)));
    });
    assert.deepEqual(
      given[0]?.map(({ urn }) => urn),
      ["a", "b"],
    );
    assert.equal(given[1], given[0]);
    assert.equal(given[2], given[0]);
  });

  it("still tells which types there are, which the SDK asks for each rule", async () => {
    const reading = new OneReading();
    await reading.answer(requestWith("a"), (question) => {
      madeFrom(question);
      assert.equal(
        question.getResourcesList().some((resource) => resource.getType() === "aws:sns/topic:Topic"),
        true,
      );
    });
  });

  it("answers questions that come together one after the other, each with its own stack", async () => {
    const reading = new OneReading();
    const given: string[] = [];
    const judge = async (question: StackQuestion): Promise<void> => {
      for (let rule = 0; rule < 2; rule++) {
        given.push(
          reading
            .of(madeFrom(question))
            .map(({ urn }) => urn)
            .join(),
        );
        await Promise.resolve();
      }
    };
    await Promise.all([reading.answer(requestWith("a"), judge), reading.answer(requestWith("b", "c"), judge)]);
    assert.deepEqual(given, ["a", "a", "b,c", "b,c"]);
  });

  it("has nothing of a stack before for one without resources, though judging it failed", async () => {
    const reading = new OneReading();
    const failed = reading.answer(requestWith("a"), async (question) => {
      reading.of(madeFrom(question));
      throw new Error("a rule failed");
    });
    await assert.rejects(failed, /a rule failed/);
    await reading.answer(requestWith(), (question) => {
      assert.deepEqual(reading.of(madeFrom(question)), []);
    });
  });
});
