import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../world/clock";

/** How long a client is waited for, wall-clock milliseconds. */
export interface Patience {
  /** For the end of a request's headers. */
  readonly headersMs: number;
  /** For a body that does not come, and for an answer that is not taken. */
  readonly stallMs: number;
}

/** S3 closes what is idle for "about 20 seconds" (general knowledge); a minute is given to who is slow for a reason. */
export const patienceDefault: Patience = { headersMs: 20_000, stallMs: 60_000 };

/** Fewer bytes than this a second are no transfer: they hold no clock, and after a while they are a stall. */
const trickleBytes = 1024;
const tickMsMax = 500;

/**
 * Holds the clock for a request: while it is worked on and while its bytes flow, but not for a client that sends or takes
 * nothing. A transfer may take as long as it takes; one that stands still is ended.
 */
export class Flow {
  private release: (() => void) | undefined;
  private readonly timer: NodeJS.Timeout;
  private lastBytes: number;
  private windowBytes = 0;
  private windowMs = 0;
  private isLetGo = false;

  /** @param onStall what ends a request that stands still */
  constructor(
    private readonly clock: Clock,
    private readonly message: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly patience: Patience,
    private readonly onStall: () => unknown,
  ) {
    this.release = clock.hold();
    this.lastBytes = this.moved();
    const tickMs = Math.min(tickMsMax, patience.stallMs / 4);
    this.timer = setInterval(() => this.look(tickMs), tickMs);
    this.timer.unref();
  }

  /** Lets the clock run although the request goes on: it waits for virtual time. */
  letGo(): void {
    this.isLetGo = true;
    this.release?.();
    this.release = undefined;
  }

  /** The answer is on its way, which is real work again. */
  takeUp(): void {
    this.isLetGo = false;
    this.release ??= this.clock.hold();
  }

  /** The request is over: nothing is held any more, and what it still sends is no longer waited for after a while. */
  end(): void {
    this.letGo();
    if (this.message.complete || this.message.destroyed) clearInterval(this.timer);
    else this.message.once("close", () => clearInterval(this.timer));
  }

  private moved(): number {
    const { socket } = this.message;
    return socket.bytesRead + socket.bytesWritten;
  }

  private look(tickMs: number): void {
    const bytes = this.moved();
    const delta = bytes - this.lastBytes;
    this.lastBytes = bytes;
    if (!this.waitsForClient()) {
      this.windowBytes = 0;
      this.windowMs = 0;
      return;
    }
    if (delta < (trickleBytes * tickMs) / 1000) {
      this.release?.();
      this.release = undefined;
    } else if (!this.isLetGo) this.release ??= this.clock.hold();
    this.windowBytes += delta;
    this.windowMs += tickMs;
    if (this.windowBytes >= (trickleBytes * this.windowMs) / 1000) {
      this.windowBytes = 0;
      this.windowMs = 0;
    } else if (this.windowMs >= this.patience.stallMs) {
      clearInterval(this.timer);
      this.onStall();
    }
  }

  /** Either nothing that was read is left, and more is to come, or what was written is not taken. */
  private waitsForClient(): boolean {
    const waitsForBody = !this.message.complete && this.message.readableLength === 0;
    return waitsForBody || this.response.writableLength > 0;
  }
}
