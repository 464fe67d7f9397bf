import type { Command } from "commander";
import type { AwsAccess } from "../client/aws-access";
import { UsageError } from "../contract/errors";

/** Where `fleet serve` listens unless it is told otherwise. */
export const rehearsalPort = 4599;

export interface AwsOptions {
  /** The address of a running rehearsal; `true` for the usual one. */
  readonly rehearsal?: string | true;
  readonly profile?: string;
}

/** Gives a command the options that say where AWS is and who asks. */
export function withAwsOptions(command: Command): Command {
  return command
    .option(
      "--rehearsal [url]",
      `ask a running \`fleet serve\` and not AWS (default: http://127.0.0.1:${rehearsalPort})`,
    )
    .option("--profile <name>", "the profile of the shared AWS configuration to ask with");
}

/**
 * Reads those options.
 *
 * @throws UsageError ASY-601 for an address that is none, and for a rehearsal with a profile
 */
export function awsAccess({ rehearsal, profile }: AwsOptions): AwsAccess {
  if (rehearsal === undefined) return profile === undefined ? {} : { profile };
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
  return { endpoint, credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" } };
}
