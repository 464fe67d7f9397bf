import { type Problem, UsageError } from "../contract/errors";
import { type FailureKind, failureKind } from "../preflight/ask/asked";

const codes = {
  credentials: "ASY-620",
  refused: "ASY-621",
  expired: "ASY-621",
  unreachable: "ASY-622",
  denied: "ASY-624",
  throttled: "ASY-625",
  other: "ASY-626",
} as const satisfies Record<FailureKind, Problem["code"]>;

const expected: Readonly<Record<FailureKind, string>> = {
  credentials: "credentials to sign requests with",
  refused: "credentials that AWS takes",
  expired: "credentials that have not expired",
  unreachable: "an answer",
  denied: "a caller who may do this",
  throttled: "an answer to as many requests as were sent",
  other: "an answer without an error",
};

/** What AWS answered, as a problem with its code; undefined for what no AWS client threw. */
export function awsProblem(cause: unknown): UsageError | undefined {
  const kind = failureKind(cause);
  if (kind === undefined) return undefined;
  const { name = "", message = "", code } = cause as { name?: string; message?: string; code?: string };
  // A skewed clock is refused like a wrong signature, and is mended otherwise.
  const skewed = /RequestTimeTooSkewed|RequestExpired|Signature expired/.test(`${name} ${message}`);
  return new UsageError({
    code: codes[kind],
    at: "AWS",
    got: [code, name, message].filter((part) => part !== undefined && part !== "" && part !== "Error").join(": "),
    expected: expected[kind],
    ...(skewed ? { fix: "Set this machine's clock: AWS refuses requests more than five minutes off." } : {}),
  });
}
