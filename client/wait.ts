import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Connection } from "./connection";
import { type Notice, parseNotice } from "./notice";
import type { Submission } from "./submit";

/** How a request ended. */
export interface Ending {
  readonly inferenceId: string;
  /** `lost`: neither notice nor object came within the time to live and the timeout. */
  readonly outcome: "completed" | "failed" | "lost";
  /** Where the result or the failure lies; absent when lost. */
  readonly location?: string;
  /** SageMaker's own sentence, when a notice brought one. */
  readonly reason?: string;
  /** What told of the end. */
  readonly toldBy: "notice" | "object" | "clock";
  readonly notice?: Notice;
}

export interface WaitOptions {
  /** Stops waiting; requests still open are rejected with its reason. @default - waits to the bound */
  readonly signal?: AbortSignal;
  /** Told as each request ends. @default - nobody is told */
  readonly onEnd?: (ending: Ending) => void;
  /** The wall clock, milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How often the objects themselves are looked for, should a notice be lost. @default 30 seconds */
  readonly lookEverySeconds?: number;
}

/**
 * Waits for requests of one region to end: by the notice queue, and by looking for the objects should a notice have
 * been lost. Every request gets an ending: the wait is bounded by its time to live and timeout together.
 *
 * Notices of other callers' requests are left in the queue for them.
 */
export async function waitForAll(
  connection: Connection,
  submissions: readonly Submission[],
  options: WaitOptions = {},
): Promise<Ending[]> {
  const now = options.now ?? Date.now;
  const lookEveryMs = (options.lookEverySeconds ?? 30) * 1000;
  const startedMs = now();
  const open = new Map(submissions.map((submission) => [submission.inferenceId, submission]));
  const endings = new Map<string, Ending>();
  const end = (ending: Ending): void => {
    if (!open.delete(ending.inferenceId)) return; // a notice may come twice
    endings.set(ending.inferenceId, ending);
    options.onEnd?.(ending);
  };

  let lookedMs = startedMs;
  while (open.size > 0) {
    options.signal?.throwIfAborted();
    await receive(connection, open, end, options.signal);
    if (open.size === 0) break;
    const overdue = [...open.values()].filter((each) => now() - startedMs > each.endsWithinSeconds * 1000);
    if (now() - lookedMs >= lookEveryMs || overdue.length > 0) {
      lookedMs = now();
      for (const submission of [...open.values()]) await look(connection, submission, end);
      for (const { inferenceId } of overdue) end({ inferenceId, outcome: "lost", toldBy: "clock" });
    }
  }
  return submissions.map(({ inferenceId }) => endings.get(inferenceId) as Ending);
}

async function receive(
  connection: Connection,
  open: ReadonlyMap<string, Submission>,
  end: (ending: Ending) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { Messages: messages = [] } = await connection.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: connection.manifest.noticeQueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 20,
    }),
    { abortSignal: signal },
  );
  const read = messages.filter((message) => {
    const notice = parseNotice(message.Body ?? "");
    if (notice === "test") return true;
    const submission = notice && open.get(notice.inferenceId);
    if (notice === undefined || submission === undefined) return false;
    end({
      inferenceId: notice.inferenceId,
      outcome: notice.outcome,
      toldBy: "notice",
      notice,
      ...place(notice.outcome === "completed" ? submission.outputLocation : submission.failureLocation),
      ...(notice.failureReason === undefined ? {} : { reason: notice.failureReason }),
    });
    return true;
  });
  await forget(connection, read);
}

async function forget(connection: Connection, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  await connection.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: connection.manifest.noticeQueueUrl,
      Entries: messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    }),
  );
}

async function look(connection: Connection, submission: Submission, end: (ending: Ending) => void): Promise<void> {
  const { inferenceId, outputLocation, failureLocation } = submission;
  if (await exists(connection, outputLocation)) {
    end({ inferenceId, outcome: "completed", toldBy: "object", ...place(outputLocation) });
  } else if (failureLocation !== undefined && (await exists(connection, failureLocation))) {
    end({ inferenceId, outcome: "failed", toldBy: "object", ...place(failureLocation) });
  }
}

async function exists(connection: Connection, location: string): Promise<boolean> {
  const { hostname, pathname } = new URL(location);
  try {
    await connection.s3.send(new HeadObjectCommand({ Bucket: hostname, Key: decodeURIComponent(pathname.slice(1)) }));
    return true;
  } catch (cause) {
    const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404 || status === 403) return false; // 403: missing, seen by a caller who may not list
    throw cause;
  }
}

function place(location: string | undefined): { location?: string } {
  return location === undefined ? {} : { location };
}
