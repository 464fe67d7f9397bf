import type { Ending, Outcome } from "../../client/ending";
import type { Submission } from "../../client/submit";
import type { Terminal } from "../terminal";

const meanings: Readonly<Record<Outcome, string>> = {
  completed: "completed",
  failed: "failed",
  expired: "expired in the queue",
  timedOut: "ran out of time",
  lost: "lost: neither notice nor object came in time",
};

/** How one request ended, its legs' times and, of a failure, whose words there are. */
export function renderEnding(submission: Submission, ending: Ending, { colors }: Terminal): string {
  const head = ending.outcome === "completed" ? colors.green("✓") : colors.red("✗");
  return [
    `${head} ${submission.inferenceId} ${meanings[ending.outcome]} in ${submission.region}${legs(submission, ending)}`,
    ...(ending.location === undefined ? [] : [`  lies at ${ending.location}`]),
    ...(ending.reason === undefined ? [] : [`  SageMaker: ${ending.reason}`]),
    ...(ending.failureText === undefined ? [] : [`  its words: ${ending.failureText.slice(0, 2000)}`]),
  ].join("\n");
}

function legs({ uploadSeconds }: Submission, { times }: Ending): string {
  const { receivedAtMs, endedAtMs, acceptedAtMs, heardAtMs } = times;
  const parts = [
    ...(uploadSeconds > 0 ? [`upload ${uploadSeconds.toFixed(1)} s`] : []),
    ...(receivedAtMs === undefined || endedAtMs === undefined
      ? []
      : [`SageMaker ${((endedAtMs - receivedAtMs) / 1000).toFixed(1)} s`]),
    ...(acceptedAtMs === undefined ? [] : [`heard after ${((heardAtMs - acceptedAtMs) / 1000).toFixed(1)} s`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
