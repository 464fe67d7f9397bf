import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { regions, supportedRegions } from "../contract/regions";

/** How the stack files on disk differ from the region table. */
export interface RegionFileReport {
  /** Supported regions without a file. */
  readonly missing: string[];
  /** Regions whose file says another region than its name. */
  readonly stale: string[];
  /** Files named after a region that is not in a fleet by default. */
  readonly surplus: string[];
}

/** The file of a region's own stack, as it is written first. Settings added below the region are kept. */
export function regionFile(region: string): string {
  return [
    `# ${regions.find((each) => each.code === region)?.name ?? region}: the fleet's piece in this region, with a state and a lock of its own.`,
    "config:",
    `  aws:region: ${region}`,
    "",
  ].join("\n");
}

/** Compares the folder with the region table; changes nothing. */
export async function checkRegionFiles(folder: string): Promise<RegionFileReport> {
  const present = new Set((await readdir(folder)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []));
  const missing = supportedRegions.filter((region) => !present.has(region));
  const surplus = regions
    .map(({ code }) => code)
    .filter((code) => present.has(code) && !supportedRegions.includes(code));
  const stale: string[] = [];
  for (const region of supportedRegions) {
    if (!present.has(region)) continue;
    const text = await readFile(join(folder, `Pulumi.${region}.yaml`), "utf8");
    if (!new RegExp(`^ {2}aws:region: ${region}$`, "m").test(text)) stale.push(region);
  }
  return { missing, stale, surplus };
}

/** Writes missing and stale files and removes surplus ones; a file in step is not touched. */
export async function writeRegionFiles(folder: string): Promise<RegionFileReport> {
  await mkdir(folder, { recursive: true });
  const report = await checkRegionFiles(folder);
  for (const region of [...report.missing, ...report.stale]) {
    await writeFile(join(folder, `Pulumi.${region}.yaml`), regionFile(region));
  }
  for (const region of report.surplus) await rm(join(folder, `Pulumi.${region}.yaml`));
  return report;
}
