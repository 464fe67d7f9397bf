import { setTimeout as pause } from "node:timers/promises";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { clientSettings } from "../../client/aws-access";
import { UsageError } from "../../contract/errors";
import { awsAccess } from "../aws-options";
import type { ExitCode } from "../main";
import type { Terminal } from "../terminal";
import { readManifest } from "./manifest";
import type { FleetOptions } from "./options";

export interface LogsOptions extends FleetOptions {
  readonly region?: string;
  readonly minutes: number;
  readonly filter?: string;
  readonly follow?: boolean;
}

const everyMs = 5000;

/** `fleet logs`: what the containers of a region's endpoint have written. */
export async function logsCommand(options: LogsOptions, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const { regions } = await readManifest(options);
  const region = options.region ?? Object.keys(regions)[0] ?? "";
  const manifest = regions[region];
  if (manifest === undefined) {
    throw new UsageError({
      code: "ASY-305",
      at: "--region",
      got: region,
      expected: `one of ${Object.keys(regions).join(", ")}`,
    });
  }
  const logs = new CloudWatchLogsClient(clientSettings(region, awsAccess(options)));
  const seen = new Set<string>();
  let startTime = Date.now() - options.minutes * 60_000;
  try {
    for (;;) {
      let nextToken: string | undefined;
      do {
        const page = await logs.send(
          new FilterLogEventsCommand({
            logGroupName: `/aws/sagemaker/Endpoints/${manifest.endpointName}`,
            startTime,
            ...(options.filter === undefined ? {} : { filterPattern: `"${options.filter.replaceAll('"', "")}"` }),
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
          { abortSignal: signal },
        );
        for (const event of page.events ?? []) {
          if (seen.has(event.eventId ?? "")) continue;
          seen.add(event.eventId ?? "");
          startTime = Math.max(startTime, event.timestamp ?? 0);
          terminal.out(
            options.json
              ? JSON.stringify(event)
              : `${new Date(event.timestamp ?? 0).toISOString()}  ${event.logStreamName}  ${event.message?.trimEnd()}`,
          );
        }
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      if (!options.follow) return 0;
      await pause(everyMs, undefined, { signal });
    }
  } catch (cause) {
    if ((cause as Error).name !== "ResourceNotFoundException") throw cause;
    terminal.log(`No container of ${manifest.endpointName} has written anything in ${region} yet.`);
    return 0;
  } finally {
    logs.destroy();
  }
}
