import { once } from "node:events";
import pc from "picocolors";

/** Where a command writes: results to `out`, what goes on meanwhile to `log`. */
export interface Terminal {
  /** One line or more of the command's result. */
  out(text: string): void;
  /** Resolves when the reader of `out` has taken enough to be written more, or when `signal` is aborted. */
  taken(signal: AbortSignal): Promise<void>;
  /** Called when the reader of `out` has gone; without it the process ends then. For who has something to put away. */
  onReaderGone: (() => void) | undefined;
  /** A line about what goes on; never part of the result. */
  log(text: string): void;
  /**
   * A line that replaces the one before it on a terminal; elsewhere it is written at most every ten seconds, so that a
   * log shows life without filling up.
   */
  progress(text: string): void;
  /** Removes the progress line. */
  clear(): void;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** Columns to draw in. */
  readonly width: number;
}

export interface TerminalStreams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly now: () => number;
}

const quietProgressMs = 10_000;

/** A terminal over the process's streams: colour and moving lines only where a person looks. */
export function openTerminal(streams: TerminalStreams): Terminal {
  const { stdout, stderr, now } = streams;
  const moving = stderr.isTTY === true;
  let shown = false;
  let lastMs = now();
  const clear = (): void => {
    if (shown) stderr.write("\r\u001b[2K");
    shown = false;
  };
  return {
    out: (text) => {
      clear();
      stdout.write(`${text}\n`);
    },
    taken: async (signal) => {
      if (!stdout.writableNeedDrain || signal.aborted) return;
      await once(stdout, "drain", { signal }).catch((cause: unknown) => {
        if (!signal.aborted) throw cause;
      });
    },
    onReaderGone: undefined,
    log: (text) => {
      clear();
      stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (moving) {
        clear();
        stderr.write(text.slice(0, (stderr.columns ?? 80) - 1));
        shown = true;
      } else if (now() - lastMs >= quietProgressMs) {
        lastMs = now();
        stderr.write(`${text}\n`);
      }
    },
    clear,
    colors: pc.createColors(stdout.isTTY === true && pc.isColorSupported),
    width: Math.min(stdout.columns ?? 120, 160),
  };
}
