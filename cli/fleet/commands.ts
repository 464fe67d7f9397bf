import { type Command, InvalidArgumentError } from "commander";
import type { ExitCode } from "../main";
import type { Terminal } from "../terminal";
import { withFleetOptions, withSendingOptions } from "./options";

/** The commands that drive a deployed fleet. Each loads what it needs when it is called: `--help` must be quick. */
export function addFleetCommands(
  program: Command,
  terminal: Terminal,
  signal: AbortSignal,
  exit: (code: ExitCode) => void,
): void {
  withSendingOptions(program.command("invoke"))
    .argument("<payload>", "a file, s3://bucket/key, or - for standard input")
    .description("Send one payload and bring its answer, from whichever region takes it.")
    .option("-o, --output <file>", "write the answer there (default: standard output)")
    .option("--key <text>", "your own name of the request: sent again, the first one is found")
    .option("--no-wait", "print what was accepted, for `fleet wait`, and leave")
    .addHelpText(
      "after",
      [
        "\nExit codes: 0 completed, 1 failed, expired, timed out or lost, 2 nothing was sent.",
        "\nExamples:",
        "  npx fleet invoke scan.png -o scan.json --manifest manifest.json",
        "  npx fleet invoke big.tar --region eu-west-1 us-east-1 --key order-17 --no-wait > sent.json",
        "  gzip -c data.csv | npx fleet invoke - --content-type application/gzip --stack prod",
      ].join("\n"),
    )
    .action(async (payload, options) => {
      const { invokeCommand } = require("./invoke-command") as typeof import("./invoke-command");
      exit(await invokeCommand(payload, options, terminal, signal));
    });

  withFleetOptions(program.command("wait"))
    .argument("[file]", "what `fleet invoke --no-wait` printed; - for standard input", "-")
    .description("Bring the answer of a request that was sent before.")
    .option("-o, --output <file>", "write the answer there (default: standard output)")
    .addHelpText("after", "\nExample:\n  npx fleet wait sent.json -o answer.json")
    .action(async (file, options) => {
      const { waitCommand } = require("./wait-command") as typeof import("./wait-command");
      exit(await waitCommand(file, options, terminal, signal));
    });

  withSendingOptions(program.command("batch"))
    .argument("<source>", "a folder, a pattern in quotes, a manifest *.jsonl, or - for one on standard input")
    .description("Send many payloads and collect their results; run again, it goes on where it stopped.")
    .requiredOption("--results <folder>", "where results and index.jsonl go")
    .option("--journal <file>", "its memory (default: beside the results folder)")
    .option("--open-max <count>", "requests sent and not yet ended, at most", count, 1000)
    .option("--price-per-hour <number>", "of one instance: the summary then says what the batch's time cost", price)
    .addHelpText(
      "after",
      [
        '\nA manifest\'s line: {"payload": "path or s3://…", "name": "text", "contentType": "text"}',
        "Ctrl-C or a crash loses nothing: the same command goes on.",
        "\nExamples:",
        "  npx fleet batch scans --results out --manifest manifest.json",
        "  npx fleet batch 'scans/**/*.png' --results out --choose backlog",
      ].join("\n"),
    )
    .action(async (source, options) => {
      const { batchCommand } = require("./batch-command") as typeof import("./batch-command");
      exit(await batchCommand(source, options, terminal, signal));
    });

  withFleetOptions(program.command("status"))
    .description("Show every region at a glance: instances, backlog, age, failures, alarms and since when.")
    .option("--watch", "show it again every 15 seconds, until interrupted")
    .addHelpText(
      "after",
      "\nExit code 1 when an alarm fires or an endpoint is not in service.\n\nExample:\n  npx fleet status --manifest manifest.json --watch",
    )
    .action(async (options) => {
      const { statusCommand } = require("./status-command") as typeof import("./status-command");
      exit(await statusCommand(options, terminal, signal));
    });

  withFleetOptions(program.command("logs"))
    .description("Show what the containers of a region's endpoint have written.")
    .option("--region <code>", "the region (default: the manifest's first)")
    .option("--minutes <count>", "how far back", count, 60)
    .option("--filter <text>", "only lines with this text, such as an inference id")
    .option("--follow", "go on as lines come, until interrupted")
    .addHelpText("after", "\nExample:\n  npx fleet logs --region eu-west-1 --filter order-17 --follow")
    .action(async (options) => {
      const { logsCommand } = require("./logs-command") as typeof import("./logs-command");
      exit(await logsCommand(options, terminal, signal));
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a whole number, 1 or more.");
  return value;
}

function price(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0))
    throw new InvalidArgumentError("expected a number such as 0.23, without a currency.");
  return value;
}
