import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPayload } from "../../client/payload";
import { UsageError } from "../../contract/errors";
import type { ExitCode } from "../main";
import type { Terminal } from "../terminal";
import { rehearse } from "./rehearse";
import { type RehearsalReport, renderReport } from "./report";
import { StepFailed, Steps } from "./steps";

export interface RehearseOptions {
  readonly stack: string;
  readonly payload?: string;
  readonly contentType?: string;
  readonly images?: readonly string[];
  readonly engine: boolean;
  readonly json?: boolean;
}

/** `fleet rehearse`: everything in a temporary folder that is gone afterwards. */
export async function rehearseCommand(
  options: RehearseOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  if ((options.payload === undefined) !== (options.contentType === undefined)) {
    throw new UsageError({
      code: "ASY-604",
      at: options.payload === undefined ? "--content-type" : "--payload",
      got: "one of --payload and --content-type",
      expected: "both, or neither",
    });
  }
  // Looked at now: a minute of deploying is a long way to a misspelt path.
  if (options.payload !== undefined) await openPayload({ path: options.payload }, Number.POSITIVE_INFINITY);
  const steps = new Steps(terminal, () => performance.now());
  const folder = await mkdtemp(join(tmpdir(), "async-fleet-rehearse-"));
  let report: RehearsalReport | undefined;
  try {
    report = await rehearse({ ...options, folder, terminal, steps, signal });
  } catch (cause) {
    if (!(cause instanceof StepFailed)) throw cause;
    if (options.json) {
      terminal.out(JSON.stringify({ stack: options.stack, held: false, steps: steps.results }, null, 2));
    }
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  terminal.out(options.json ? JSON.stringify(report, null, 2) : renderReport(report, terminal));
  return report.held ? 0 : 1;
}
