import * as pulumi from "@pulumi/pulumi";
import { UsageError } from "../contract/errors";
import { parseSettings, type Settings } from "../contract/settings";

const namespace = "async-fleet:";

/**
 * The stack's settings. The only reader of Pulumi's configuration.
 *
 * @throws pulumi.RunError with every problem, which the engine prints without a stack trace
 */
export function readSettings(): Settings {
  const homeRegion = new pulumi.Config("aws").get("region");
  return asRunError(() =>
    parseSettings(rawSettings(), { stack: pulumi.getStack(), ...(homeRegion === undefined ? {} : { homeRegion }) }),
  );
}

/** What a user can mend is told without a stack trace. */
export function asRunError<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof UsageError)
      throw new pulumi.RunError(`The settings of this stack need mending.\n\n${cause.message}\n`);
    throw cause;
  }
}

/** Every key of the namespace: objects come as JSON text, plain words as they are. */
function rawSettings(): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(pulumi.runtime.allConfig())) {
    if (key.startsWith(namespace)) raw[key.slice(namespace.length)] = parsed(text);
  }
  return raw;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
