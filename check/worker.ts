/**
 * The process that records programs and asks the policy pack about them, one stack after the other: the next is recorded
 * while the pack judges the last. `worker <WorkerOptions as JSON>`, then jobs and answers as messages.
 */
import { keepOneProgram, lightenRuntime } from "./light-runtime";
import { startPackRunner } from "./pack-runner";
import type { FromWorker, Job, WorkerOptions } from "./worker-protocol";

const options = JSON.parse(process.argv[2] ?? "") as WorkerOptions;
const done = new AbortController();
// Told to end, or left by its parent: end as a program ends, so that the pack's process is ended too.
process.once("SIGTERM", () => process.exit(143));
process.once("disconnect", () => process.exit(143));

// Before anything that takes long to load, so that the pack gets ready meanwhile.
const runner = startPackRunner(options.rootDir, done.signal);
runner.port.catch(() => undefined);
if (runner.pid !== undefined) tell({ kind: "started", packPid: runner.pid });

require("../policies/lean-pulumi");
if (options.isForOne) keepOneProgram();
lightenRuntime();
const { WorkerStacks } = require("./worker-stacks") as typeof import("./worker-stacks");
const stacks = new WorkerStacks(options, runner, tell);
process.on("message", (job: Job) => void stacks.take(job));

function tell(message: FromWorker): void {
  process.send?.(message);
}
