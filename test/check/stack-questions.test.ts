import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { CallFailed } from "../../check/pack-call";
import type { RecordedResource } from "../../check/record-program";
import { type Asked, StackQuestions } from "../../check/stack-questions";
import type { UsageError } from "../../contract/errors";

const resource = (urn: string): RecordedResource => ({
  urn,
  parent: "",
  dependencies: [],
  propertyDependencies: {},
  type: "aws:sns/topic:Topic",
  name: urn,
  custom: true,
  inputs: {},
  outputs: {},
});

function saying(message: string): messages.AnalyzeResponse {
  const answer = new messages.AnalyzeResponse();
  const diagnostic = new messages.AnalyzeDiagnostic();
  diagnostic.setPolicyname("rule");
  diagnostic.setMessage(message);
  answer.addDiagnostics(diagnostic);
  answer.addNotApplicable(new messages.PolicyNotApplicable());
  return answer;
}

function failing(code: status, details: string): CallFailed {
  return new CallFailed(Object.assign(new Error(details), { code, details }) as never, []);
}

interface Call {
  readonly of: readonly string[];
  readonly deadline: number;
  answer(response: messages.AnalyzeResponse): void;
  fail(cause: CallFailed): void;
}

/** A pack that answers when it is told to. */
class SlowPack implements Asked {
  readonly calls: Call[] = [];

  analyze({ urn }: RecordedResource, deadline: number): Promise<messages.AnalyzeResponse> {
    return this.called([urn], deadline);
  }

  analyzeStack(resources: readonly RecordedResource[], deadline: number): Promise<messages.AnalyzeResponse> {
    return this.called(
      resources.map(({ urn }) => urn),
      deadline,
    );
  }

  private called(of: readonly string[], deadline: number): Promise<messages.AnalyzeResponse> {
    return new Promise((answer, fail) => this.calls.push({ of, deadline, answer, fail }));
  }
}

/** Until all that follows from what was just answered has happened. */
const settled = (): Promise<void> => new Promise((turn) => setImmediate(turn));

describe("the questions about one stack", () => {
  let pack: SlowPack;
  let questions: StackQuestions;
  beforeEach(() => {
    pack = new SlowPack();
    questions = new StackQuestions(60);
  });
  const add = (...urns: string[]): void => {
    for (const urn of urns) questions.add(resource(urn));
  };
  const askedOf = (): ReadonlyArray<readonly string[]> => pack.calls.map(({ of }) => of);

  it("wait for a pack that is not ready, and are asked from then on as resources are recorded", () => {
    add("a", "b");
    assert.deepEqual(askedOf(), []);
    questions.open(pack);
    assert.deepEqual(askedOf(), [["a"], ["b"]]);
    add("c");
    assert.deepEqual(askedOf(), [["a"], ["b"], ["c"]]);
  });

  it("are under way sixteen at a time", async () => {
    const urns = Array.from({ length: 20 }, (_, index) => `r${index}`);
    questions.open(pack);
    add(...urns);
    assert.equal(pack.calls.length, 16);
    pack.calls[3]?.answer(saying("said"));
    await settled();
    assert.deepEqual(askedOf().slice(16), [["r16"]]);
  });

  it("end with one about all resources, when each alone has been answered, and are told in the resources' order", async () => {
    questions.open(pack);
    add("a", "b");
    const verdicts = questions.verdicts();
    pack.calls[1]?.answer(saying("of b"));
    await settled();
    assert.equal(pack.calls.length, 2);
    pack.calls[0]?.answer(saying("of a"));
    await settled();
    assert.deepEqual(askedOf()[2], ["a", "b"]);
    pack.calls[2]?.answer(saying("of all"));
    const { diagnostics, notApplicable, failures } = await verdicts;
    assert.deepEqual(
      diagnostics.map(({ urn, message }) => [urn, message]),
      [
        ["a", "of a"],
        ["b", "of b"],
        ["", "of all"],
      ],
    );
    assert.deepEqual([notApplicable, failures], [3, []]);
  });

  it("go on after a rule that failed, which is told once with how often it did", async () => {
    questions.open(pack);
    add("a", "b");
    const verdicts = questions.verdicts();
    const thrown = "Error validating resource with policy 'fails' from policy pack 'p@v1':\nError: no table";
    for (const call of [...pack.calls]) call.fail(failing(status.UNKNOWN, thrown));
    await settled();
    pack.calls[2]?.answer(saying("of all"));
    const { diagnostics, failures } = await verdicts;
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      ["of all"],
    );
    assert.deepEqual(failures, [
      { code: "ASY-420", at: "rule fails on a and 1 more", got: "Error: no table", expected: "a verdict" },
    ]);
  });

  it("are given up when the pack does not answer in time: no verdict comes of what was answered before", async () => {
    questions.open(pack);
    add("a", "b");
    const verdicts = questions.verdicts();
    pack.calls[0]?.answer(saying("of a"));
    pack.calls[1]?.fail(failing(status.DEADLINE_EXCEEDED, "Deadline exceeded"));
    await assert.rejects(verdicts, (cause: UsageError) => {
      assert.deepEqual(
        cause.problems.map(({ code, got }) => [code, got]),
        [["ASY-421", "no answer within 60 seconds"]],
      );
      return true;
    });
    assert.equal(pack.calls.length, 2);
  });

  it("ask a pack that broke off nothing more, while resources still come", async () => {
    questions.open(pack);
    add("a");
    pack.calls[0]?.fail(failing(status.UNAVAILABLE, "Connection dropped"));
    await settled();
    add("b");
    assert.equal(pack.calls.length, 1);
    await assert.rejects(questions.verdicts(), /ASY-404[\s\S]*Connection dropped/);
  });

  it("have one end for all of them once every resource is known, however long the program took", async () => {
    let nowMs = 0;
    questions = new StackQuestions(60, () => nowMs);
    questions.open(pack);
    add(...Array.from({ length: 17 }, (_, index) => `r${index}`));
    nowMs = 50_000;
    const verdicts = questions.verdicts();
    nowMs = 100_000;
    for (const call of pack.calls.slice(0, 16)) call.answer(saying("said"));
    await settled();
    pack.calls[16]?.answer(saying("said"));
    await settled();
    pack.calls[17]?.answer(saying("of all"));
    await verdicts;
    assert.deepEqual(
      pack.calls.map(({ deadline }) => deadline),
      [...Array.from({ length: 16 }, () => 60_000), 110_000, 110_000],
    );
  });

  it("are closed once what is under way is answered, so that nothing reaches into the next stack", async () => {
    questions.open(pack);
    add("a");
    let isClosed = false;
    const closed = questions.close().then(() => {
      isClosed = true;
    });
    add("b");
    await settled();
    assert.deepEqual([askedOf(), isClosed], [[["a"]], false]);
    pack.calls[0]?.answer(saying("said"));
    await closed;
    assert.deepEqual([askedOf(), isClosed], [[["a"]], true]);
  });

  it("tell how long the pack had any of them", async () => {
    questions.open(pack);
    assert.equal(questions.busySeconds, 0);
    add("a");
    pack.calls[0]?.answer(saying("said"));
    await settled();
    const { busySeconds } = questions;
    assert.ok(busySeconds > 0);
    await settled();
    assert.equal(questions.busySeconds, busySeconds);
  });
});
