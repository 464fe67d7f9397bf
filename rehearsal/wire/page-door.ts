import type { IncomingMessage, ServerResponse } from "node:http";
import { pagePath } from "../page/path";
import type { World } from "../world/world";

/** The rehearsal under a name of its own; before `localhost` a bucket may stand, whose keys are none of the page's. */
const ownHost = /^(?:localhost|127\.0\.0\.1|\[::1\]|rehearsal\.test)(?::\d+)?$/;

/** Whether a request is for the status page: below its path, or a browser that opens `/`. A signed one never is. */
export function asksForPage({ url = "/", method, headers }: IncomingMessage): boolean {
  if (headers.authorization !== undefined || !ownHost.test(headers.host ?? "")) return false;
  if (url.startsWith(pagePath) || url === pagePath.slice(0, -1)) return true;
  return method === "GET" && url === "/" && /\btext\/html\b/.test(headers.accept ?? "");
}

/** Serves the status page, whose code is loaded when somebody first asks for it. */
export function pageDoor(world: World): (message: IncomingMessage, response: ServerResponse) => void {
  let page: { serve(message: IncomingMessage, response: ServerResponse): Promise<void> } | undefined;
  return (message, response) => {
    const { StatusPage } = require("../page/server") as typeof import("../page/server");
    page ??= new StatusPage(world);
    void page.serve(message, response);
  };
}
