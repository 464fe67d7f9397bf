import assert from "node:assert/strict";
import fc from "fast-check";
import { parseNotice } from "../../client/notice";

const envelope = (document: unknown): string =>
  JSON.stringify({ Type: "Notification", Message: JSON.stringify(document) });

describe("a notice", () => {
  it("of success names the request and where its result lies", () => {
    assert.deepEqual(
      parseNotice(
        envelope({
          awsRegion: "eu-west-1",
          eventTime: "2026-01-25T22:46:00.608Z",
          receivedTime: "2026-01-25T22:46:00.455Z",
          invocationStatus: "Completed",
          requestParameters: { endpointName: "digits", inputLocation: "s3://b/inputs/1" },
          responseParameters: { contentType: "text/csv", outputLocation: "s3://b/results/1.out" },
          inferenceId: "one",
          eventVersion: "1.0",
          eventSource: "aws:sagemaker",
          eventName: "InferenceResult",
        }),
      ),
      {
        inferenceId: "one",
        outcome: "completed",
        outputLocation: "s3://b/results/1.out",
        receivedTime: "2026-01-25T22:46:00.455Z",
        eventTime: "2026-01-25T22:46:00.608Z",
      },
    );
  });

  it("of failure carries SageMaker's reason, and no place when none came", () => {
    assert.deepEqual(
      parseNotice(
        envelope({
          invocationStatus: "Failed",
          failureReason: "ClientError: Received server error (500) from model.",
          inferenceId: "two",
          eventSource: "aws:sagemaker",
          eventName: "InferenceResult",
        }),
      ),
      { inferenceId: "two", outcome: "failed", failureReason: "ClientError: Received server error (500) from model." },
    );
  });

  it("of a test is told apart from a result", () => {
    assert.equal(
      parseNotice(envelope({ eventVersion: "1.0", eventSource: "aws:sagemaker", eventName: "TestNotification" })),
      "test",
    );
  });

  it("is nothing when the message is anybody else's", () => {
    const others = [
      "",
      "{",
      "null",
      "[]",
      envelope({ eventSource: "aws:s3" }),
      envelope({ eventSource: "aws:sagemaker" }),
      "{}",
    ];
    for (const other of others) assert.equal(parseNotice(other), undefined, other);
  });

  it("never throws, whatever the queue holds", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((inner) => envelope(inner)),
        ),
        (body) => void parseNotice(body),
      ),
    );
  });
});
