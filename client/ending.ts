import type { Notice } from "./notice";
import type { Submission } from "./submit";

/**
 * How a request ended. SageMaker itself knows two ends, completed and failed; the other three are told from times,
 * and from words, because no field of its notices says more:
 *
 * - `expired`: it failed as its time to live was over, and not by the model's doing
 * - `timedOut`: it failed at another time, in words of time
 * - `lost`: neither notice nor object came within its time to live, its timeout and a grace
 */
export type Outcome = "completed" | "failed" | "expired" | "timedOut" | "lost";

/** When each leg of a request ended, milliseconds since the Unix epoch; absent where nobody told. */
export interface Times {
  /** Accepted, by the sender's clock. */
  readonly acceptedAtMs?: number;
  /** Received, by SageMaker's clock. */
  readonly receivedAtMs?: number;
  /** Ended, by SageMaker's clock. */
  readonly endedAtMs?: number;
  /** Heard of, by the waiting caller's clock. */
  readonly heardAtMs: number;
}

export interface Ending {
  readonly inferenceId: string;
  readonly outcome: Outcome;
  /** Where the result or the failure lies; absent when lost, and for a failure without a failure path. */
  readonly location?: string;
  /** SageMaker's own sentence, when a notice brought one. */
  readonly reason?: string;
  /** What the failure object says, at most its first 64 KiB: the model's own words where it had any. */
  readonly failureText?: string;
  /** What told of the end. */
  readonly toldBy: "notice" | "object" | "clock";
  readonly times: Times;
  readonly notice?: Notice;
}

/** Words of a failure that somebody caused: the model's answer, or a connection it broke (seen in captured notices). */
const causedByTheModel = /Received (client|server) error \(\d+\)|Connection reset|Content-Length/i;
/** Words of a failure that time caused. SageMaker's own sentence is not documented, so several are taken for one. */
const causedByTime = /time[ds]?[ -]?out|timeout|expired|time to live/i;
/** An expired request ends within a minute of its time to live: the queue is looked through that often. */
const expirySlackSeconds = 60;

/** Tells a failure by its time to live, or by its timeout, from one that the model or the platform caused. */
export function failureOutcome(
  submission: Pick<Submission, "timeToLiveSeconds">,
  notice: Pick<Notice, "receivedTime" | "eventTime" | "failureReason">,
): "failed" | "expired" | "timedOut" {
  const reason = notice.failureReason ?? "";
  const livedSeconds = (Date.parse(notice.eventTime ?? "") - Date.parse(notice.receivedTime ?? "")) / 1000;
  if (causedByTheModel.test(reason)) return "failed";
  const overdueSeconds = livedSeconds - submission.timeToLiveSeconds;
  if (overdueSeconds >= 0 && overdueSeconds <= expirySlackSeconds) return "expired";
  return causedByTime.test(reason) ? "timedOut" : "failed";
}
