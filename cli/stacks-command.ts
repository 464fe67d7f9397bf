import { join } from "node:path";
import { checkRegionFiles, writeRegionFiles } from "../stacks/region-files";
import { rootDir } from "./images";
import type { ExitCode } from "./main";
import type { Terminal } from "./terminal";

/** `fleet stacks`: one stack file for each supported region, and none for the others. */
export async function stacksCommand(options: { readonly check?: boolean }, terminal: Terminal): Promise<ExitCode> {
  const folder = join(rootDir, "stacks");
  const { missing, stale, surplus } = options.check ? await checkRegionFiles(folder) : await writeRegionFiles(folder);
  const inStep = missing.length + stale.length + surplus.length === 0;
  const told = [
    ...missing.map((region) => `${options.check ? "missing" : "written"}: Pulumi.${region}.yaml`),
    ...stale.map((region) => `${options.check ? "another region inside" : "written anew"}: Pulumi.${region}.yaml`),
    ...surplus.map((region) => `${options.check ? "not a region of the fleet" : "removed"}: Pulumi.${region}.yaml`),
  ];
  terminal.out(inStep ? "Every supported region has its stack file, and no other." : told.join("\n"));
  return options.check && !inStep ? 1 : 0;
}
