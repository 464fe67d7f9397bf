import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Connection } from "./connection";

/** As many as SQS takes and gives at once. */
const messagesAtOnce = 10;

/** The queue of a region's notices, as those who wait for them use it. */
export class NoticeQueue {
  constructor(private readonly connection: Connection) {}

  async receive(waitSeconds: number, signal: AbortSignal): Promise<readonly Message[]> {
    const { Messages = [] } = await this.connection.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: messagesAtOnce,
        WaitTimeSeconds: waitSeconds,
      }),
      { abortSignal: signal },
    );
    return Messages;
  }

  /** Takes messages out. What cannot be taken out comes again, and is then a notice nobody waits for. */
  async remove(messages: readonly Message[]): Promise<void> {
    await this.each(messages, (Entries) => {
      return this.connection.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
    });
  }

  /** Lets others receive messages at once. Without the right to, they can when the queue's visibility timeout is over. */
  async giveBack(messages: readonly Message[]): Promise<void> {
    await this.each(messages, (entries) => {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      return this.connection.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries }));
    });
  }

  private get url(): string {
    return this.connection.manifest.noticeQueueUrl;
  }

  private async each(
    messages: readonly Message[],
    send: (entries: Array<{ Id: string; ReceiptHandle: string | undefined }>) => Promise<unknown>,
  ): Promise<void> {
    for (let from = 0; from < messages.length; from += messagesAtOnce) {
      const some = messages.slice(from, from + messagesAtOnce);
      await send(some.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))).catch(() => undefined);
    }
  }
}
