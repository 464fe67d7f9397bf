import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import type { InvocationReply, InvocationRequest } from "./container";

/** A container's web server, as SageMaker calls it: on loopback, over connections that are kept. */
export class HttpDoor {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly port: number) {}

  async ping(signal: AbortSignal): Promise<number> {
    const reply = await this.send("GET", "/ping", {}, signal);
    reply.resume();
    return reply.statusCode ?? 0;
  }

  async invoke({ headers, body, contentLength, signal }: InvocationRequest): Promise<InvocationReply> {
    const outgoing = { ...headers, "Content-Length": String(contentLength) };
    const reply = await this.send("POST", "/invocations", outgoing, signal, body);
    return { statusCode: reply.statusCode ?? 0, headers: reply.headers as InvocationReply["headers"], body: reply };
  }

  close(): void {
    this.agent.destroy();
  }

  private send(
    method: string,
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
    body?: NodeJS.ReadableStream,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        host: "127.0.0.1",
        port: this.port,
        method,
        path,
        headers,
        agent: this.agent,
        signal,
      });
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      // A container may answer before it has read everything; the answer counts, not the broken pipe.
      if (body === undefined) outgoing.end();
      else pipeline(body, outgoing).catch((cause: unknown) => setImmediate(() => reject(cause)));
    });
  }
}
