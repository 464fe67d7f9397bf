import assert from "node:assert/strict";
import type { Connection } from "../../client/connection";
import type { Ending } from "../../client/ending";
import { type Submission, submit } from "../../client/submit";
import { waitForAll } from "../../client/wait";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";

const contentType = "text/plain";

/** An ending without its times, which have tests of their own. */
function untimed({ times: _times, ...rest }: Ending): Omit<Ending, "times"> {
  return rest;
}

/** A request that nobody has accepted: it never has a notice nor an object of its own. */
const unheardOf = (inferenceId: string, more: Partial<Submission> = {}): Submission => ({
  region: "eu-west-1",
  inferenceId,
  payloadBytes: 1,
  outputLocation: `s3://payloads/results/${inferenceId}.out`,
  failureLocation: `s3://payloads/failures/${inferenceId}-error.out`,
  acceptedAtMs: 0,
  uploadSeconds: 0,
  timeToLiveSeconds: 59,
  invocationTimeoutSeconds: 1,
  ...more,
});

describe("a wait", () => {
  let at: RehearsedEndpoint;
  let connection: Connection;
  before(async () => {
    at = await RehearsedEndpoint.open({ image: "echoes", concurrency: 4 });
    connection = at.connection;
  });
  beforeEach(() => at.world.sqs.purgeQueue(at.call, { QueueUrl: connection.manifest.noticeQueueUrl }));
  after(() => at.close());

  const send = (payload: string, inferenceId?: string): Promise<Submission> =>
    submit(
      connection,
      { bytes: Buffer.from(payload) },
      { contentType, ...(inferenceId === undefined ? {} : { inferenceId }) },
    );

  const ended = (inferenceId: string): Promise<void> =>
    at.until(() => at.record(inferenceId)?.outcome !== undefined, 3600);

  async function put(location: string, text: string): Promise<void> {
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(location) ?? [];
    await at.world.s3.putObject(at.call, { Bucket, Key, Body: text });
  }

  const tell = (MessageBody: string) =>
    at.world.sqs.sendMessage(at.call, { QueueUrl: connection.manifest.noticeQueueUrl, MessageBody });

  /** Runs `work` while every ReceiveMessage is told to `onReceive`; counts them. */
  async function receiving<T>(work: () => Promise<T>, onReceive: () => void): Promise<{ result: T; receives: number }> {
    let receives = 0;
    const name = "toldOfReceives";
    connection.sqs.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === "ReceiveMessageCommand") {
          receives++;
          onReceive();
        }
        return next(args);
      },
      { step: "initialize", name },
    );
    try {
      return { result: await work(), receives };
    } finally {
      connection.sqs.middlewareStack.remove(name);
    }
  }

  it("is told of a success by its notice", async () => {
    const submission = await send("hello", "told");
    const [ending, ...others] = await waitForAll(connection, [submission]);
    assert.deepEqual(others, []);
    const { notice, ...rest } = untimed(ending as Ending);
    assert.deepEqual(rest, {
      inferenceId: "told",
      outcome: "completed",
      toldBy: "notice",
      location: submission.outputLocation,
    });
    assert.deepEqual(
      [notice?.inferenceId, notice?.outcome, notice?.outputLocation],
      ["told", "completed", submission.outputLocation],
    );
    assert.equal(await at.queued(), 0);
  });

  it("is told of a failure by its notice, with SageMaker's reason", async () => {
    const submission = await send("refuse", "refused");
    const [ending] = await waitForAll(connection, [submission]);
    assert.deepEqual(
      [ending?.outcome, ending?.toldBy, ending?.location],
      ["failed", "notice", submission.failureLocation],
    );
    assert.equal(
      ending?.reason,
      "ClientError: Received client error (400) from model. See the SageMaker Endpoint logs in your account for more information.",
    );
    assert.equal(await at.queued(), 0);
  });

  it("gives the endings of many in the order of the submissions, each told once", async () => {
    const names = Array.from({ length: 25 }, (_, index) => `many-${index}`);
    const submissions = [];
    for (const [index, name] of names.entries()) submissions.push(await send(index % 5 === 0 ? "refuse" : "x", name));
    const told: string[] = [];
    const endings = await waitForAll(connection, submissions.toReversed(), {
      onEnd: ({ inferenceId }) => told.push(inferenceId),
    });
    assert.deepEqual(
      endings.map(({ inferenceId, outcome }) => [inferenceId, outcome]),
      names.map((name, index) => [name, index % 5 === 0 ? "failed" : "completed"]).reverse(),
    );
    assert.deepEqual(told.sort(), names.sort());
    assert.equal(await at.queued(), 0);
  });

  it("for nothing asks nobody", async () => {
    const { result, receives } = await receiving(
      () => waitForAll(connection, []),
      () => {},
    );
    assert.deepEqual([result, receives], [[], 0]);
  });

  it("takes test notifications out of the queue, and leaves other callers' notices and anybody else's messages", async () => {
    const [own, others] = [await send("x", "mine"), await send("x", "theirs")];
    await Promise.all([ended("mine"), ended("theirs")]);
    await tell("not a notice");
    await tell(
      JSON.stringify({
        Message: '{"eventVersion":"1.0","eventSource":"aws:sagemaker","eventName":"TestNotification"}',
      }),
    );
    assert.equal(await at.queued(), 4);
    assert.deepEqual(
      (await waitForAll(connection, [own])).map(({ inferenceId, toldBy }) => [inferenceId, toldBy]),
      [["mine", "notice"]],
    );
    assert.equal(await at.queued(), 2);
    assert.deepEqual(
      (await waitForAll(connection, [others])).map(({ inferenceId, toldBy }) => [inferenceId, toldBy]),
      [["theirs", "notice"]],
    );
    assert.equal(await at.queued(), 1);
  });

  it("takes two notices of one request as one", async () => {
    const submission = await send("x", "twice");
    await ended("twice");
    const { Messages: [message] = [] } = await at.world.sqs.receiveMessage(at.call, {
      QueueUrl: connection.manifest.noticeQueueUrl,
      VisibilityTimeout: 0,
    });
    await tell(message?.Body ?? "");
    const last = await send("x", "after");
    await ended("after");
    const told: string[] = [];
    const endings = await waitForAll(connection, [submission, last], {
      onEnd: ({ inferenceId }) => told.push(inferenceId),
    });
    assert.deepEqual(
      endings.map(({ inferenceId, outcome }) => [inferenceId, outcome]),
      [
        ["twice", "completed"],
        ["after", "completed"],
      ],
    );
    assert.deepEqual(told, ["twice", "after"]);
  });

  it("gives a request up as lost when neither notice nor object came within its bound, and not before", async () => {
    let nowMs = 5000;
    const told: Ending[] = [];
    const { result, receives } = await receiving(
      () =>
        waitForAll(connection, [unheardOf("lost"), unheardOf("lost later", { timeToLiveSeconds: 89 })], {
          now: () => nowMs,
          graceSeconds: 0,
          onEnd: (ending) => told.push(ending),
        }),
      () => {
        nowMs += 30_000;
      },
    );
    assert.deepEqual(result.map(untimed), [
      { inferenceId: "lost", outcome: "lost", toldBy: "clock" },
      { inferenceId: "lost later", outcome: "lost", toldBy: "clock" },
    ]);
    assert.deepEqual(told, result);
    assert.equal(receives, 4);
  });

  it("looks for the objects a last time before it gives up", async () => {
    const [completed, failed, lost] = [unheardOf("found"), unheardOf("found failed"), unheardOf("not found")];
    await put(completed.outputLocation, "result");
    await put(failed.failureLocation ?? "", "failure");
    let nowMs = 0;
    const { result } = await receiving(
      () =>
        waitForAll(connection, [completed, failed, lost], {
          now: () => nowMs,
          lookEverySeconds: 1_000_000,
          graceSeconds: 0,
        }),
      () => {
        nowMs += 61_000;
      },
    );
    assert.deepEqual(result.map(untimed), [
      { inferenceId: "found", outcome: "completed", toldBy: "object", location: completed.outputLocation },
      {
        inferenceId: "found failed",
        outcome: "failed",
        toldBy: "object",
        location: failed.failureLocation,
        failureText: "failure",
      },
      { inferenceId: "not found", outcome: "lost", toldBy: "clock" },
    ]);
  });

  it("looks for the objects every thirty seconds unless told otherwise", async () => {
    const found = unheardOf("looked for", { timeToLiveSeconds: 3599 });
    await put(found.outputLocation, "result");
    const receivesWith = async (more: { lookEverySeconds?: number }): Promise<number> => {
      let nowMs = 0;
      const { result, receives } = await receiving(
        () => waitForAll(connection, [found], { now: () => nowMs, ...more }),
        () => {
          nowMs += 10_000;
        },
      );
      assert.deepEqual(
        result.map(({ toldBy }) => toldBy),
        ["object"],
      );
      return receives;
    };
    assert.equal(await receivesWith({}), 3);
    assert.equal(await receivesWith({ lookEverySeconds: 45 }), 5);
    assert.equal(await receivesWith({ lookEverySeconds: 0 }), 0);
  });

  it("with a signal that is aborted already rejects with its reason and asks nobody", async () => {
    const reason = new Error("the caller left");
    const { receives } = await receiving(
      () =>
        assert.rejects(
          waitForAll(connection, [unheardOf("never")], { signal: AbortSignal.abort(reason) }),
          (cause) => cause === reason,
        ),
      () => {},
    );
    assert.equal(receives, 0);
  });

  it("ends in the middle of a receive when its signal is aborted, and leaves the notice for the next wait", async () => {
    const stop = new AbortController();
    let count = 0;
    const { receives } = await receiving(
      () =>
        assert.rejects(
          waitForAll(connection, [unheardOf("never", { timeToLiveSeconds: 3599 })], { signal: stop.signal }),
          { name: "AbortError" },
        ),
      () => {
        if (++count === 2) setImmediate(() => stop.abort());
      },
    );
    assert.equal(receives, 2);
    const [ending] = await waitForAll(connection, [await send("x", "after the abort")]);
    assert.equal(ending?.toldBy, "notice");
  });
});

describe("a wait whose notices are lost", () => {
  let at: RehearsedEndpoint;
  before(async () => {
    at = await RehearsedEndpoint.open({ image: "echoes" });
    for (const TopicArn of [at.connection.manifest.successTopicArn, at.connection.manifest.errorTopicArn]) {
      const { Subscriptions = [] } = await at.world.sns.listSubscriptionsByTopic(at.call, { TopicArn });
      assert.equal(Subscriptions.length, 1);
      for (const { SubscriptionArn } of Subscriptions) await at.world.sns.unsubscribe(at.call, { SubscriptionArn });
    }
  });
  after(() => at.close());

  for (const [payload, outcome] of [
    ["hello", "completed"],
    ["refuse", "failed"],
  ] as const) {
    it(`finds a request ${outcome} by its object within a minute`, async () => {
      const submission = await submit(
        at.connection,
        { bytes: Buffer.from(payload) },
        { contentType, inferenceId: payload },
      );
      const now = (): number => at.world.clock.now();
      const startedMs = now();
      assert.deepEqual((await waitForAll(at.connection, [submission], { now })).map(untimed), [
        {
          inferenceId: payload,
          outcome,
          toldBy: "object",
          location: outcome === "completed" ? submission.outputLocation : submission.failureLocation,
          ...(outcome === "failed" ? { failureText: "refused, as asked" } : {}),
        },
      ]);
      const waitedMs = now() - startedMs;
      assert.ok(waitedMs >= 30_000 && waitedMs < 60_000, `${waitedMs} ms`);
    });
  }
});
