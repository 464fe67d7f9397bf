import { readFileSync } from "node:fs";
import { type Connection, connect } from "../../client/connection";
import type { Manifest } from "../../contract/manifest";

/** What a measured program is called with: a manifest's file, a rehearsal's address, and something of its own. */
export function open(): { readonly connection: Connection; readonly own: string } {
  const [, , manifestPath = "", endpoint = "", own = ""] = process.argv;
  const { regions } = JSON.parse(readFileSync(manifestPath, "utf8")) as Manifest;
  const [region] = Object.values(regions);
  if (region === undefined) throw new Error("a manifest without a region");
  const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };
  return { connection: connect(region, { endpoint, credentials }), own };
}

/** Prints how long the work took, the process's own start left out. */
export async function timed(work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, processorSeconds: (user + system) / 1e6 }));
}
