/** What happened in the world, in order: the source of every table and chart a rehearsal prints. */
export type JournalEvent =
  | {
      readonly kind: "instances";
      readonly endpointName: string;
      readonly variantName: string;
      /** What scaling or an update asked for. */
      readonly desired: number;
      /** Instances that are paid for: starting or in service. */
      readonly running: number;
      /** Instances whose container answered its health check. */
      readonly inService: number;
    }
  | {
      readonly kind: "request";
      readonly endpointName: string;
      readonly inferenceId: string;
      /** `again`: queued once more, because the process ended before the request did. */
      readonly step: "accepted" | "again" | "started" | "completed" | "failed" | "expired";
      /** Where the result or the failure was written, once it was. */
      readonly location?: string;
      /** Why it failed or expired. */
      readonly reason?: string;
      /** The instance that works on it, from `started` on; with `again` the one that had begun. */
      readonly instanceId?: string;
    }
  | {
      readonly kind: "notice";
      readonly topicArn: string;
      readonly eventName: string;
      readonly inferenceId?: string;
    }
  /** What became of a message for one subscriber that is not a queue of this world, or of one that could not be delivered. */
  | {
      readonly kind: "delivery";
      readonly topicArn: string;
      readonly subscriptionArn: string;
      readonly protocol: string;
      readonly endpoint: string;
      readonly messageType: "Notification" | "SubscriptionConfirmation";
      /** `recorded`: this entry is all that becomes of it, because it would leave the machine. */
      readonly outcome: "delivered" | "recorded" | "dead-letter" | "lost";
      readonly reason?: string;
      /** Confirms a subscription (ConfirmSubscription), as the mail or the request would carry it. */
      readonly token?: string;
    }
  | {
      readonly kind: "alarm";
      readonly alarmName: string;
      readonly from: string;
      readonly to: string;
      readonly reason: string;
    }
  | {
      readonly kind: "scaling";
      readonly resourceId: string;
      readonly from: number;
      readonly to: number;
      readonly cause: string;
    }
  | {
      readonly kind: "endpoint";
      readonly endpointName: string;
      readonly status: string;
      readonly reason?: string;
    }
  /** What the container of an instance used of this machine in its whole life, told at its end where it was measured. */
  | {
      readonly kind: "use";
      readonly endpointName: string;
      readonly instanceId: string;
      readonly cpuSeconds: number;
      readonly peakMemoryBytes: number;
    }
  | {
      readonly kind: "log";
      readonly endpointName: string;
      readonly instanceId: string;
      readonly line: string;
    };

export type JournalEntry = {
  readonly atMs: number;
  readonly accountId: string;
  readonly region: string;
} & JournalEvent;

/** An append-only list with listeners; the oldest entries go when it is full. */
export class Journal {
  readonly entries: JournalEntry[] = [];
  private readonly listeners = new Set<(entry: JournalEntry) => void>();
  /** How many are no longer kept. */
  private gone = 0;

  /** @param capacity how many entries are kept @default 200000 */
  constructor(private readonly capacity = 200_000) {}

  add(atMs: number, where: { accountId: string; region: string }, event: JournalEvent): void {
    const entry: JournalEntry = { atMs, accountId: where.accountId, region: where.region, ...event };
    this.entries.push(entry);
    if (this.entries.length > this.capacity) this.gone += this.entries.splice(0, Math.ceil(this.capacity / 10)).length;
    for (const listener of this.listeners) listener(entry);
  }

  /** The number of the newest entry: they are numbered from 1, in the order they came. */
  get newest(): number {
    return this.gone + this.entries.length;
  }

  /** What came after the entry numbered `after`, oldest first, at most `max`; `missed` of it is no longer kept. */
  since(after: number, max: number): { readonly missed: number; readonly entries: readonly JournalEntry[] } {
    const from = Math.max(0, Math.min(after, this.newest) - this.gone);
    return { missed: Math.max(0, this.gone - after), entries: this.entries.slice(from, from + max) };
  }

  /** Calls `listener` with every later entry, until the returned function is called. */
  listen(listener: (entry: JournalEntry) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
