import Table from "cli-table3";
import { evidenceReadOn, type Region, regions } from "../contract/regions";
import { parseSettings, type Settings } from "../contract/settings";
import { rawSettingsOf, readStackConfig } from "../stacks/stack-config";
import { rootDir } from "./images";
import type { ExitCode } from "./main";
import type { Terminal } from "./terminal";

export interface RegionsCommandOptions {
  readonly supported?: boolean;
  readonly stack?: string;
  readonly json?: boolean;
}

interface Row extends Region {
  readonly inFleetByDefault: boolean;
  /** The day the evidence was read. */
  readonly evidenceReadOn: string;
  /** What the stack asked for deploys there; absent without `--stack`. */
  readonly deploys?: { readonly instanceType: string; readonly minInstances: number; readonly maxInstances: number };
}

/** `fleet regions`: the region table with its evidence, or the part of it that one stack deploys to. */
export async function regionsCommand(options: RegionsCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const settings = options.stack === undefined ? undefined : await settingsOf(options.stack);
  const rows = regions
    .filter(({ code, excludedIn2021 }) => settings?.regions.includes(code) ?? !(options.supported && excludedIn2021))
    .map((region) => rowOf(region, settings));
  if (options.json) terminal.out(JSON.stringify(rows, null, 2));
  else terminal.out(render(rows, options.stack, terminal));
  return 0;
}

async function settingsOf(stack: string): Promise<Settings> {
  const { config } = await readStackConfig(rootDir, stack);
  const homeRegion = config["aws:region"];
  return parseSettings(rawSettingsOf(config), { stack, ...(homeRegion === undefined ? {} : { homeRegion }) });
}

function rowOf(region: Region, settings: Settings | undefined): Row {
  const own = settings?.region[region.code];
  return {
    ...region,
    inFleetByDefault: !region.excludedIn2021,
    evidenceReadOn,
    ...(own === undefined
      ? {}
      : {
          deploys: {
            instanceType: own.endpoint.instanceType,
            minInstances: own.scaling.min,
            maxInstances: own.scaling.max,
          },
        }),
  };
}

/** The evidence is the same for most regions, so it stands once, below, and the table names it by a letter. */
function render(rows: readonly Row[], stack: string | undefined, { colors }: Terminal): string {
  const evidence = [...new Set(rows.map((row) => row.evidence))];
  const letter = (text: string): string => String.fromCharCode("a".charCodeAt(0) + evidence.indexOf(text));
  const table = new Table({
    head: [
      "region",
      "name",
      "opt-in",
      ...(stack === undefined ? ["in a fleet"] : ["instances", "of type"]),
      "evidence",
    ],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    table.push([
      row.code,
      row.name,
      row.optIn ? colors.yellow("opt-in") : "",
      ...(row.deploys === undefined
        ? [row.inFleetByDefault ? "yes" : "if lifted"]
        : [`${row.deploys.minInstances} to ${row.deploys.maxInstances}`, row.deploys.instanceType]),
      letter(row.evidence),
    ]);
  }
  return [
    table.toString(),
    ...evidence.map((text) => `${letter(text)}  ${text}`),
    `   (evidence read on ${evidenceReadOn})`,
    "",
    summary(rows, stack),
  ].join("\n");
}

function summary(rows: readonly Row[], stack: string | undefined): string {
  const inFleet = stack === undefined ? rows.filter((row) => row.inFleetByDefault) : rows;
  const optIn = inFleet.filter((row) => row.optIn).length;
  const where =
    stack === undefined
      ? `${rows.length} commercial regions with SageMaker, ${inFleet.length} in a fleet by default`
      : `Stack ${stack} is in ${counted(inFleet.length)}`;
  if (optIn === 0) return `${where}, none of them opt-in.`;
  return `${where}; ${optIn} of those need the account's opt-in first (\`npx fleet preflight\` asks whether they have it).`;
}

function counted(count: number): string {
  return `${count} region${count === 1 ? "" : "s"}`;
}
