import assert from "node:assert/strict";
import { asked, failureKind } from "../../preflight/ask/asked";

const failure = (name: string, more: object = { $fault: "client" }) => Object.assign(new Error("said"), { name }, more);

describe("a question to AWS", () => {
  const rows: ReadonlyArray<readonly [Error, string, string]> = [
    [failure("ThrottlingException"), "throttled", "AWS throttled the question; ask again later"],
    [failure("RequestLimitExceeded"), "throttled", "AWS throttled the question; ask again later"],
    [failure("AccessDeniedException"), "denied", "the caller may not ask: said"],
    [failure("UnauthorizedOperation"), "denied", "the caller may not ask: said"],
    [
      failure("UnrecognizedClientException"),
      "refused",
      "AWS refuses the credentials in this region, as it does where the account has not enabled it",
    ],
    [failure("ExpiredTokenException"), "expired", "the credentials expired meanwhile; sign in again"],
    [failure("Error", { code: "ENOTFOUND" }), "unreachable", "not reached (ENOTFOUND)"],
    [failure("TimeoutError", {}), "unreachable", "not reached (TimeoutError)"],
    [failure("CredentialsProviderError", {}), "credentials", "no credentials: said"],
    [failure("Unknown", { $metadata: { httpStatusCode: 403 } }), "denied", "the caller may not ask: said"],
    [failure("InternalFailure"), "other", "InternalFailure: said"],
  ];
  for (const [cause, kind, reason] of rows) {
    it(`that meets ${cause.name} ${(cause as { code?: string }).code ?? ""} has no answer, for a reason`, async () => {
      assert.equal(failureKind(cause), kind);
      const { signal } = new AbortController();
      assert.deepEqual(await asked(signal, () => Promise.reject(cause)), { unknown: reason });
    });
  }

  it("that meets a fault of ours throws it on", async () => {
    const { signal } = new AbortController();
    await assert.rejects(
      asked(signal, () => Promise.reject(new TypeError("x is not a function"))),
      TypeError,
    );
  });
});
