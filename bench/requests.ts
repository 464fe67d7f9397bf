/** What a gigabyte's and the small objects' measures send: plain HTTP, so that no client's own work is measured. */
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Sent {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly body?: Readable | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default s3 */
  readonly service?: string;
}

/** Sends one request and throws its answer away, but for the headers. Rejects unless it succeeds. */
export async function send({ port, method, path, body, headers, service = "s3" }: Sent): Promise<IncomingMessage> {
  const authorization = `AWS4-HMAC-SHA256 Credential=rehearsal/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const length = Buffer.isBuffer(body) ? { "content-length": String(body.length) } : {};
  const sent = request({
    agent,
    port,
    host: "127.0.0.1",
    method,
    path,
    headers: { authorization, ...length, ...headers },
  });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  if (body instanceof Readable) await pipeline(body, sent);
  else sent.end(body);
  const [answer] = await answered;
  answer.resume();
  await once(answer, "end");
  if ((answer.statusCode ?? 0) >= 300) throw new Error(`${method} ${path} answered ${answer.statusCode}`);
  return answer;
}

/** Seconds that something takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Does `count` things, `parallel` at a time. */
export async function many(count: number, parallel: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

/** A file as AWS's SDKs send it by default: framed in chunks, a CRC-32 behind it. */
export function framed(file: string): Readable {
  async function* frames(): AsyncIterable<Buffer | string> {
    let crc = 0;
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 16 })) {
      crc = crc32(chunk as Buffer, crc);
      yield `${(chunk as Buffer).length.toString(16)}\r\n`;
      yield chunk as Buffer;
      yield "\r\n";
    }
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc);
    yield `0\r\nx-amz-checksum-crc32:${bytes.toString("base64")}\r\n\r\n`;
  }
  return Readable.from(frames());
}

export const framedHeaders = (bytes: number) => ({
  "content-encoding": "aws-chunked",
  "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "x-amz-decoded-content-length": String(bytes),
  "x-amz-trailer": "x-amz-checksum-crc32",
});
