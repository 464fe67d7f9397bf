import type { Answer } from "../verdict";

/** An error of an AWS client, as far as anybody needs to know it. */
interface AwsFailure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: string;
}

const throttling = /^(Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|RequestThrottled)/;
const denied = /^(AccessDenied|UnauthorizedOperation|AuthorizationError|Forbidden$|403$)/;
const refused = /^(UnrecognizedClient|InvalidClientTokenId|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch)/;
const expired = /^(ExpiredToken|RequestExpired)/;
const unreachable =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|TimeoutError|NetworkingError)/;

/** What kind of failure a question met. */
export type FailureKind = "throttled" | "denied" | "refused" | "expired" | "unreachable" | "credentials" | "other";

/** The kind of an AWS client's failure, or undefined for what is no such failure and therefore a fault of ours. */
export function failureKind(cause: unknown): FailureKind | undefined {
  const { name = "", code = "", $metadata, $fault } = (cause ?? {}) as AwsFailure;
  if (/CredentialsProviderError|TokenProviderError/.test(name)) return "credentials";
  if (throttling.test(name)) return "throttled";
  if (denied.test(name)) return "denied";
  if (refused.test(name)) return "refused";
  if (expired.test(name)) return "expired";
  if (unreachable.test(code) || unreachable.test(name)) return "unreachable";
  // An answer to HEAD has no body, and therefore no name either.
  if ($metadata?.httpStatusCode === 403) return "denied";
  if ($metadata?.httpStatusCode === 429) return "throttled";
  return $metadata !== undefined || $fault !== undefined ? "other" : undefined;
}

/**
 * Asks, and turns every way in which AWS may not answer into a reason. What is no failure of AWS's is thrown on.
 *
 * @param signal an abort is thrown on, too
 */
export async function asked<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Answer<Value>> {
  try {
    return { known: await work() };
  } catch (cause) {
    signal.throwIfAborted();
    const kind = failureKind(cause);
    if (kind === undefined) throw cause;
    return { unknown: reasonOf(kind, cause as AwsFailure) };
  }
}

function reasonOf(kind: FailureKind, { name = "", code = "", message = "" }: AwsFailure): string {
  const said = message === "" ? name : message;
  switch (kind) {
    case "throttled":
      return "AWS throttled the question; ask again later";
    case "denied":
      return `the caller may not ask: ${said}`;
    case "refused":
      return "AWS refuses the credentials in this region, as it does where the account has not enabled it";
    case "expired":
      return "the credentials expired meanwhile; sign in again";
    case "unreachable":
      return `not reached (${code || name})`;
    case "credentials":
      return `no credentials: ${said}`;
    case "other":
      return `${name}: ${said}`;
  }
}

/** The HTTP status of the answer behind a failure. */
export function statusOf(cause: unknown): number | undefined {
  return ((cause ?? {}) as AwsFailure).$metadata?.httpStatusCode;
}

/** Whether a failure carries one of these names: the answer "it is not there" comes as an error. */
export function isNamed(cause: unknown, ...names: readonly string[]): boolean {
  const { name = "", code = "" } = (cause ?? {}) as AwsFailure & { readonly Code?: string };
  return names.includes(name) || names.includes(code);
}
