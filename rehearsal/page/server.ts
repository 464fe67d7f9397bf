import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { refuseForeign } from "../wire/hosts";
import { AwsError } from "../world/aws-error";
import type { World } from "../world/world";
import { sendEvents } from "./event-stream";
import { historyOf } from "./history";
import { pagePath } from "./path";
import { stateOf } from "./state";

/** Everything that is served as a file: nothing else can be asked for. */
const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  "": { name: "index.html", type: "text/html; charset=utf-8" },
  "icon.svg": { name: "icon.svg", type: "image/svg+xml" },
  ...filesOf("text/css; charset=utf-8", ["page.css", "parts.css", "narrow.css"]),
  ...filesOf("text/javascript; charset=utf-8", [
    "page.mjs",
    "view.mjs",
    "rows.mjs",
    "chart.mjs",
    "words.mjs",
    "elements.mjs",
  ]),
};

const headers = {
  // Everything comes from here, nothing from elsewhere; text can only ever be text.
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/** Readers of events at one time; each costs a timer and a socket. */
const readersMax = 32;

/** The status page of a rehearsal: its files, and the data it shows. Whoever looks never holds or moves the clock. */
export class StatusPage {
  /** Tells this process's events from those of one before it. */
  private readonly run = randomUUID().slice(0, 8);
  private readers = 0;

  constructor(private readonly world: World) {}

  /** Answers one request; never throws. */
  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.on("error", () => response.destroy());
    message.resume();
    try {
      refuseForeign((message.headers.host ?? "").replace(/:\d+$/, ""), message);
      await this.answer(message, response);
    } catch (cause) {
      if (cause instanceof AwsError) text(response, cause.statusCode, cause.message);
      else {
        process.emitWarning(`the rehearsal's status page failed: ${String((cause as Error).stack ?? cause)}`);
        text(response, 500, "The status page failed; the rehearsal's own log says why.");
      }
    }
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.method !== "GET" && message.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return text(response, 405, "The status page is only looked at.");
    }
    const { pathname, searchParams } = new URL(message.url ?? "/", "http://127.0.0.1");
    if (!pathname.startsWith(pagePath)) {
      response.writeHead(302, { Location: pagePath });
      response.end();
      return;
    }
    const name = pathname.slice(pagePath.length);
    const file = Object.hasOwn(files, name) ? files[name] : undefined;
    if (file !== undefined) send(response, 200, file.type, await readFile(join(__dirname, "assets", file.name)));
    else if (name === "state.json") json(response, await stateOf(this.world, this.run));
    else if (name === "history.json") json(response, historyOf(this.world, this.run, this.place(searchParams)));
    else if (name === "events") await this.stream(message, response, searchParams);
    else text(response, 404, "There is nothing here.");
  }

  private place(query: URLSearchParams) {
    return {
      accountId: query.get("account") ?? this.world.accountId,
      region: query.get("region") ?? "",
      endpointName: query.get("endpoint") ?? "",
    };
  }

  private async stream(message: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
    if (this.readers >= readersMax) return text(response, 503, `At most ${readersMax} may read the events at once.`);
    if (message.method === "HEAD") return send(response, 200, "text/event-stream", Buffer.alloc(0));
    this.readers++;
    try {
      await sendEvents(this.world, this.run, response, {
        lastEventId: message.headers["last-event-id"]?.toString(),
        after: query.get("after") ?? undefined,
      });
    } finally {
      this.readers--;
    }
  }
}

function filesOf(type: string, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { name, type }]));
}

function json(response: ServerResponse, value: object): void {
  send(response, 200, "application/json; charset=utf-8", Buffer.from(`${JSON.stringify(value)}\n`));
}

function text(response: ServerResponse, status: number, line: string): void {
  if (response.headersSent) response.destroy();
  else send(response, status, "text/plain; charset=utf-8", Buffer.from(`${line}\n`));
}

function send(response: ServerResponse, status: number, type: string, body: Buffer): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": body.length });
  // Node leaves the body of an answer to HEAD out by itself.
  response.end(body);
}
