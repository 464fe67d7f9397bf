import { setTimeout as pause } from "node:timers/promises";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { clientSettings } from "../../client/aws-access";
import { ServerClock } from "../../client/server-clock";
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
const lateMs = 60_000;

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
  const clock = new ServerClock();
  clock.listenTo(logs);
  /** The moment of each line that was shown and may be told again. */
  const seen = new Map<string, number>();
  let startTime: number | undefined;
  let shown = 0;
  try {
    for (;;) {
      let nextToken: string | undefined;
      do {
        const page = await clock.ask((nowMs) =>
          logs.send(
            new FilterLogEventsCommand({
              logGroupName: `/aws/sagemaker/Endpoints/${manifest.endpointName}`,
              startTime: startTime ?? nowMs - options.minutes * 60_000,
              ...(options.filter === undefined ? {} : { filterPattern: `"${options.filter.replaceAll('"', "")}"` }),
              ...(nextToken === undefined ? {} : { nextToken }),
            }),
            { abortSignal: signal },
          ),
        );
        for (const event of page.events ?? []) {
          const id = event.eventId ?? `${event.logStreamName} ${event.timestamp} ${event.message}`;
          if (seen.has(id)) continue;
          seen.set(id, event.timestamp ?? 0);
          shown++;
          terminal.out(
            options.json
              ? JSON.stringify(event)
              : `${new Date(event.timestamp ?? 0).toISOString()}  ${event.logStreamName}  ${event.message?.trimEnd()}`,
          );
        }
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      if (!options.follow) {
        if (shown === 0) terminal.log(`Nothing was written in ${region} in the last ${options.minutes} minutes.`);
        return 0;
      }
      // Streams tell their lines late and out of order: a minute is looked through again, for what is new in it.
      startTime = Math.max(clock.now() - options.minutes * 60_000, newest(seen) - lateMs);
      for (const [id, atMs] of seen) if (atMs < startTime) seen.delete(id);
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

function newest(seen: ReadonlyMap<string, number>): number {
  let newestMs = 0;
  for (const atMs of seen.values()) newestMs = Math.max(newestMs, atMs);
  return newestMs;
}
