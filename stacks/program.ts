import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { AsyncFleet } from "../components";
import type { Manifest } from "../contract/manifest";
import { asRunError, homeRegion, readSettings } from "./read-settings";

export interface ProgramOptions {
  /** What relative paths in the settings are relative to. @default - the folder of Pulumi.yaml */
  readonly rootDir?: string;
}

/** The whole program: read the settings, deploy the fleet, tell callers where it is. */
export async function program(options: ProgramOptions = {}): Promise<{ manifest: pulumi.Output<Manifest> }> {
  const settings = readSettings();
  const { accountId } = await aws.getCallerIdentity();
  const home = homeRegion();
  const fleet = asRunError(
    () =>
      new AsyncFleet("fleet", {
        settings,
        accountId,
        ...(home === undefined ? {} : { homeRegion: home }),
        ...options,
      }),
  );
  return { manifest: fleet.manifest };
}
