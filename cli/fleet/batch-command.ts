import { join } from "node:path";
import { type InstanceUse, instanceUse } from "../../client/batch/instance-minutes";
import { itemsOf } from "../../client/batch/items";
import { type BatchResult, runBatch } from "../../client/batch/run-batch";
import { type BatchSummary, summarize, writeIndex } from "../../client/batch/summary";
import type { ExitCode } from "../main";
import type { Terminal } from "../terminal";
import { openFleet } from "./open-fleet";
import { requestOf, type SendingOptions } from "./options";
import { megabytes, showBar } from "./progress-bar";

export interface BatchCommandOptions extends SendingOptions {
  readonly results: string;
  readonly journal?: string;
  readonly openMax: number;
  /** Of one instance, in the user's own currency. */
  readonly pricePerHour?: number;
}

/**
 * `fleet batch SOURCE`: sends many payloads and collects their results, going on from the journal of an earlier run. 1
 * when an item ended otherwise than completed.
 */
export async function batchCommand(
  source: string,
  options: BatchCommandOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const journalPath = options.journal ?? `${options.results.replace(/\/+$/, "")}.journal.jsonl`;
  const client = await openFleet(options);
  let ended = 0;
  let all = 0;
  try {
    const items = await itemsOf(
      source,
      process.stdin,
      options.contentType === undefined ? {} : { contentType: options.contentType },
    );
    const result = await runBatch(client, items, {
      journalPath,
      resultsFolder: options.results,
      openMax: options.openMax,
      request: requestOf(options),
      signal,
      onProgress: (progress) => {
        ended = progress.ended;
        all = progress.items;
        showBar(terminal, `ended (${progress.sent} sent)`, progress.ended + progress.refused, progress.items, String);
      },
    });
    const indexPath = join(options.results, "index.jsonl");
    await writeIndex(indexPath, result);
    const summary = summarize(result);
    terminal.progress("… asking CloudWatch how long instances ran");
    const use = await instanceUse(client, result);
    const cost = options.pricePerHour === undefined ? undefined : (use.totalMinutes / 60) * options.pricePerHour;
    terminal.out(
      options.json
        ? JSON.stringify(
            { ...summary, instances: { ...use, ...(cost === undefined ? {} : { cost }) }, indexPath, journalPath },
            null,
            2,
          )
        : render(summary, result, renderUse(use, cost), indexPath),
    );
    return summary.outcomes.completed === summary.items ? 0 : 1;
  } catch (cause) {
    // Whatever ended it, once it had begun.
    if (all > 0) {
      terminal.log(`${ended} of ${all} items have ended. The same command goes on from ${journalPath}.`);
    }
    throw cause;
  } finally {
    client.close();
  }
}

const shownMax = 10;

function renderUse({ instanceMinutes, totalMinutes, unknown }: InstanceUse, cost: number | undefined): string {
  const [reason] = Object.values(unknown);
  if (Object.keys(instanceMinutes).length === 0 && reason !== undefined) {
    return `how long instances ran is not known: ${reason}`;
  }
  const money = cost === undefined ? "" : `, ${cost.toFixed(2)} at that price`;
  const missing = Object.entries(unknown).map(([region, why]) => `; ${region} is not known: ${why}`);
  return `instances ran ${totalMinutes} minutes meanwhile, for all callers and as far as CloudWatch has heard${money}${missing.join("")}`;
}

function render(summary: BatchSummary, { items }: BatchResult, use: string, indexPath: string): string {
  const outcomes = Object.entries(summary.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const wrong = items.filter(({ end }) => end?.outcome !== "completed");
  const seconds = (what: string, of: BatchSummary["wholeSeconds"]): string[] =>
    of === undefined
      ? []
      : [
          `${what}: half within ${of.p50.toFixed(1)} s, 90 % within ${of.p90.toFixed(1)} s, 99 % within ${of.p99.toFixed(1)} s, all within ${of.max.toFixed(1)} s`,
        ];
  return [
    `${summary.items} items: ${outcomes.join(", ")}; ${megabytes(summary.payloadBytes)} sent, ${megabytes(summary.resultBytes)} collected`,
    ...seconds("SageMaker, from receipt to end", summary.serviceSeconds),
    ...seconds("from acceptance to the notice here", summary.wholeSeconds),
    ...(Object.keys(summary.perRegion).length > 1
      ? [
          `regions: ${Object.entries(summary.perRegion)
            .map(([region, count]) => `${region} ${count}`)
            .join(", ")}`,
        ]
      : []),
    use,
    ...wrong
      .slice(0, shownMax)
      .map(
        ({ name, end, problem }) =>
          `✗ ${name}: ${end?.failureText?.slice(0, 200) ?? end?.reason ?? end?.outcome ?? problem ?? "open"}`,
      ),
    ...(wrong.length > shownMax ? [`… and ${wrong.length - shownMax} more`] : []),
    `every item: ${indexPath}`,
  ].join("\n");
}
