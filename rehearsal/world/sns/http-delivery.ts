import { request } from "node:http";

/** One POST as SNS makes it. */
export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a POST ended; SNS tries again after what may pass. */
export type PostResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly mayPass: boolean };

/** SNS's default for HTTP and HTTPS: three retries, twenty seconds apart (developer guide, sns-message-delivery-retries). */
export const retries = 3;
export const retryDelayMs = 20_000;
/** How long SNS waits for an answer (developer guide: fifteen seconds). */
const answerTimeoutMs = 15_000;

/** Whether a URL is plain HTTP on this machine: the only place a rehearsal sends anything to. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

/** Posts to a listener on this machine. @throws RangeError for any other place */
export function post({ url, body, headers }: Post, signal: AbortSignal): Promise<PostResult> {
  if (!isLoopback(url)) throw new RangeError(`a rehearsal sends nothing to ${url}`);
  return new Promise((resolve) => {
    const failed = (reason: string): void => resolve({ ok: false, reason, mayPass: true });
    const sending = request(
      url,
      {
        method: "POST",
        signal,
        timeout: answerTimeoutMs,
        headers: {
          "Content-Type": "text/plain; charset=UTF-8",
          "User-Agent": "Amazon Simple Notification Service Agent",
          "Content-Length": String(Buffer.byteLength(body)),
          ...headers,
        },
      },
      (answer) => {
        answer.resume();
        const status = answer.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve({ ok: true });
        else resolve({ ok: false, reason: `HTTP status ${status}`, mayPass: status >= 500 || status === 429 });
      },
    );
    sending.on("timeout", () => sending.destroy(new Error("no answer in time")));
    sending.on("error", (cause) => failed(cause.message));
    sending.end(body);
  });
}
