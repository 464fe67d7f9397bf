import assert from "node:assert/strict";
import type { Connection } from "../../client/connection";
import type { Ending } from "../../client/ending";
import { NoticeListener } from "../../client/notice-listener";
import type { Submission } from "../../client/submit";

/** What a played SQS or S3 client is asked; it answers or throws. */
type Answer = (command: string, input: Record<string, unknown>) => unknown;

/** A connection whose clients are played: a listener's own logic, without a wire. */
function played(answer: Answer): { connection: Connection; asked: string[] } {
  const asked: string[] = [];
  const client = {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const name = command.constructor.name.replace(/Command$/, "");
      asked.push(name);
      // Lets others have their turn, as a socket would.
      await new Promise((resolve) => setImmediate(resolve));
      return answer(name, command.input);
    },
  };
  return { connection: { manifest: { noticeQueueUrl: "q" }, sqs: client, s3: client } as never, asked };
}

const submission = (inferenceId: string, more: Partial<Submission> = {}): Submission => ({
  region: "eu-west-1",
  inferenceId,
  outputLocation: `s3://b/results/${inferenceId}`,
  failureLocation: `s3://b/failures/${inferenceId}`,
  acceptedAtMs: 0,
  uploadSeconds: 0,
  timeToLiveSeconds: 60,
  invocationTimeoutSeconds: 60,
  ...more,
});

const message = (inferenceId: string, more: object = {}) => ({
  ReceiptHandle: inferenceId,
  Body: JSON.stringify({
    Message: JSON.stringify({
      eventSource: "aws:sagemaker",
      eventName: "InferenceResult",
      invocationStatus: "Completed",
      inferenceId,
      ...more,
    }),
  }),
});

const named = (name: string): Error => Object.assign(new Error(`${name} said`), { name });
const notThere = (): never => {
  throw Object.assign(new Error("Not Found"), { name: "NotFound", $metadata: { httpStatusCode: 404 } });
};
const noPause = async (): Promise<void> => {};

describe("a listener", () => {
  it("hears of ten thousand requests with one loop, and ends it with the last", async () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `r${index}`);
    const left = [...ids];
    const { connection, asked } = played((command) =>
      command === "ReceiveMessage" ? { Messages: left.splice(0, 10).map((id) => message(id)) } : {},
    );
    const listener = new NoticeListener(connection, { now: () => 0 });
    const waits = ids.map((id) => listener.wait(submission(id)));
    assert.equal(listener.waiting, 10_000);
    const endings = await Promise.all(waits);
    assert.deepEqual(
      endings.map(({ inferenceId }) => inferenceId),
      ids,
    );
    assert.equal(listener.waiting, 0);
    assert.deepEqual(
      [asked.filter((each) => each === "ReceiveMessage").length, asked.filter((each) => each === "HeadObject").length],
      [1000, 0],
    );
  });

  it("gives a notice that came before its wait, takes it out of the queue, and duplicates after it", async () => {
    const queue = [[message("other")], [message("early")], [message("other")], [message("early")], [message("last")]];
    const deleted: unknown[] = [];
    const { connection } = played((command, input) => {
      if (command === "DeleteMessageBatch") {
        deleted.push(...(input.Entries as Array<{ ReceiptHandle: string }>).map(({ ReceiptHandle }) => ReceiptHandle));
      }
      return command === "ReceiveMessage" ? { Messages: queue.shift() ?? [] } : {};
    });
    const listener = new NoticeListener(connection, { now: () => 0, pause: noPause });
    const last = listener.wait(submission("last"));
    while (queue.length > 2) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await listener.wait(submission("early"))).outcome, "completed");
    assert.equal((await last).outcome, "completed");
    assert.deepEqual(deleted, ["early", "early", "last"]);
  });

  it("hears of its own behind a hundred notices of others, which others can receive at once again", async () => {
    const lying = [...Array.from({ length: 100 }, (_, index) => `other${index}`), "own"];
    const held = new Set<string>();
    const waits: unknown[] = [];
    const { connection } = played((command, input) => {
      const handles = ((input.Entries ?? []) as Array<{ ReceiptHandle: string }>).map((each) => each.ReceiptHandle);
      if (command === "ChangeMessageVisibilityBatch") for (const handle of handles) held.delete(handle);
      if (command !== "ReceiveMessage") return {};
      waits.push(input.WaitTimeSeconds);
      const page = lying.filter((id) => !held.has(id)).slice(0, 10);
      for (const id of page) held.add(id);
      return { Messages: page.map((id) => message(id)) };
    });
    const listener = new NoticeListener(connection, { now: () => 0, pause: noPause });
    assert.equal((await listener.wait(submission("own"))).toldBy, "notice");
    assert.deepEqual(waits, [20, ...Array.from({ length: 10 }, () => 0)]);
    while (held.size > 1) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([...held], ["own"]);
  });

  it("tells every leg's time, by the clock of who measured it", async () => {
    const { connection } = played((command) =>
      command === "ReceiveMessage"
        ? {
            Messages: [
              message("timed", { receivedTime: "1970-01-01T00:00:02.000Z", eventTime: "1970-01-01T00:00:30.500Z" }),
            ],
          }
        : {},
    );
    const { times } = await new NoticeListener(connection, { now: () => 31_000 }).wait(
      submission("timed", { acceptedAtMs: 1000 }),
    );
    assert.deepEqual(times, { acceptedAtMs: 1000, receivedAtMs: 2000, endedAtMs: 30_500, heardAtMs: 31_000 });
  });

  it("looks for objects while the queue cannot be read, and says at the end what was wrong with it", async () => {
    let nowMs = 0;
    const { connection } = played((command, input) => {
      if (command === "ReceiveMessage") {
        nowMs += 25_000;
        throw named("AccessDenied");
      }
      return command === "HeadObject" && input.Key === "results/there" ? {} : notThere();
    });
    const listener = new NoticeListener(connection, { now: () => nowMs, pause: noPause });
    const endings = await Promise.all([listener.wait(submission("there")), listener.wait(submission("nowhere"))]);
    assert.deepEqual(
      endings.map(({ outcome, toldBy, reason }) => [outcome, toldBy, reason]),
      [
        ["completed", "object", undefined],
        ["lost", "clock", "AccessDenied: AccessDenied said"],
      ],
    );
  });

  it("looks for the same object ever more seldom", async () => {
    let nowMs = 0;
    const looks: number[] = [];
    const { connection } = played((command, input) => {
      if (command === "ReceiveMessage") nowMs += 10_000;
      if (command !== "HeadObject") return {};
      if (String(input.Key).startsWith("results/")) looks.push(nowMs / 1000);
      return notThere();
    });
    const listener = new NoticeListener(connection, { now: () => nowMs });
    await listener.wait(submission("never", { timeToLiveSeconds: 3000, invocationTimeoutSeconds: 1 }));
    assert.deepEqual(looks, [30, 90, 210, 450, 930, 1530, 2130, 2730, 3070]);
  });

  it("looks soon and again for what may have ended, and receives no longer than until then", async () => {
    let nowMs = 0;
    const looks: number[] = [];
    const receives: unknown[] = [];
    const { connection } = played((command, input) => {
      if (command === "ReceiveMessage") {
        receives.push(input.WaitTimeSeconds);
        nowMs += Number(input.WaitTimeSeconds) * 1000;
        return {};
      }
      looks.push(nowMs);
      return nowMs < 60_000 ? notThere() : {};
    });
    const listener = new NoticeListener(connection, { now: () => nowMs });
    const { outcome, toldBy } = await listener.wait(
      submission("resumed", { failureLocation: undefined }),
      undefined,
      true,
    );
    assert.deepEqual([outcome, toldBy], ["completed", "object"]);
    assert.deepEqual(receives, [1, 2, 4, 8, 16, 20, 20]);
    assert.deepEqual(looks, [0, 1000, 3000, 7000, 15_000, 31_000, 71_000]);
  });

  it("rejects everybody at once when the credentials are refused", async () => {
    for (const name of ["ExpiredTokenException", "CredentialsProviderError"]) {
      const { connection, asked } = played(() => {
        throw named(name);
      });
      const listener = new NoticeListener(connection, { now: () => 0, pause: noPause });
      const waits = ["a", "b"].map((id) => assert.rejects(listener.wait(submission(id)), { name }));
      await Promise.all(waits);
      assert.equal(asked.length, 1);
      assert.equal(listener.waiting, 0);
    }
  });

  it("lets one waiter leave and goes on for the others of the same request", async () => {
    let deliver = false;
    const { connection } = played((command) =>
      command === "ReceiveMessage" ? { Messages: deliver ? [message("shared")] : [] } : {},
    );
    const listener = new NoticeListener(connection, { now: () => 0 });
    const stop = new AbortController();
    const leaving = assert.rejects(listener.wait(submission("shared"), stop.signal), /gone/);
    const staying: Promise<Ending> = listener.wait(submission("shared"));
    stop.abort(new Error("gone"));
    await leaving;
    deliver = true;
    assert.equal((await staying).outcome, "completed");
  });
});
