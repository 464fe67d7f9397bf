import { AwsError } from "../world/aws-error";
import type { Protocol } from "./answer";

/** Structures nested deeper than this are no request: the deepest that AWS's services take have a dozen levels. */
export const nestingMax = 100;

/** Where in a request something cannot be read: in its body, or in its path, query or headers. */
export type Place = "body" | "head";

/** A request that is not of its protocol. Each protocol has its own words for it: see `malformed`. */
export class Malformed extends Error {
  constructor(
    message: string,
    readonly place: Place = "body",
  ) {
    super(message);
  }
}

/** What a service answers to a request it cannot read. */
export function malformed({ message, place }: Malformed, protocol: Protocol): AwsError {
  switch (protocol) {
    case "json":
    case "restJson":
      return new AwsError("SerializationException", message);
    case "query":
      return new AwsError("MalformedInput", message);
    case "ec2":
      return new AwsError("InvalidParameterValue", message);
    case "restXml":
      return place === "head"
        ? new AwsError("InvalidArgument", message)
        : new AwsError(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
          );
  }
}

/** A part of a path, decoded. @throws AwsError InvalidURI */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
}
