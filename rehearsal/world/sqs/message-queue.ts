import type { Clock } from "../clock";
import type { Ids } from "../ids";
import type { Kept } from "../keeper";
import type { MessageRows } from "./kept-messages";

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentMs: number;
  receives: number;
  firstReceivedMs?: number;
  visibleFromMs: number;
  receipt: string;
}

interface Rules {
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  readonly deadLetter?: MessageQueue;
  readonly maxReceives?: number;
}

/** The messages of one standard queue, on virtual time. */
export class MessageQueue {
  private messages: Message[] = [];
  private readonly waiting = new Set<() => void>();

  /** @param rules asked anew each time, because attributes change */
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly rules: () => Rules,
    private readonly rows?: MessageRows,
  ) {}

  /** Has again what an earlier process left. */
  revive(kept: Kept): void {
    this.messages = this.rows?.revive(kept) ?? [];
    for (const { visibleFromMs } of this.messages) {
      if (visibleFromMs > this.clock.now()) this.clock.at(visibleFromMs, () => this.wake());
    }
  }

  /** @returns the message's id */
  send(body: string, delaySeconds = 0): string {
    const nowMs = this.clock.now();
    const message: Message = {
      id: this.ids.uuid(),
      body,
      sentMs: nowMs,
      receives: 0,
      visibleFromMs: nowMs + delaySeconds * 1000,
      receipt: "",
    };
    this.messages.push(message);
    this.rows?.sent(message);
    if (delaySeconds === 0) this.wake();
    else this.clock.at(message.visibleFromMs, () => this.wake());
    return message.id;
  }

  /** Takes up to `most` messages, waiting up to `waitSeconds` of virtual time for the first. */
  async receive(
    most: number,
    waitSeconds: number,
    visibilitySeconds?: number,
    signal?: AbortSignal,
  ): Promise<Message[]> {
    const untilMs = this.clock.now() + waitSeconds * 1000;
    for (;;) {
      // Whoever has gone away takes nothing along.
      if (signal?.aborted) return [];
      const taken = this.take(most, visibilitySeconds);
      if (taken.length > 0 || this.clock.now() >= untilMs) return taken;
      await this.wait(untilMs, signal);
    }
  }

  delete(receipt: string): void {
    this.takeOut((message) => receipt !== "" && message.receipt === receipt);
  }

  /** Hides a received message for so many more seconds. */
  hide(receipt: string, seconds: number): void {
    const message = this.messages.find((each) => each.receipt === receipt);
    if (message === undefined) return;
    message.visibleFromMs = this.clock.now() + seconds * 1000;
    this.rows?.hidden(message);
    this.clock.at(message.visibleFromMs, () => this.wake());
  }

  purge(): void {
    this.messages = [];
    this.rows?.purged();
  }

  /** Ends every wait. */
  close(): void {
    this.purge();
    this.wake();
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    this.forgetOld();
    const nowMs = this.clock.now();
    const hidden = this.messages.filter((message) => message.visibleFromMs > nowMs);
    const delayed = hidden.filter((message) => message.receives === 0).length;
    return { visible: this.messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  private take(most: number, visibilitySeconds: number | undefined): Message[] {
    this.forgetOld();
    const rules = this.rules();
    const nowMs = this.clock.now();
    const taken: Message[] = [];
    for (const message of [...this.messages]) {
      if (taken.length === most) break;
      if (message.visibleFromMs > nowMs) continue;
      if (rules.deadLetter !== undefined && message.receives >= (rules.maxReceives ?? Number.POSITIVE_INFINITY)) {
        this.takeOut((each) => each === message);
        rules.deadLetter.send(message.body);
        continue;
      }
      message.receives++;
      message.firstReceivedMs ??= nowMs;
      message.visibleFromMs = nowMs + (visibilitySeconds ?? rules.visibilitySeconds) * 1000;
      message.receipt = this.ids.hex(32);
      this.rows?.hidden(message);
      this.clock.at(message.visibleFromMs, () => this.wake());
      taken.push(message);
    }
    return taken;
  }

  /** A long poll: somebody waits, so a fast-forward clock runs. */
  private async wait(untilMs: number, signal: AbortSignal | undefined): Promise<void> {
    const release = this.clock.demand();
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.waiting.delete(go);
        timer.cancel();
        signal?.removeEventListener("abort", go);
        resolve();
      };
      const timer = this.clock.at(untilMs, go);
      signal?.addEventListener("abort", go, { once: true });
      this.waiting.add(go);
    });
    release();
  }

  private wake(): void {
    for (const go of [...this.waiting]) go();
  }

  private forgetOld(): void {
    const oldestMs = this.clock.now() - this.rules().retentionSeconds * 1000;
    if (this.messages.some((message) => message.sentMs < oldestMs)) this.takeOut(({ sentMs }) => sentMs < oldestMs);
  }

  private takeOut(isOut: (message: Message) => boolean): void {
    this.messages = this.messages.filter((message) => {
      if (!isOut(message)) return true;
      this.rows?.gone(message);
      return false;
    });
  }
}
