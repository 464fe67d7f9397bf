import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FleetClient, type FleetClientOptions, itemsOf, type Manifest, runBatch, summarize } from "async-fleet/client";

/** How often each digit was seen, and what could not be classified. */
export interface Tally {
  readonly digits: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
  readonly perRegion: Readonly<Record<string, number>>;
}

/**
 * Classifies every image of a folder across the regions of a fleet, each image where the weights send it. Ended at any
 * moment and run again with the same results folder, it goes on where it stopped.
 */
export async function classifyFolder(
  folder: string,
  resultsFolder: string,
  manifest: Manifest,
  options: FleetClientOptions = {},
): Promise<Tally> {
  const weights = Object.fromEntries(Object.keys(manifest.regions).map((region) => [region, 1]));
  const client = new FleetClient(manifest, { choice: { by: "weights", weights }, ...options });
  try {
    const items = await itemsOf(folder, process.stdin, { contentType: "image/x-portable-graymap" });
    const result = await runBatch(client, items, { journalPath: `${resultsFolder}.journal.jsonl`, resultsFolder });
    const digits: Record<string, number> = {};
    for (const { end } of result.items) {
      if (end?.resultFile === undefined) continue;
      const { digit } = JSON.parse(await readFile(join(resultsFolder, end.resultFile), "utf8")) as { digit: number };
      digits[digit] = (digits[digit] ?? 0) + 1;
    }
    const wrong = result.items.filter(({ end }) => end?.outcome !== "completed").map(({ name }) => name);
    return { digits, wrong, perRegion: summarize(result).perRegion };
  } finally {
    client.close();
  }
}

if (require.main === module) {
  const [, , folder = ".", resultsFolder = "results", manifestFile = "manifest.json"] = process.argv;
  readFile(manifestFile, "utf8")
    .then((text) => classifyFolder(folder, resultsFolder, JSON.parse(text) as Manifest))
    .then((tally) => console.log(tally));
}
