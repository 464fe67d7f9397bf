import { pipeline, Readable, Transform } from "node:stream";
import { AwsError } from "../world/aws-error";
import type { CallFate } from "../world/faults/faults";
import type { Protocol } from "./answer";

/** A connection that ends without an answer, as the fault ordered it. */
export class Dropped extends Error {}

/** "Too many calls", in the words of the protocol's services. */
export function throttlingError(protocol: Protocol): AwsError {
  if (protocol === "ec2") return new AwsError("RequestLimitExceeded", "Rate exceeded", 503);
  if (protocol === "query") return new AwsError("Throttling", "Rate exceeded", 503);
  if (protocol === "restXml") return new AwsError("SlowDown", "Please reduce your request rate.", 503);
  return new AwsError("ThrottlingException", "Rate exceeded");
}

function serverError(protocol: Protocol, status: 500 | 503): AwsError {
  if (status === 503) {
    const code = protocol === "ec2" ? "Unavailable" : "ServiceUnavailable";
    return new AwsError(code, "The request has failed due to a temporary failure of the server.", 503);
  }
  if (protocol === "restXml" || protocol === "ec2") {
    return new AwsError("InternalError", "We encountered an internal error. Please try again.", 500);
  }
  return new AwsError("InternalFailure", "The request processing has failed because of an unknown error.", 500);
}

/** @throws AwsError or Dropped when the call's fate strikes before its work */
export function strike({ blow }: CallFate, protocol: Protocol, moment: "before" | "after" = "before"): void {
  if (blow?.moment !== moment) return;
  if (blow.kind === "throttling") throw throttlingError(protocol);
  if (blow.kind === "error") throw serverError(protocol, blow.status);
  throw new Dropped("the connection ends, as ordered");
}

/**
 * What is answered once the work is done: the output, or one whose streamed body breaks off halfway.
 *
 * @throws AwsError or Dropped when the call's fate strikes now
 */
export function afterWork(
  fate: CallFate,
  protocol: Protocol,
  output: Record<string, unknown>,
): Record<string, unknown> {
  const { Body } = output;
  const { blow } = fate;
  if (blow?.moment === "during" && Body instanceof Readable) return { ...output, Body: halfOf(Body, output) };
  if (blow === undefined || blow.moment === "before") return output;
  if (Body instanceof Readable) Body.destroy();
  if (blow.moment === "during") throw new Dropped("the connection ends, as ordered");
  strike(fate, protocol, "after");
  return output;
}

function halfOf(body: Readable, { ContentLength }: Record<string, unknown>): Readable {
  let leftBytes = Math.floor(Number(ContentLength ?? 0) / 2);
  const half = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (chunk.length < leftBytes) {
        leftBytes -= chunk.length;
        done(null, chunk);
        return;
      }
      this.push(chunk.subarray(0, leftBytes));
      // What was pushed leaves before the end comes.
      setImmediate(() => done(new Dropped("the connection ends, as ordered")));
    },
  });
  pipeline(body, half, () => {});
  return half;
}
