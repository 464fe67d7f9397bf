import type { Command } from "commander";
import type { AwsAccess } from "../client/aws-access";
import { UsageError } from "../contract/errors";

/** Where `fleet serve` listens unless it is told otherwise. */
export const rehearsalPort = 4599;

export interface AwsOptions {
  /** The address of a running rehearsal; `true` for the usual one. */
  readonly rehearsal?: string | true;
  readonly profile?: string;
  /** ARN of a role to take on. */
  readonly role?: string;
  readonly externalId?: string;
}

/** Gives a command the options that say where AWS is and who asks. */
export function withAwsOptions(command: Command): Command {
  return command
    .option(
      "--rehearsal [url]",
      `ask a running \`fleet serve\` and not AWS (default: http://127.0.0.1:${rehearsalPort})`,
    )
    .option("--profile <name>", "the profile of the shared AWS configuration to ask with")
    .option("--role <arn>", "take on this role first")
    .option("--external-id <text>", "what the role's trust policy asks for beside the caller");
}

/**
 * Reads those options.
 *
 * @throws UsageError ASY-601 for an address or a role that is none, a rehearsal with a profile, an external id without
 *   a role
 */
export function awsAccess(options: AwsOptions): AwsAccess {
  const { rehearsal, profile } = options;
  const role = roleOf(options);
  if (rehearsal === undefined) return { ...(profile === undefined ? {} : { profile }), ...role };
  if (profile !== undefined) {
    throw new UsageError({
      code: "ASY-601",
      at: "--profile",
      got: "a profile with --rehearsal",
      expected: "one of the two: a rehearsal knows no profiles",
    });
  }
  const endpoint = rehearsal === true ? `http://127.0.0.1:${rehearsalPort}` : rehearsal;
  if (!/^http:\/\/[^/\s]+\/?$/.test(endpoint) || !URL.canParse(endpoint)) {
    throw new UsageError({
      code: "ASY-601",
      at: "--rehearsal",
      got: endpoint,
      expected: "the address that `fleet serve` prints, such as http://127.0.0.1:4599",
    });
  }
  return { endpoint, credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" }, ...role };
}

function roleOf({ role, externalId }: AwsOptions): Pick<AwsAccess, "role"> {
  const wrong = (at: string, got: string, expected: string): UsageError =>
    new UsageError({ code: "ASY-601", at, got, expected });
  if (role === undefined) {
    if (externalId === undefined) return {};
    throw wrong("--external-id", "an external id without a role", "--role ARN beside it");
  }
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)) {
    throw wrong("--role", role, "a role's ARN, such as arn:aws:iam::123456789012:role/async-fleet-caller");
  }
  return { role: { arn: role, ...(externalId === undefined ? {} : { externalId }) } };
}
