import type { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Connection } from "./connection";

/** A result or failure object, opened. The reader must read the body to its end or destroy it. */
export interface Collected {
  readonly contentType: string;
  readonly bytes: number;
  readonly body: Readable;
}

/** Opens the object at `location` (`s3://bucket/key`). Throws the AWS SDK's error when it is not there. */
export async function collect(connection: Connection, location: string): Promise<Collected> {
  const { hostname, pathname } = new URL(location);
  const answer = await connection.s3.send(
    new GetObjectCommand({ Bucket: hostname, Key: decodeURIComponent(pathname.slice(1)) }),
  );
  return {
    contentType: answer.ContentType ?? "application/octet-stream",
    bytes: answer.ContentLength ?? 0,
    body: answer.Body as Readable,
  };
}

/** The object's text. For small answers: the whole of it is held in memory. */
export async function collectText(connection: Connection, location: string): Promise<string> {
  const { body } = await collect(connection, location);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
