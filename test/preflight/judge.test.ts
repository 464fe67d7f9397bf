import assert from "node:assert/strict";
import type { Denial } from "../../preflight/ask/rights";
import {
  judgeImages,
  judgeKeys,
  judgeModelData,
  judgeNetwork,
  judgeQuotas,
  judgeRegion,
  judgeRights,
} from "../../preflight/judge";
import type { Verdict } from "../../preflight/verdict";

/** State, code and what was seen: what a reader acts on. */
function seen(verdict: Verdict): string[] {
  return "problem" in verdict ? [verdict.state, verdict.problem.code, verdict.detail] : [verdict.state, verdict.detail];
}

describe("an answer of an account is judged", () => {
  it("by a region's opt-in status", () => {
    const statuses = {
      known: new Map([
        ["a", "opt-in-not-required"],
        ["b", "opted-in"],
        ["c", "not-opted-in"],
      ]),
    };
    assert.deepEqual(
      ["a", "b", "c", "d"].map((region) => seen(judgeRegion(region, statuses))),
      [
        ["ok", "enabled in every account"],
        ["ok", "enabled by the account"],
        ["fail", "ASY-610", "not-opted-in"],
        ["unknown", "EC2 does not name this region"],
      ],
    );
    assert.deepEqual(seen(judgeRegion("a", { unknown: "no" })), ["unknown", "no"]);
  });

  it("by the quota at each of its edges", () => {
    const judge = (quota: number | undefined, need = { atStart: 2, max: 5 }): string[] => {
      const known = new Map(quota === undefined ? [] : [["ml.m5.large", quota]]);
      return seen(judgeQuotas("eu-west-1", [{ instanceType: "ml.m5.large", ...need }], { known }, []));
    };
    assert.deepEqual(
      [0, 1, 2, 4, 5, undefined].map((quota) => judge(quota)),
      [
        ["fail", "ASY-611", "a quota of 0 for ml.m5.large"],
        ["fail", "ASY-612", "a quota of 1 for ml.m5.large"],
        ["warn", "ASY-613", "a quota of 2 for ml.m5.large"],
        ["warn", "ASY-613", "a quota of 4 for ml.m5.large"],
        ["ok", "5 of 5 ml.m5.large"],
        ["unknown", 'Service Quotas names no "ml.m5.large for endpoint usage" here'],
      ],
    );
    assert.deepEqual(seen(judgeQuotas("eu-west-1", [], { known: new Map() }, [])), ["none", "no instances"]);
  });

  it("with those of the settings' alternatives that the account may have", () => {
    const quotas = new Map([
      ["ml.g5.xlarge", 0],
      ["ml.g4dn.xlarge", 4],
      ["ml.p3.2xlarge", 0],
      ["ml.c5.large", 9],
    ]);
    const verdict = judgeQuotas(
      "eu-west-1",
      [{ instanceType: "ml.g5.xlarge", atStart: 1, max: 2 }],
      { known: quotas },
      ["ml.g4dn.xlarge", "ml.p3.2xlarge", "ml.g5.xlarge"],
    );
    assert.equal(
      "problem" in verdict && verdict.problem.expected,
      "at least 2; of the stack's alternatives the account may have ml.g4dn.xlarge (4)",
    );
  });

  it("by what a simulation denies, and as unknown where it could not know", () => {
    const rights = { type: "aws:sns/topic:Topic", actions: ["sns:CreateTopic", "sns:TagResource"], arns: ["*"] };
    const judge = (...denials: Denial[]): string[] =>
      seen(judgeRights("eu-west-1", [{ rights, answer: { known: denials } }]));
    const denial = { action: "sns:CreateTopic", arn: "*", missingContext: [] };
    const open = { action: "sns:TagResource", arn: "*", missingContext: ["aws:PrincipalTag/team"] };
    assert.deepEqual(judge(), ["ok", "2 actions allowed"]);
    assert.deepEqual(judge(open, denial), ["fail", "ASY-614", "denied: sns:CreateTopic"]);
    assert.deepEqual(judge(open), [
      "unknown",
      "the policies look at aws:PrincipalTag/team, which a simulation cannot know: sns:TagResource",
    ]);
    const table = { type: "aws:dynamodb/table:Table", actions: [], arns: [] };
    assert.deepEqual(seen(judgeRights("eu-west-1", [{ rights: table, answer: { known: [] } }])), [
      "unknown",
      "the rights that aws:dynamodb/table:Table needs are not known here",
    ]);
    assert.deepEqual(seen(judgeRights("eu-west-1", [{ rights, answer: { unknown: "throttled" } }])), [
      "unknown",
      "throttled",
    ]);
  });

  it("by whether images, model data and keys are there, the worst of several deciding", () => {
    const there = { what: "a", answer: { known: { there: true as const } } };
    const gone = { what: "b", answer: { known: { missing: "no such thing" } } };
    const unasked = { what: "c", answer: { unknown: "may not ask" } };
    assert.deepEqual(seen(judgeImages("r", [there])), ["ok", "can be pulled"]);
    assert.deepEqual(seen(judgeImages("r", [there, unasked])), ["unknown", "may not ask"]);
    assert.deepEqual(seen(judgeImages("r", [there, unasked, gone])), ["fail", "ASY-615", "no such thing"]);
    assert.deepEqual(seen(judgeModelData("r", [])), ["none", "the deployment brings it, or there is none"]);
    assert.deepEqual(seen(judgeModelData("r", [gone])), ["fail", "ASY-616", "no such thing"]);
    const key = (known: string): string[] => seen(judgeKeys("r", [{ what: "k", answer: { known } }]));
    assert.deepEqual(["Enabled", "PendingDeletion", "NotFound"].map(key), [
      ["ok", "enabled"],
      ["fail", "ASY-619", "PendingDeletion"],
      ["fail", "ASY-619", "no such key"],
    ]);
  });

  it("by what lies in the model's VPC", () => {
    const judge = (
      vpcIds: string[],
      missing: string[],
      s3Endpoint: { known: boolean } | { unknown: string },
    ): string[] => seen(judgeNetwork("r", { known: { vpcIds, missing, s3Endpoint } }));
    assert.deepEqual(seen(judgeNetwork("r", undefined)), ["none", "the model is in no VPC"]);
    assert.deepEqual(judge(["vpc-1"], [], { known: true }), ["ok", "vpc-1, with an endpoint for S3"]);
    assert.deepEqual(judge(["vpc-1"], [], { known: false }), ["warn", "ASY-618", "vpc-1 has no endpoint for S3"]);
    assert.deepEqual(judge(["vpc-1"], [], { unknown: "no" }), ["unknown", "its endpoint for S3: no"]);
    assert.deepEqual(judge(["vpc-1", "vpc-2"], [], { known: true }), ["fail", "ASY-617", "VPCs vpc-1, vpc-2"]);
    assert.deepEqual(judge(["vpc-1"], ["gone"], { known: true }), ["fail", "ASY-617", "gone"]);
  });
});
