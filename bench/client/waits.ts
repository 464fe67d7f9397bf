/** Holds waits open for two receives of the queue, and tells how much memory is resident then. */
import { NoticeListener } from "../../client/notice-listener";
import type { Submission } from "../../client/submit";
import { open } from "./open";

const { connection, own } = open();
const listener = new NoticeListener(connection);
const stop = new AbortController();
process.setMaxListeners(0);

const submissionOf = (index: number): Submission => ({
  region: connection.manifest.region,
  inferenceId: `waiting-${index}`,
  outputLocation: `${connection.manifest.outputPrefix}${index}.out`,
  failureLocation: `${connection.manifest.failurePrefix}${index}.out`,
  acceptedAtMs: Date.now(),
  uploadSeconds: 0,
  timeToLiveSeconds: 21_600,
  invocationTimeoutSeconds: 900,
});
const waits = Array.from({ length: Number(own) }, (_none, index) =>
  listener.wait(submissionOf(index), index === 0 ? stop.signal : undefined),
);
for (const wait of waits) wait.catch(() => undefined);

setTimeout(() => {
  console.log(JSON.stringify({ megabytes: process.memoryUsage().rss / 1e6, waits: listener.waiting }));
  process.exit(0);
}, 5000);
