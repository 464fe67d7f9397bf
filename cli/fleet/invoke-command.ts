import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DescribeEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { lookup } from "mime-types";
import { clientSettings } from "../../client/aws-access";
import { collect, collectToFile } from "../../client/collect";
import type { Ending } from "../../client/ending";
import type { FleetClient } from "../../client/fleet-client";
import type { Payload } from "../../client/payload";
import type { Submission } from "../../client/submit";
import { awsAccess } from "../aws-options";
import type { ExitCode } from "../main";
import type { Terminal } from "../terminal";
import { openFleet } from "./open-fleet";
import { requestOf, type SendingOptions } from "./options";
import { megabytes, showBar } from "./progress-bar";
import { renderEnding } from "./render-ending";

export interface InvokeOptions extends SendingOptions {
  /** Where the answer goes; absent: standard output. */
  readonly output?: string;
  readonly key?: string;
  readonly wait: boolean;
}

const lookEveryMs = 15_000;
const newline = 0x0a;

/** `fleet invoke FILE`: sends one payload and brings its answer. 1 when it ends otherwise than completed. */
export async function invokeCommand(
  file: string,
  options: InvokeOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const client = await openFleet(options);
  try {
    const submission = await client.submit(payloadOf(file), {
      contentType: options.contentType ?? (lookup(basename(file)) || "application/octet-stream"),
      ...requestOf(options),
      ...(options.key === undefined ? {} : { key: options.key }),
      signal,
      onProgress: (sent, total) =>
        total === undefined
          ? terminal.progress(`… uploaded ${megabytes(sent)}`)
          : showBar(terminal, "uploaded", sent, total, megabytes),
    });
    terminal.log(
      `accepted in ${submission.region} as ${submission.inferenceId}${submission.repeated ? " before" : ""}`,
    );
    if (!options.wait) {
      // What `fleet wait` takes.
      terminal.out(JSON.stringify(submission, null, options.json ? 2 : 0));
      return 0;
    }
    return await bringAnswer(client, submission, options, terminal, signal);
  } catch (cause) {
    if (signal.aborted && options.key !== undefined) {
      terminal.log(`The same command, with --key ${options.key}, goes on where this one stopped.`);
    }
    throw cause;
  } finally {
    client.close();
  }
}

/** Waits for a request's end, shows how its region stands meanwhile, and brings the answer. */
export async function bringAnswer(
  client: FleetClient,
  submission: Submission,
  options: SendingOptions & { readonly output?: string },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const ending = await withStateShown(client, submission, options, terminal, signal).catch((cause: unknown) => {
    if (signal.aborted) {
      terminal.log("The request goes on without you. Its answer is brought by `fleet wait -`, given this line:");
      terminal.log(JSON.stringify(submission));
    }
    throw cause;
  });
  if (options.json) {
    const { notice: _notice, ...told } = ending;
    terminal.out(JSON.stringify({ submission, ending: told }, null, 2));
  } else terminal.log(renderEnding(submission, ending, terminal));
  if (ending.outcome !== "completed" || ending.location === undefined) return 1;
  const connection = client.connection(submission.region);
  if (options.output !== undefined) {
    const { bytes } = await collectToFile(connection, ending.location, options.output, {
      signal,
      onProgress: (done, all) => showBar(terminal, "collected", done, all, megabytes),
    });
    terminal.log(`${bytes} bytes in ${options.output}`);
  } else if (!options.json) {
    terminal.clear();
    const { body } = await collect(connection, ending.location);
    let last = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      last = chunk.at(-1) ?? last;
      if (!process.stdout.write(chunk)) await drained();
    }
    // A file or a pipe gets the answer's bytes and no other; a person's prompt begins on a line of its own.
    if (process.stdout.isTTY && last !== newline) terminal.out("");
  }
  return 0;
}

function payloadOf(file: string): Payload {
  if (file === "-") return { stream: process.stdin, name: "standard input" };
  return file.startsWith("s3://") ? { s3Uri: file } : { path: file };
}

function drained(): Promise<void> {
  return new Promise((resolve) => void process.stdout.once("drain", resolve));
}

async function withStateShown(
  client: FleetClient,
  submission: Submission,
  options: SendingOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Ending> {
  const done = new AbortController();
  const showing = showState(client, submission, options, terminal, AbortSignal.any([signal, done.signal]));
  try {
    return await client.wait(submission, signal);
  } finally {
    done.abort();
    await showing;
    terminal.clear();
  }
}

/**
 * SageMaker tells nobody where one request is; how many instances there are says whether it waits for one. Without the
 * right to ask, only the time is shown.
 */
async function showState(
  client: FleetClient,
  submission: Submission,
  options: SendingOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { manifest } = client.connection(submission.region);
  const sagemaker = new SageMakerClient(clientSettings(submission.region, awsAccess(options)));
  const beganMs = performance.now();
  let state: string | undefined;
  try {
    for (let round = 0; !signal.aborted; round++) {
      if (round % (lookEveryMs / 1000) === 0) {
        state = await sagemaker
          .send(new DescribeEndpointCommand({ EndpointName: manifest.endpointName }), { abortSignal: signal })
          .then(
            ({ ProductionVariants: [variant] = [] }) =>
              stateOf(
                variant?.CurrentInstanceCount ?? 0,
                variant?.DesiredInstanceCount ?? 0,
                manifest.scaling.expectedWakeSeconds,
              ),
            () => "accepted",
          );
      }
      const seconds = Math.round((performance.now() - beganMs) / 1000);
      terminal.progress(`… ${state}, ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
      await pause(1000, undefined, { signal });
    }
  } catch {
    // Told to stop.
  } finally {
    sagemaker.destroy();
  }
}

function stateOf(instances: number, wanted: number, wakeSeconds: number): string {
  if (instances > 0) return `queued or running on ${instances} instance${instances === 1 ? "" : "s"}`;
  return wanted > 0
    ? `queued; waking: ${wanted} instance${wanted === 1 ? "" : "s"} on the way`
    : `queued while no instance is there; waking takes about ${Math.ceil(wakeSeconds / 60)} minutes`;
}
