import * as pulumi from "@pulumi/pulumi";
import { type Problem, UsageError } from "../contract/errors";
import { parseSettings, type Settings } from "../contract/settings";
import { rawSettingsOf } from "./stack-config";

/**
 * The stack's settings. The only reader of Pulumi's configuration.
 *
 * @throws pulumi.RunError with every problem, which the engine prints without a stack trace
 */
export function readSettings(): Settings {
  const home = homeRegion();
  return asRunError(() =>
    parseSettings(rawSettingsOf(pulumi.runtime.allConfig()), {
      stack: pulumi.getStack(),
      ...(home === undefined ? {} : { homeRegion: home }),
    }),
  );
}

/** The stack's own `aws:region`. */
export function homeRegion(): string | undefined {
  return new pulumi.Config("aws").get("region");
}

/** What a user can mend, for an engine to print without a stack trace and for a check to read. */
class SettingsError extends pulumi.RunError {
  constructor(
    readonly problems: readonly Problem[],
    text: string,
  ) {
    super(`The settings of this stack need mending.\n\n${text}\n`);
  }
}

/** @throws pulumi.RunError, with the problems, in place of a UsageError */
export function asRunError<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    throw runErrorOf(cause);
  }
}

/** A UsageError as what an engine prints without a stack trace; anything else as it is. */
export function runErrorOf(cause: unknown): unknown {
  return cause instanceof UsageError ? new SettingsError(cause.problems, cause.message) : cause;
}
