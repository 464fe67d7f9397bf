import type { Call } from "../call";
import type { Keeper, Kept } from "../keeper";
import type { Message } from "./message-queue";

type Where = Pick<Call, "accountId" | "region">;
type Receipt = Pick<Message, "receives" | "firstReceivedMs" | "visibleFromMs" | "receipt">;

/** Writes down the messages of one queue: each body once, and by whom it was received as often as it is. */
export class MessageRows {
  private readonly bodies: string;
  private readonly receipts: string;

  constructor(
    private readonly keeper: Keeper,
    { accountId, region }: Where,
    queueName: string,
  ) {
    this.bodies = `sqs.messages/${accountId}/${region}/${queueName}`;
    this.receipts = `sqs.receipts/${accountId}/${region}/${queueName}`;
  }

  sent(message: Message): void {
    this.keeper.put(this.bodies, message.id, message);
  }

  /** A message was received, or is hidden for another time. */
  hidden({ id, receives, firstReceivedMs, visibleFromMs, receipt }: Message): void {
    this.keeper.put(this.receipts, id, { receives, firstReceivedMs, visibleFromMs, receipt });
  }

  gone({ id }: Message): void {
    this.keeper.remove(this.bodies, id);
    this.keeper.remove(this.receipts, id);
  }

  purged(): void {
    this.keeper.drop(this.bodies);
    this.keeper.drop(this.receipts);
  }

  /** What an earlier process left, in the order it was sent. */
  revive(kept: Kept): Message[] {
    const receipts = kept.collection(this.receipts) as ReadonlyMap<string, Receipt>;
    return [...kept.collection(this.bodies)].map(([id, message]) => ({ ...(message as Message), ...receipts.get(id) }));
  }
}
