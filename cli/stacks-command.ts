import { join } from "node:path";
import { supportedRegions } from "../contract/regions";
import { checkRegionFiles, type RegionFileReport, writeRegionFiles } from "../stacks/region-files";
import { rootDir } from "./images";
import type { ExitCode } from "./main";
import type { Terminal } from "./terminal";

export interface StacksCommandOptions {
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `fleet stacks`: one stack file for each supported region, and none for the others. 1 when something is out of step. */
export async function stacksCommand(options: StacksCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const folder = join(rootDir, "stacks");
  const report = options.check ? await checkRegionFiles(folder) : await writeRegionFiles(folder);
  const inStep = Object.values(report).flat().length === 0;
  if (options.json) terminal.out(JSON.stringify({ ...report, inStep, changed: !options.check && !inStep }, null, 2));
  else terminal.out(inStep ? allInStep : told(report, options.check === true).join("\n"));
  return report.kept.length > 0 || (options.check && !inStep) ? 1 : 0;
}

const allInStep = `Every supported region has its stack file, and no other: ${supportedRegions.length} files in stacks/.`;

function told({ missing, stale, surplus, kept }: RegionFileReport, check: boolean): string[] {
  const rows: ReadonlyArray<readonly [readonly string[], string, string]> = [
    [missing, "missing", "written"],
    [stale, "says another region than its name, or none", "mended: its aws:region; nothing else was touched"],
    [surplus, "of a region that is not in a fleet by default", "removed: it held nothing but its region"],
    [kept, keptText, `left as it is: ${keptText}`],
  ];
  const lines = rows.flatMap(([regions, found, done]) =>
    regions.map((region) => `Pulumi.${region}.yaml  ${check ? found : done}`),
  );
  return [
    ...lines,
    ...(check && missing.length + stale.length + surplus.length > 0 ? ["Run `npx fleet stacks` to mend this."] : []),
  ];
}

const keptText =
  "of a region that is not in a fleet by default, with settings of its own; lift the exclusion in it with " +
  "async-fleet:regions: [{ region: CODE, reason: WHY }], or delete it yourself";
