import Table from "cli-table3";
import { regions } from "../contract/regions";
import type { ExitCode } from "./main";
import type { Terminal } from "./terminal";

/** `fleet regions`: every row of the region table with its evidence. */
export function regionsCommand(options: { readonly json?: boolean }, terminal: Terminal): ExitCode {
  if (options.json) {
    terminal.out(JSON.stringify(regions, null, 2));
    return 0;
  }
  const table = new Table({
    head: ["region", "name", "opt-in", "in a fleet", "evidence"],
    style: { head: [], border: [], compact: true },
    colWidths: [16, 30, 8, 12, Math.max(24, terminal.width - 72)],
    wordWrap: true,
  });
  for (const region of regions) {
    table.push([
      region.code,
      region.name,
      region.optIn ? "yes" : "no",
      region.excludedIn2021 ? "if lifted" : "yes",
      region.evidence,
    ]);
  }
  const deployed = regions.filter((region) => !region.excludedIn2021);
  terminal.out(table.toString());
  terminal.out(
    `${regions.length} commercial regions with SageMaker, ${deployed.length} in a fleet by default; ` +
      `${deployed.filter((region) => region.optIn).length} of those need the account's opt-in first.`,
  );
  return 0;
}
