import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type AskServed, AsyncFleet, lookUp } from "../components";
import type { Manifest } from "../contract/manifest";
import { asRunError, homeRegion, readSettings, runErrorOf } from "./read-settings";

export interface ProgramOptions {
  /** What relative paths in the settings are relative to. @default - the folder of Pulumi.yaml */
  readonly rootDir?: string;
  /** Asks SageMaker what an endpoint serves, after each update. @default - the AWS SDK, as the provider is configured */
  readonly askServed?: AskServed;
}

/** The whole program: read the settings, deploy the fleet, tell callers where it is. */
export async function program(options: ProgramOptions = {}): Promise<{ manifest: pulumi.Output<Manifest> }> {
  const settings = readSettings();
  const { accountId } = await aws.getCallerIdentity();
  const home = homeRegion();
  const lookups = await lookUp(settings).catch((cause: unknown) => {
    throw runErrorOf(cause);
  });
  const fleet = asRunError(
    () =>
      new AsyncFleet("fleet", {
        settings,
        accountId,
        lookups,
        ...(home === undefined ? {} : { homeRegion: home }),
        ...options,
      }),
  );
  return { manifest: fleet.manifest };
}
