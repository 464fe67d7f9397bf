import { type Command, InvalidArgumentError } from "commander";
import { type AwsOptions, withAwsOptions } from "../aws-options";
import type { ManifestSource } from "./manifest";

/** What every command that drives a deployed fleet takes. */
export interface FleetOptions extends ManifestSource, AwsOptions {
  readonly json?: boolean;
}

/** What a command that sends requests takes beside. */
export interface SendingOptions extends FleetOptions {
  readonly region?: readonly string[];
  readonly choose?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly customAttributes?: string;
  readonly ttl?: number;
  readonly invocationTimeout?: number;
  readonly backlogAgeMax?: number;
}

export function withFleetOptions(command: Command): Command {
  return withAwsOptions(command)
    .option(
      "--manifest <file>",
      "the fleet's manifest: `pulumi stack output manifest --json` (or ASYNC_FLEET_MANIFEST)",
    )
    .option("--stack <name>", "ask Pulumi for the manifest of this stack instead")
    .option("--json", "print the result as JSON");
}

export function withSendingOptions(command: Command): Command {
  return withFleetOptions(command)
    .option("--region <code...>", "the regions to try, in this order (default: all, as --choose says)")
    .option("--choose <how>", "order, latency, backlog, or weights such as eu-west-1=3,us-east-1=1", "order")
    .option("--content-type <type>", "the payload's media type (default: by the file's name)")
    .option("--accept <type>", "the media type wanted back")
    .option("--custom-attributes <text>", "passed to the container as it stands")
    .option("--ttl <seconds>", "how old a request may become in the queue (default: what the fleet declares)", whole)
    .option(
      "--invocation-timeout <seconds>",
      "how long the container may work (default: what the fleet declares)",
      whole,
    )
    .option("--backlog-age-max <seconds>", "pass over a region whose oldest request is older", whole);
}

/** What is said of every request, out of the options. */
export function requestOf(options: SendingOptions) {
  return {
    ...(options.accept === undefined ? {} : { accept: options.accept }),
    ...(options.customAttributes === undefined ? {} : { customAttributes: options.customAttributes }),
    ...(options.ttl === undefined ? {} : { timeToLiveSeconds: options.ttl }),
    ...(options.invocationTimeout === undefined ? {} : { invocationTimeoutSeconds: options.invocationTimeout }),
  };
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("expected a whole number of seconds.");
  return value;
}
