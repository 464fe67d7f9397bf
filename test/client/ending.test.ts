import assert from "node:assert/strict";
import { failureOutcome } from "../../client/ending";

const asked = { timeToLiveSeconds: 600 };
const notice = (livedSeconds: number, failureReason?: string) => ({
  receivedTime: "2026-01-25T22:00:00.000Z",
  eventTime: new Date(Date.parse("2026-01-25T22:00:00.000Z") + livedSeconds * 1000).toISOString(),
  ...(failureReason === undefined ? {} : { failureReason }),
});
const refused = "ClientError: Received server error (500) from model. See the SageMaker Endpoint logs.";

describe("a failure", () => {
  for (const [what, lived, reason, outcome] of [
    ["of the model at once", 1, refused, "failed"],
    ["of the model just as its time to live is over", 601, refused, "failed"],
    ["by a connection that broke after a long wait", 601, "Connection reset by peer for the e endpoint.", "failed"],
    ["without words when its time to live is over", 600, undefined, "expired"],
    ["without words a minute after that", 660, undefined, "expired"],
    ["without words a second before", 599, undefined, "failed"],
    ["without words long after", 661, undefined, "failed"],
    ["in words of time before its time to live is over", 300, "Model timed out.", "timedOut"],
    ["in words of time long after it", 900, "The invocation timeout was exceeded", "timedOut"],
    ["in words of time as its time to live is over", 605, "The request expired.", "expired"],
    ["for another reason", 300, "Failed to download the request payload", "failed"],
  ] as const) {
    it(`${what} is ${outcome}`, () => assert.equal(failureOutcome(asked, notice(lived, reason)), outcome));
  }

  it("whose times nobody told is told by its words", () => {
    assert.equal(failureOutcome(asked, {}), "failed");
    assert.equal(failureOutcome(asked, { failureReason: "timed out" }), "timedOut");
  });
});
