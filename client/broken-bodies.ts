import type { S3Client } from "@aws-sdk/client-s3";

type Next = (args: unknown) => Promise<{ response?: { body?: NodeJS.EventEmitter } }>;

/**
 * Lets the bodies of a client's answers break off without ending the process. A body may break before its reader listens,
 * and again when the SDK's check of its checksum lets go of it; the reader is told all the same, by the body it reads.
 */
export function bearBrokenBodies(client: S3Client): void {
  const bear = (next: Next) => async (args: unknown) => {
    const result = await next(args);
    result.response?.body?.on?.("error", () => {});
    return result;
  };
  client.middlewareStack.add(bear as never, { step: "deserialize", priority: "low", name: "brokenBodies" } as never);
}
