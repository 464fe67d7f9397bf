import { join } from "node:path";
import { rootDir } from "./fleet-process";

/** One of the status page's own modules, as the browser loads it. */
export function pageModule<Exports>(name: string): Exports {
  return require(join(rootDir, "rehearsal/page/assets", name)) as Exports;
}
