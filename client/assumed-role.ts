import { UsageError } from "../contract/errors";
import type { AwsAccess, ClientSettings, Keys, RoleAccess } from "./aws-access";

interface TimedKeys extends Keys {
  readonly expiration?: Date;
}

/** Keys are replaced when they have less than this left, as the AWS SDK does with its own. */
const spareMs = 5 * 60_000;
/** One session for all regions and services of a caller, and not one for each client. */
const sessions = new WeakMap<AwsAccess, () => Promise<TimedKeys>>();

/**
 * Credentials of a role, taken on when the first request is signed and again before they expire. Asked of the region's
 * own STS: what that gives is good in every region, opt-in ones too, which is not so of the global one.
 */
export function roleCredentials(access: AwsAccess, role: RoleAccess, caller: ClientSettings): () => Promise<TimedKeys> {
  let shared = sessions.get(access);
  if (shared === undefined) {
    let current: Promise<TimedKeys> | undefined;
    shared = async () => {
      const kept = await current?.catch(() => undefined);
      if (kept !== undefined && (kept.expiration?.getTime() ?? Infinity) - Date.now() > spareMs) return kept;
      current = assume(role, caller);
      return current;
    };
    sessions.set(access, shared);
  }
  return shared;
}

async function assume(role: RoleAccess, { credentials, ...clientConfig }: ClientSettings): Promise<TimedKeys> {
  // Loaded by those alone who take on a role.
  const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
  try {
    return await fromTemporaryCredentials({
      ...(credentials === undefined ? {} : { masterCredentials: credentials }),
      params: {
        RoleArn: role.arn,
        RoleSessionName: "async-fleet",
        ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
      },
      clientConfig,
    })();
  } catch (cause) {
    const { name, message, $metadata } = cause as Error & { $metadata?: { httpStatusCode?: number } };
    // Without an answer it is the network's or the caller's own credentials' affair.
    if ($metadata?.httpStatusCode === undefined || /^(Expired|InvalidClientTokenId|Signature)/.test(name)) throw cause;
    throw new UsageError({
      code: "ASY-312",
      at: `role ${role.arn}`,
      got: `${name}: ${message}`,
      expected: "a role that the caller may take on",
    });
  }
}
