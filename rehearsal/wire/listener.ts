import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { UsageError } from "../../contract/errors";
import type { Patience } from "./flow";

/** Connections that wait to be taken up; the kernel's own bound may be lower. */
const backlog = 4096;

/** Called with every request; `expectsContinue` where the client waits for a word before it sends the body. */
export type OnRequest = (message: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => void;

/**
 * An HTTP server on 127.0.0.1 that takes no tunnels, waits for no headers for ever and for bodies as long as they flow.
 *
 * @throws UsageError ASY-540 when the port is taken
 */
export async function listenLocally(
  port: number,
  { headersMs }: Patience,
  onRequest: OnRequest,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer({
    headersTimeout: headersMs,
    // Uploads of a gigabyte take as long as they take: see Flow.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(5000, headersMs),
  });
  server.on("request", (message, response) => onRequest(message, response, false));
  server.on("checkContinue", (message, response) => onRequest(message, response, true));
  server.on("connect", (_message, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
  server.on("clientError", refuse);
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What is no HTTP is told so, as far as there is somebody to tell. */
function refuse(cause: NodeJS.ErrnoException, socket: Duplex): void {
  const status =
    cause.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? "408 Request Timeout"
      : cause.code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : "400 Bad Request";
  if (!socket.writable || cause.code === "ECONNRESET") socket.destroy();
  else socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EADDRINUSE" && cause.code !== "EACCES") return reject(cause);
      return reject(
        new UsageError({
          code: "ASY-540",
          at: `127.0.0.1:${port}`,
          got: cause.code === "EACCES" ? "a port this user may not open" : "a port somebody else listens on",
          expected: "a free port",
        }),
      );
    });
    server.listen({ port, host: "127.0.0.1", backlog }, resolve);
  });
}
