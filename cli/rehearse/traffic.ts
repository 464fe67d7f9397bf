import { setMaxListeners } from "node:events";
import { collectText } from "../../client/collect";
import { type Connection, connect } from "../../client/connection";
import type { Ending } from "../../client/ending";
import { type Submission, submit } from "../../client/submit";
import { waitForAll } from "../../client/wait";
import type { Manifest, RegionManifest } from "../../contract/manifest";
import { administrator } from "../../rehearsal/world/call";
import type { World } from "../../rehearsal/world/world";
import { asCaller } from "./caller";
import type { RequestRow } from "./report";
import type { Sample } from "./samples";
import { StepFailed } from "./steps";

/** A sample that has been sent. */
export interface Sent {
  readonly region: string;
  readonly sample: Sample;
  readonly submission: Submission;
}

export interface TrafficOptions {
  readonly world: World;
  readonly url: string;
  readonly manifest: Manifest;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** Sends every sample to every region, over HTTP, with AWS's own clients and no more rights than callers are given. */
export async function sendAll(samples: readonly Sample[], options: TrafficOptions): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const region of Object.values(options.manifest.regions)) {
    await connected(region, options, async (connection) => {
      for (const sample of samples) {
        options.onProgress(`… sending ${sample.name} to ${region.region}`);
        const submission = await submit(connection, sample.payload, {
          contentType: sample.contentType,
          signal: options.signal,
        });
        sent.push({ region: region.region, sample, submission });
      }
    });
  }
  return sent;
}

/** Waits for all of them, reads each answer and judges it. @throws StepFailed naming every request that went wrong */
export async function collectAll(sent: readonly Sent[], options: TrafficOptions): Promise<RequestRow[]> {
  let ended = 0;
  // Each region's long poll listens for the abort.
  setMaxListeners(0, options.signal);
  const perRegion = await Promise.all(
    Object.values(options.manifest.regions).map(async (region) => {
      const own = sent.filter((each) => each.region === region.region);
      return connected(region, options, async (connection) => {
        const endings = await waitForAll(
          connection,
          own.map(({ submission }) => submission),
          {
            signal: options.signal,
            onEnd: () => options.onProgress(`… ${++ended} of ${sent.length} requests have ended`),
          },
        );
        const rows: RequestRow[] = [];
        for (const [index, { sample, submission }] of own.entries()) {
          const ending = endings[index] as Ending;
          const text = ending.location === undefined ? "" : await collectText(connection, ending.location);
          rows.push(rowOf(options.world, region, sample, submission, ending, judged(sample, ending, text)));
        }
        return rows;
      });
    }),
  );
  const rows = perRegion.flat();
  const wrong = rows.filter(({ answer }) => answer.startsWith("WRONG"));
  if (wrong.length > 0) {
    throw new StepFailed(wrong.map(({ region, payload, answer }) => `${region} ${payload}: ${answer}`).join("; "));
  }
  return rows;
}

/** Runs `run` with clients that have just the callers' policy of the region. */
function connected<Value>(
  region: RegionManifest,
  options: TrafficOptions,
  run: (connection: Connection) => Promise<Value>,
): Promise<Value> {
  return asCaller(options.world, region, async (credentials) => {
    const connection = connect(region, { endpoint: options.url, credentials });
    try {
      return await run(connection);
    } finally {
      connection.close();
    }
  });
}

function judged(sample: Sample, ending: Ending, text: string): string {
  if (ending.outcome !== sample.ends)
    return `WRONG: ${ending.outcome} instead of ${sample.ends}: ${[ending.reason, text.slice(0, 200)].filter(Boolean).join(" Its words: ")}`;
  try {
    return sample.judge(text);
  } catch (cause) {
    return `WRONG: ${(cause as Error).message}`;
  }
}

function rowOf(
  world: World,
  region: RegionManifest,
  sample: Sample,
  submission: Submission,
  ending: Ending,
  answer: string,
): RequestRow {
  const call = { accountId: world.accountId, region: region.region, principal: administrator };
  const record = world.sagemaker
    .requestsOf(call, region.endpointName)
    .find(({ inferenceId }) => inferenceId === submission.inferenceId);
  const accepted = record?.acceptedAtMs ?? 0;
  const started = record?.startedAtMs ?? accepted;
  const begin = world.journal.entries[0]?.atMs ?? accepted;
  return {
    region: region.region,
    payload: sample.name,
    payloadBytes: submission.payloadBytes ?? 0,
    outcome: ending.outcome,
    waitedSeconds: (started - accepted) / 1000,
    ranSeconds: ((record?.endedAtMs ?? started) - started) / 1000,
    startedAtSeconds: (started - begin) / 1000,
    answer,
    location: ending.location ?? "",
    notice:
      ending.toldBy === "notice"
        ? ending.outcome === "completed"
          ? "success"
          : "error"
        : `none (seen as ${ending.toldBy})`,
  };
}
