import { Command, CommanderError, InvalidArgumentError } from "commander";
import { renderProblem, UsageError, withFix } from "../contract/errors";
import { version } from "../package.json";
import { rehearsalPort, withAwsOptions } from "./aws-options";
import { addFleetCommands } from "./fleet/commands";
import { openTerminal, type Terminal } from "./terminal";

/** 0 done, 1 it ran and failed, 2 the call was wrong, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

const exitCodes =
  "Exit codes: 0 done, 1 it ran and something did not hold, 2 the call or the settings were wrong, 130 interrupted.";

/** Runs one command of `fleet` and ends the process with its exit code. Each command's code is loaded when it is asked for. */
export function main(argv: readonly string[]): void {
  const terminal = openTerminal({ stdout: process.stdout, stderr: process.stderr, now: Date.now });
  const interrupt = new AbortController();
  // A reader that has seen enough (`| head`) closes the pipe: nobody is left to tell anything.
  process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
    if (terminal.onReaderGone === undefined) process.exit(cause.code === "EPIPE" ? 0 : 1);
    terminal.onReaderGone();
  });
  let interrupts = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      interrupts++;
      if (interrupts === 1) {
        terminal.log("Interrupted: cleaning up. Once more ends at once.");
        interrupt.abort(new Interrupted());
      } else process.exit(130);
    });
  }
  void run(argv, terminal, interrupt.signal).then(async (code) => {
    terminal.clear();
    await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
    process.exit(code);
  });
}

/** The reason of every abort that a person's Ctrl-C caused. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
  }
}

/** Parses `argv`, runs the command and says how it went; never throws. */
export async function run(argv: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = commands(terminal, signal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv]);
    return signal.aborted ? 130 : code;
  } catch (cause) {
    if (signal.aborted) return 130;
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
    const problem = cause instanceof UsageError ? cause : awsProblemOf(cause);
    if (problem !== undefined) {
      terminal.log(problem.problems.map(renderProblem).join("\n\n"));
      // A machine reads the same from standard output.
      if (asksForJson(argv)) terminal.out(JSON.stringify({ problems: problem.problems.map(withFix) }, null, 2));
      return 2;
    }
    terminal.log(`This is a fault of async-fleet, not yours:\n${cause instanceof Error ? cause.stack : String(cause)}`);
    return 1;
  }
}

/** Loaded only when something went wrong. */
function awsProblemOf(cause: unknown): UsageError | undefined {
  const { awsProblem } = require("./aws-problems") as typeof import("./aws-problems");
  return awsProblem(cause);
}

/** The parser with every command. */
export function commands(terminal: Terminal, signal: AbortSignal, exit: (code: ExitCode) => void): Command {
  const program = new Command("fleet")
    .description("Deploy, check, drive and rehearse Amazon SageMaker Asynchronous Inference in every supported region.")
    .version(version)
    .addHelpText("after", `\n${exitCodes}`)
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.log(text.trimEnd()),
    })
    .showHelpAfterError("(fleet --help shows the commands and options)")
    .exitOverride();

  program
    .command("rehearse")
    .description("Deploy a stack into AWS played on this machine and send real requests through it.")
    .option("--stack <name>", "the stack to deploy", "dev")
    .option("--payload <file>", "send this file instead of the example's (with --content-type)")
    .option("--content-type <type>", "media type of --payload")
    .option("--images <folder...>", "folders with a container.json: images that can be pulled (beside the examples)")
    .option("--no-engine", "deploy without a Pulumi engine, even where one can be had")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run rehearse\n  npm run rehearse -- --stack prod\n  npx fleet rehearse --json > rehearsal.json",
    )
    .action(async (options) => {
      const { rehearseCommand } = require("./rehearse/command") as typeof import("./rehearse/command");
      exit(await rehearseCommand(options, terminal, signal));
    });

  program
    .command("check")
    .description("Judge what stacks would deploy with the policy pack: no engine, no login, no AWS.")
    .option("--stack <name...>", "the stacks to judge (default: dev and prod)")
    .option("--all", "judge every stack that has a file")
    .option("--file <file...>", "judge what `pulumi preview --json` or `pulumi stack export` wrote")
    .option(
      "--changed [revision]",
      "of all stacks, or of those named, only the ones whose inputs changed (default: HEAD)",
    )
    .option("--policy-config <file>", "levels and parameters of rules, as `pulumi` takes them")
    .option("--waivers <file>", "findings that are accepted until a day")
    .option("--format <format...>", "text, json, markdown, sarif or junit, or FORMAT=FILE (default: text)")
    .option("--json", "the same as --format json")
    .option("--timeout <seconds>", "how long a program may run, and the pack may judge a stack", timeoutSeconds, 60)
    .addHelpText(
      "after",
      [
        "\nExit codes: 0 clean, 1 a mandatory rule is violated, 2 something could not be judged.",
        "\nExamples:",
        "  npm run check",
        "  npx fleet check --stack eu-west-1 --json",
        "  npx fleet check --changed origin/main --format sarif=check.sarif --format markdown=check.md --format text",
        "  pulumi preview --json > preview.json; npx fleet check --file preview.json",
      ].join("\n"),
    )
    .action(async (options) => {
      const { checkCommand } = require("./check-command") as typeof import("./check-command");
      exit(await checkCommand(options, terminal, signal));
    });

  program
    .command("regions")
    .description("Show every commercial region with SageMaker, whether a fleet deploys to it, and the evidence.")
    .option("--supported", "only those in a fleet by default")
    .option("--stack <name>", "only those the stack deploys to, with what it deploys there")
    .option("--json", "print the table as JSON")
    .addHelpText("after", "\nExamples:\n  npx fleet regions --supported\n  npx fleet regions --stack prod")
    .action(async (options) => {
      const { regionsCommand } = require("./regions-command") as typeof import("./regions-command");
      exit(await regionsCommand(options, terminal));
    });

  program
    .command("stacks")
    .description("Write the stack file of every supported region, or check that they are in step.")
    .option("--check", "change nothing; exit 1 when a file is missing, stale or too many")
    .option("--json", "print what is out of step as JSON")
    .addHelpText("after", "\nExample, for CI:\n  npx fleet stacks --check")
    .action(async (options) => {
      const { stacksCommand } = require("./stacks-command") as typeof import("./stacks-command");
      exit(await stacksCommand(options, terminal));
    });

  withAwsOptions(program.command("preflight"))
    .description("Ask an AWS account whether a stack can be deployed to it, region by region. Changes nothing.")
    .requiredOption("--stack <name>", "the stack to ask for")
    .option("--strict", "exit 1 for warnings and for what could not be asked, too")
    .option("--json", "print every answer as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npx fleet preflight --stack prod --profile production\n  npx fleet serve & npx fleet preflight --stack dev --rehearsal",
    )
    .action(async (options) => {
      const { preflightCommand } = require("./preflight/command") as typeof import("./preflight/command");
      exit(await preflightCommand(options, terminal, signal));
    });

  program
    .command("serve")
    .description("Keep a rehearsal of AWS running for any AWS SDK, until interrupted.")
    .option("--deploy <stack>", "deploy this stack into it first, without an engine")
    .option("--write-manifest <file>", "where that stack's manifest goes (default: manifest.json)")
    .option("--account <file>", "JSON with what stands in the way in the account: disabledRegions, endpointQuotas, ...")
    .option("--port <number>", "loopback port", port, rehearsalPort)
    .option("--images <folder...>", "folders with a container.json: images that can be pulled (beside the examples)")
    .option(
      "--container <image=command>",
      "serve an image by a command of a shell; may be repeated. An image nobody names is served by an echo",
      containerCommand,
      {},
    )
    .option("--faults <file>", "YAML or JSON with what goes wrong: docs/FAULTS.md")
    .option(
      "--speed <speed>",
      "fast jumps over what is only waited for; real keeps the wall clock's pace; a number is virtual seconds a second",
      "fast",
    )
    .option(
      "--state <folder>",
      "keep everything in this folder and go on with it at the next start, even after kill -9",
    )
    .option(
      "--assume <name=value>",
      "play something that AWS does not document in another way, e.g. instanceStartSeconds=600; may be repeated. docs/REHEARSAL.md has the names",
      assumption,
      {},
    )
    .option(
      "--docker",
      "run every other image with docker, from those it has on this machine; one it has not cannot be had, and none echoes",
    )
    .option("--coverage", "list the operations that are played and those that are not, and end")
    .option("--json", "print every event as a line of JSON (docs/EVENTS.md); with --coverage: the list as JSON")
    .addHelpText(
      "after",
      [
        "\nA browser on this machine sees it at http://127.0.0.1:PORT/_rehearsal/.",
        "\nExamples:",
        "  npx fleet serve --port 4599 &",
        "  AWS_ENDPOINT_URL=http://127.0.0.1:4599 aws sagemaker list-endpoints",
        "  npx fleet serve --state ~/rehearsal --deploy dev",
        "  npx fleet serve --deploy dev --json | jq 'select(.kind == \"scaling\")'",
        "\nExample, with a fifth of all calls throttled and a region gone for ten minutes:",
        "  cat > faults.yaml <<END",
        "  seed: 7",
        "  faults:",
        "    - { what: throttling, share: 0.2 }",
        "    - { what: region-gone, where: { regions: [eu-west-1] }, fromSeconds: 300, toSeconds: 900 }",
        "  END",
        "  npx fleet serve --faults faults.yaml --speed 60",
      ].join("\n"),
    )
    .action(async (options) => {
      const { serveCommand } = require("./serve-command") as typeof import("./serve-command");
      exit(await serveCommand(options, terminal, signal));
    });

  addFleetCommands(program, terminal, signal, exit);

  program
    .command("completion")
    .addArgument(program.createArgument("<shell>", "the shell to complete in").choices(["bash", "zsh", "fish"]))
    .description("Print a completion script for a shell.")
    .addHelpText(
      "after",
      "\nExamples:\n  source <(fleet completion bash)\n  source <(fleet completion zsh)\n  fleet completion fish | source",
    )
    .action(async (shell) => {
      const { completionScript } = require("./completion") as typeof import("./completion");
      terminal.out(completionScript(program, shell).trimEnd());
    });
  return program;
}

function asksForJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) =>
      word === "--json" || word === "--format=json" || (word === "json" && argv[index - 1] === "--format"),
  );
}

function timeoutSeconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 3600)) throw new InvalidArgumentError("expected seconds, above 0 and at most 3600.");
  return value;
}

function containerCommand(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, image = "", command = ""] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (image.trim() === "" || command.trim() === "")
    throw new InvalidArgumentError('expected IMAGE=COMMAND, e.g. team/model="node server.js".');
  return { ...before, [image]: command };
}

function assumption(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name = "", value = ""] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name.trim() === "" || value.trim() === "")
    throw new InvalidArgumentError("expected NAME=VALUE, e.g. instanceStartSeconds=600.");
  return { ...before, [name]: value };
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError("expected a port number from 0 (any free one) to 65535.");
  }
  return value;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}
