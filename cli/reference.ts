import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { startRehearsal } from "../rehearsal/rehearsal";
import { coverage } from "../rehearsal/wire/coverage";
import { faultsJsonSchema } from "../rehearsal/world/faults/schema";
import { eventsPage } from "./events-page";
import { commands } from "./main";
import { rehearsalPage } from "./rehearsal-page";
import { openTerminal } from "./terminal";

/** docs/CLI.md, printed from the parser: what every command's `--help` says, at one width for all terminals. */
export function cliPage(): string {
  const terminal = openTerminal({ stdout: process.stdout, stderr: process.stderr, now: Date.now });
  const program = commands(terminal, new AbortController().signal, () => {});
  const shown = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== "help");
  const sections = [program, ...shown].map((command) => {
    const title = command === program ? "fleet" : `fleet ${command.name()}`;
    return `## ${title}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``;
  });
  return `# The command line\n\nPrinted from the parser by \`npm run docs\`.\n\n${sections.join("\n\n")}\n`;
}

/** With what was added to it, which commander itself only writes to its output. */
function helpOf(command: Command): string {
  let text = "";
  const { writeOut } = command.configureOutput();
  command.configureHelp({ helpWidth: 110 });
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  if (writeOut !== undefined) command.configureOutput({ writeOut });
  return text.trimEnd();
}

/** docs/REHEARSAL.md, with the operations that the world has now. */
export async function printedRehearsalPage(): Promise<string> {
  const rehearsal = await startRehearsal({ imageFolders: [] });
  try {
    return rehearsalPage(coverage(rehearsal.world));
  } finally {
    await rehearsal.close();
  }
}

/** docs/faults.schema.json, for editors. */
export function faultsSchemaFile(): string {
  return `${JSON.stringify(faultsJsonSchema(), null, 2)}\n`;
}

if (require.main === module) {
  const docs = join(__dirname, "../docs");
  writeFileSync(join(docs, "CLI.md"), cliPage());
  void printedRehearsalPage().then((page) => writeFileSync(join(docs, "REHEARSAL.md"), page));
  writeFileSync(join(docs, "faults.schema.json"), faultsSchemaFile());
  writeFileSync(join(docs, "EVENTS.md"), eventsPage());
}
