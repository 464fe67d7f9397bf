import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { UsageError } from "../contract/errors";
import { regionInfo, regions, supportedRegions } from "../contract/regions";
import { parseSettings } from "../contract/settings";

/** How the stack files on disk differ from the region table. */
export interface RegionFileReport {
  /** Supported regions without a file. */
  readonly missing: readonly string[];
  /** Regions whose file says another region than its name, or none. */
  readonly stale: readonly string[];
  /** Files that are as they were written, of regions that are not in a fleet by default. */
  readonly surplus: readonly string[];
  /** The same with settings of their own, which do not lift the exclusion: somebody's work, so never removed. */
  readonly kept: readonly string[];
}

const homeRegionKey = "aws:region";

/** The file of a region's own stack, as it is written first. Settings added to it are kept. */
export function regionFile(region: string): string {
  const info = regionInfo(region);
  return [
    `# ${info?.name ?? region}: the fleet's piece in this region, with a state and a lock of its own.`,
    ...(info?.optIn ? ["# An opt-in region: the account must enable it before anything can be deployed there."] : []),
    "config:",
    `  ${homeRegionKey}: ${region}`,
    "",
  ].join("\n");
}

/**
 * Compares the folder with the region table; changes nothing.
 *
 * @throws UsageError ASY-102 with every file that is not YAML
 */
export async function checkRegionFiles(folder: string): Promise<RegionFileReport> {
  const present = new Set((await readdir(folder)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []));
  const files = await Promise.all(
    regions.filter(({ code }) => present.has(code)).map(({ code }) => readRegionFile(folder, code)),
  );
  const wrong = files.flatMap(({ document, path }) =>
    document.errors.slice(0, 1).map((error) => ({
      code: "ASY-102" as const,
      at: path,
      got: error.message.split("\n")[0] ?? "",
      expected: "a YAML file",
    })),
  );
  if (wrong.length > 0) throw new UsageError(wrong);
  const excluded = files.filter(({ region }) => !supportedRegions.includes(region));
  const unlifted = excluded.filter((file) => !liftsExclusion(file));
  const codes = (list: readonly RegionFile[]): string[] => list.map(({ region }) => region);
  return {
    missing: supportedRegions.filter((region) => !present.has(region)),
    stale: codes(files.filter((file) => !unlifted.includes(file) && homeRegionOf(file) !== file.region)),
    surplus: codes(unlifted.filter((file) => !hasOwnSettings(file))),
    kept: codes(unlifted.filter(hasOwnSettings)),
  };
}

/** Writes missing files, mends stale ones and removes surplus ones. Settings and comments in a file are never lost. */
export async function writeRegionFiles(folder: string): Promise<RegionFileReport> {
  await mkdir(folder, { recursive: true });
  const report = await checkRegionFiles(folder);
  for (const region of report.missing) await writeFile(join(folder, `Pulumi.${region}.yaml`), regionFile(region));
  for (const region of report.stale) {
    const { document, path } = await readRegionFile(folder, region);
    if (isMap(document.contents)) {
      if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
      document.setIn(["config", homeRegionKey], region);
      await writeFile(path, document.toString());
    } else await writeFile(path, regionFile(region));
  }
  for (const region of report.surplus) await rm(join(folder, `Pulumi.${region}.yaml`));
  return report;
}

interface RegionFile {
  readonly region: string;
  readonly path: string;
  readonly document: Document.Parsed;
}

async function readRegionFile(folder: string, region: string): Promise<RegionFile> {
  const path = join(folder, `Pulumi.${region}.yaml`);
  return { region, path, document: parseDocument(await readFile(path, "utf8")) };
}

function configOf({ document }: RegionFile): Readonly<Record<string, unknown>> {
  const { config } = (document.toJS() ?? {}) as { config?: unknown };
  return typeof config === "object" && config !== null ? (config as Record<string, unknown>) : {};
}

function homeRegionOf(file: RegionFile): unknown {
  return configOf(file)[homeRegionKey];
}

function hasOwnSettings(file: RegionFile): boolean {
  return Object.keys(configOf(file)).some((key) => key !== homeRegionKey);
}

/** Whether the file asks for its own region with a reason, so that it belongs to the fleet after all. */
function liftsExclusion(file: RegionFile): boolean {
  const asked = configOf(file)["async-fleet:regions"];
  if (asked === undefined) return false;
  try {
    const model = { image: "any" };
    return parseSettings({ regions: asked, model }, { stack: file.region }).regions.includes(file.region);
  } catch (cause) {
    if (cause instanceof UsageError) return false;
    throw cause;
  }
}
