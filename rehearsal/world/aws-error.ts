/**
 * An error as AWS would answer it. The wire turns it into the protocol's envelope, the provider into a failed step.
 */
export class AwsError extends Error {
  /**
   * @param code the error's name on the wire, e.g. `ValidationException`
   * @param message the sentence AWS would send
   * @param statusCode the HTTP status, e.g. 400
   * @param more what S3 puts into the error's document beside code and message
   */
  constructor(
    readonly code: string,
    message: string,
    readonly statusCode = 400,
    readonly more: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = code;
  }

  /** Whose fault it is, as the query protocols say it. */
  get fault(): "Sender" | "Receiver" {
    return this.statusCode >= 500 ? "Receiver" : "Sender";
  }
}
