/** What an AWS client is listened to with. */
interface Listened {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

/** Clocks that are closer than this are taken for one: metrics come by the minute. */
const apartMs = 60_000;

/**
 * AWS's own clock, from the Date of its answers. What is asked about a window of time is asked by it: this machine's
 * clock may be off, and a rehearsal's is ahead by all the hours it has played.
 */
export class ServerClock {
  private offsetMs = 0;

  constructor(private readonly localNow: () => number = Date.now) {}

  /** AWS's time, milliseconds since the Unix epoch; until AWS has answered, this machine's. */
  now(): number {
    return this.localNow() + this.offsetMs;
  }

  /** Reads the Date of every answer that this client gets. */
  listenTo(client: Listened): void {
    type Next = (args: unknown) => Promise<{ response?: { headers?: Record<string, string> } }>;
    const hear = (next: Next) => async (args: unknown) => {
      const result = await next(args);
      this.hear(result.response?.headers?.date);
      return result;
    };
    client.middlewareStack.add(hear as never, { step: "deserialize", priority: "low", name: "serverClock" } as never);
  }

  /** Takes the Date of an answer. */
  hear(date = ""): void {
    const toldMs = Date.parse(date);
    if (!Number.isNaN(toldMs)) this.offsetMs = toldMs - this.localNow();
  }

  /** Asks what depends on the time now, and once more when the answer shows that the clocks are far apart. */
  async ask<Value>(question: (nowMs: number) => Promise<Value>): Promise<Value> {
    const before = this.offsetMs;
    const answer = await question(this.now());
    return Math.abs(this.offsetMs - before) > apartMs ? question(this.now()) : answer;
  }
}
