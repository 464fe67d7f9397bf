import { type AwsAccess, collectText, connect, type Manifest, parseNotice } from "async-fleet/client";

/** As much of the event that SNS calls a Lambda function with as is read here. */
export interface SnsEvent {
  readonly Records: ReadonlyArray<{ readonly Sns: { readonly Message: string } }>;
}

/** Where this consumer remembers what it has done, e.g. a table with conditional writes. */
export interface Ledger {
  /** Notes the request as this call's own to work on; false when it was noted before. */
  claim(inferenceId: string): Promise<boolean>;
  /** Takes the note back, so that the next delivery tries again. */
  release(inferenceId: string): Promise<void>;
}

export interface ConsumerOptions {
  readonly manifest: Manifest;
  readonly ledger: Ledger;
  /** Called once for each request that has ended: with its result, or with SageMaker's words about its failure. */
  readonly onEnd: (
    inferenceId: string,
    end: { readonly result: string } | { readonly failure: string },
  ) => Promise<void>;
  readonly access?: AwsAccess;
}

/**
 * Makes the handler of a Lambda function that is subscribed to a fleet's success and error topics. SNS delivers at least
 * once and in any order, and SageMaker sends a TestNotification whenever an endpoint changes: a notice counts once, a
 * test not at all, and work that fails is tried again with the next delivery.
 */
export function createHandler({ manifest, ledger, onEnd, access }: ConsumerOptions) {
  return async (event: SnsEvent): Promise<void> => {
    for (const { Sns } of event.Records) {
      const notice = parseNotice(JSON.stringify({ Message: Sns.Message }));
      if (notice === undefined || notice === "test") continue;
      const { inferenceId, outcome, outputLocation, failureReason } = notice;
      if (!(await ledger.claim(inferenceId))) continue;
      try {
        if (outcome === "completed" && outputLocation !== undefined) {
          await onEnd(inferenceId, { result: await read(outputLocation) });
        } else await onEnd(inferenceId, { failure: failureReason ?? "no reason was given" });
      } catch (cause) {
        await ledger.release(inferenceId);
        throw cause;
      }
    }
  };

  /** The location names a bucket, and the bucket belongs to one of the fleet's regions. */
  async function read(location: string): Promise<string> {
    const region = Object.values(manifest.regions).find(({ outputPrefix }) => location.startsWith(outputPrefix));
    if (region === undefined) throw new Error(`${location} is no result of this fleet`);
    const connection = connect(region, access);
    try {
      return await collectText(connection, location);
    } finally {
      connection.close();
    }
  }
}
