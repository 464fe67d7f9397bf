import { areas } from "../rehearsal/areas";
import type { Coverage } from "../rehearsal/wire/coverage";
import { assumptions } from "../rehearsal/world/assumption-table";
import type { Assumption, AssumptionName } from "../rehearsal/world/assumptions";

/** docs/REHEARSAL.md, printed from the tables of the rehearsal. */
export function rehearsalPage(services: readonly Coverage[]): string {
  const told = areas.map(({ title, modelled, assumed, absent, services: keys }) =>
    [
      `## ${title}`,
      table(["modelled", "from"], modelled),
      ...(assumed.length === 0 ? [] : [table(["assumed", "played", "or", "because"], assumed.map(assumptionRow))]),
      `Not there:\n\n${absent.map((each) => `- ${each}`).join("\n")}`,
      ...services
        .filter(({ service }) => keys.includes(service))
        .map(
          ({ service, played, notPlayed }) =>
            `\`${service}\`, ${played.length} of ${played.length + notPlayed.length} operations: ${played.join(", ")}.`,
        ),
    ].join("\n\n"),
  );
  return `${[
    "# What a rehearsal is, and what it is not",
    "Printed from the tables in `rehearsal/areas.ts` and `rehearsal/world/assumptions.ts` by `npm run docs`.",
    "For each part of AWS: what is modelled and from which page of AWS's documentation (read in November 2026), what is assumed because no page says it, and what is not there. An operation that is not listed answers a protocol-correct `NotImplemented` that names itself; `fleet serve --coverage` lists those as well.",
    `Everything assumed can be set: \`fleet serve --assume NAME=VALUE\`, once for each, or \`startRehearsal({ assumptions: { NAME: VALUE } })\`. None of it is a promise of AWS's.`,
    "What a rehearsal does not prove: that AWS accepts every value, that quota and capacity are there, how long AWS takes, what its network does, and cryptography.",
    ...told,
  ].join("\n\n")}\n`;
}

function assumptionRow(name: AssumptionName): string[] {
  const row: Assumption = assumptions[name];
  if (row.kind === "number") {
    const bounds = row.max === undefined ? `${row.min} or more` : `${row.min} to ${row.max}`;
    return [`\`${name}\`: ${row.what}`, `${row.value} ${row.unit}`, bounds, row.reason];
  }
  const others = Object.entries(row.choices).filter(([choice]) => choice !== row.value);
  const played = row.choices[row.value] ?? "";
  return [
    `\`${name}\`: ${row.what}`,
    `\`${row.value}\`: ${played}`,
    others.map(([choice, means]) => `\`${choice}\`: ${means}`).join("; "),
    row.reason,
  ];
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
