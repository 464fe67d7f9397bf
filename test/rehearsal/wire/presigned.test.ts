import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { readIncoming } from "../../../rehearsal/wire/incoming";
import { checkPresigned } from "../../../rehearsal/wire/presigned";

const signedMs = Date.UTC(2026, 0, 1, 12);
const secrets = (key: string): string | undefined => (key === "AKIAEXAMPLE000000000" ? "not-a-secret" : undefined);

/** As boto3 1.44.8 signed it on the given day. */
const recorded =
  "/first/a/b%20%28c%29.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE000000000%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=587ab0d4e13768154b1727c41d38c31f17a79a15455b8f59698322c1d3ea4cf6";

function check(url: string, nowMs: number, method = "GET"): void {
  const message = { url, method, headers: { host: "127.0.0.1:4599" } } as unknown as IncomingMessage;
  checkPresigned(readIncoming(message), secrets, nowMs);
}

describe("a presigned URL", () => {
  it("is taken as the client signed it, until its end", () => {
    check(recorded, signedMs + 59_999);
    assert.throws(() => check(recorded, signedMs + 60_000), { code: "AccessDenied", message: "Request has expired" });
  });

  it("is refused when anything that is signed differs", () => {
    const refused = { code: "SignatureDoesNotMatch", statusCode: 403 };
    assert.throws(() => check(recorded.replace("first", "other"), signedMs), refused);
    assert.throws(() => check(recorded, signedMs, "PUT"), refused);
    assert.throws(() => check(recorded.replace("Expires=60", "Expires=61"), signedMs), refused);
    assert.throws(() => check(`${recorded}&versionId=1`, signedMs), refused);
  });

  it("of a key nobody was given is asked for its end alone", () => {
    const other = recorded.replace("AKIAEXAMPLE000000000", "rehearsal");
    check(other, signedMs);
    assert.throws(() => check(other, signedMs + 60_000), { code: "AccessDenied" });
  });

  it("lasts at most a week, and says when and how it was signed", () => {
    const wrong = { code: "AuthorizationQueryParametersError" };
    check(recorded.replace("Expires=60", "Expires=604800").replace("AKIAEXAMPLE000000000", "any"), signedMs);
    for (const [part, instead] of [
      ["Expires=60", "Expires=604801"],
      ["Expires=60", "Expires=-1"],
      ["Expires=60", "Expires=soon"],
      ["Date=20260101T120000Z", "Date=2026-01-01"],
      ["AWS4-HMAC-SHA256", "AWS4-HMAC-MD5"],
    ] as const)
      assert.throws(() => check(recorded.replace(part, instead), signedMs), wrong, instead);
  });

  it("of signature version 2 has an end, too", () => {
    const url = `/first/a?AWSAccessKeyId=rehearsal&Signature=x&Expires=${signedMs / 1000}`;
    check(url, signedMs - 1);
    assert.throws(() => check(url, signedMs), { code: "AccessDenied", message: "Request has expired" });
  });
});
