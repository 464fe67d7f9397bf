import type { Connection } from "./connection";
import type { Ending } from "./ending";
import { type ListenerOptions, NoticeListener } from "./notice-listener";
import type { Submission } from "./submit";

export interface WaitOptions extends ListenerOptions {
  /** Stops waiting; the whole wait is rejected with its reason. @default - waits to the bound */
  readonly signal?: AbortSignal;
  /** Told as each request ends. @default - nobody is told */
  readonly onEnd?: (ending: Ending) => void;
}

/**
 * Waits for requests of one region to end, and gives their endings in the order of the submissions. Bounded: every
 * request gets an ending.
 */
export async function waitForAll(
  connection: Connection,
  submissions: readonly Submission[],
  options: WaitOptions = {},
): Promise<Ending[]> {
  const listener = new NoticeListener(connection, options);
  return Promise.all(
    submissions.map(async (submission) => {
      const ending = await listener.wait(submission, options.signal);
      options.onEnd?.(ending);
      return ending;
    }),
  );
}
