import { createHash } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "../../contract/errors";
import type { Outcome } from "../ending";
import type { BatchResult } from "./run-batch";

export interface BatchSummary {
  readonly id: string;
  readonly items: number;
  readonly outcomes: Readonly<Partial<Record<Outcome | "refused" | "open", number>>>;
  readonly payloadBytes: number;
  readonly resultBytes: number;
  /** From SageMaker's receipt to its end, over the requests whose notice was heard; absent when there is none. */
  readonly serviceSeconds?: Percentiles;
  /** From the sender's acceptance to the moment its end was heard. */
  readonly wholeSeconds?: Percentiles;
  readonly perRegion: Readonly<Record<string, number>>;
}

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What a batch came to, in numbers. */
export function summarize({ id, items }: BatchResult): BatchSummary {
  const outcomes: Partial<Record<Outcome | "refused" | "open", number>> = {};
  const perRegion: Record<string, number> = {};
  const service: number[] = [];
  const whole: number[] = [];
  let payloadBytes = 0;
  let resultBytes = 0;
  for (const { submission, end, problem } of items) {
    const outcome = end?.outcome ?? (problem === undefined ? "open" : "refused");
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    payloadBytes += submission?.payloadBytes ?? 0;
    resultBytes += end?.resultBytes ?? 0;
    if (submission !== undefined) perRegion[submission.region] = (perRegion[submission.region] ?? 0) + 1;
    const { acceptedAtMs, receivedAtMs, endedAtMs, heardAtMs } = end?.times ?? {};
    if (receivedAtMs !== undefined && endedAtMs !== undefined) service.push((endedAtMs - receivedAtMs) / 1000);
    if (acceptedAtMs !== undefined && heardAtMs !== undefined) whole.push((heardAtMs - acceptedAtMs) / 1000);
  }
  return {
    id,
    items: items.length,
    outcomes,
    payloadBytes,
    resultBytes,
    ...(service.length === 0 ? {} : { serviceSeconds: percentiles(service) }),
    ...(whole.length === 0 ? {} : { wholeSeconds: percentiles(whole) }),
    perRegion,
  };
}

/** By nearest rank: each figure is one that was measured. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** One line of JSON for each item, whole or not at all: what a program reads after a batch. */
export async function writeIndex(path: string, result: BatchResult): Promise<void> {
  const lines = result.items.map(({ name, submission, end, problem }) =>
    JSON.stringify({
      name,
      outcome: end?.outcome ?? (problem === undefined ? "open" : "refused"),
      region: submission?.region,
      inferenceId: submission?.inferenceId,
      resultFile: end?.resultFile,
      location: end?.location,
      reason: end?.reason,
      failureText: end?.failureText,
      problem,
      times: end?.times,
    }),
  );
  const half = `${path}.${createHash("sha256").update(result.id).digest("hex").slice(0, 8)}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(half, `${lines.join("\n")}\n`);
    await rename(half, path);
  } catch (cause) {
    await rm(half, { force: true }).catch(() => undefined);
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UsageError({
      code: "ASY-307",
      at: path,
      got: code === "ENOSPC" ? "no space left on the disk" : (code ?? message),
      expected: "room for an index in a folder you may write to",
      fix: "Make room, then run the same command again: it sends nothing that has ended.",
    });
  }
}
