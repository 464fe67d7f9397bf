import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { changedStacks } from "../check/changed-stacks";
import { checkStacks } from "../check/check-stacks";
import { type CheckReport, exitCodeOf } from "../check/finding";
import { noColors, renderReport } from "../check/reports/report";
import { type Problem, renderProblem, UsageError } from "../contract/errors";
import { version } from "../package.json";
import { rootDir } from "./images";
import type { ExitCode } from "./main";
import { parseTargets, writeReport } from "./report-targets";
import type { Terminal } from "./terminal";

export interface CheckCommandOptions {
  readonly stack?: readonly string[];
  readonly all?: boolean;
  readonly file?: readonly string[];
  /** A git revision, or true for `HEAD`. */
  readonly changed?: string | true;
  readonly policyConfig?: string;
  readonly waivers?: string;
  readonly format?: readonly string[];
  readonly json?: boolean;
  readonly timeout: number;
}

/** `fleet check`: the pull-request gate. 0 clean, 1 a mandatory rule is violated, 2 something could not be judged. */
export async function checkCommand(
  options: CheckCommandOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const problems: Problem[] = contradictions(options);
  const asked = [...(options.format ?? []), ...(options.json ? ["json"] : [])];
  const targets = parseTargets(asked.length === 0 ? ["text"] : asked, problems);
  const stacks = await stacksToJudge(options, problems);
  if (problems.length > 0) throw new UsageError(problems);

  const files = options.file ?? [];
  const count = stacks.length + files.length;
  const began = performance.now();
  const pulse = setInterval(() => {
    const seconds = (performance.now() - began) / 1000;
    if (seconds > 2) terminal.progress(`… ${judged} of ${count} stacks judged, ${seconds.toFixed(0)} s`);
  }, 500);
  let judged = 0;
  let report: CheckReport;
  try {
    report = await checkStacks({
      rootDir,
      stacks,
      files,
      timeoutSeconds: options.timeout,
      ...(options.policyConfig === undefined ? {} : { policyConfig: resolve(options.policyConfig) }),
      ...(options.waivers === undefined ? {} : { waivers: resolve(options.waivers) }),
      signal,
      onVerdict: (_verdict, done) => {
        judged = done;
      },
    });
  } finally {
    clearInterval(pulse);
  }
  if (count === 0) terminal.log(`No stack's inputs changed since ${revisionOf(options)}: nothing to judge.`);

  const unwritten: Problem[] = [];
  for (const { format, file } of targets) {
    if (file === undefined) terminal.out(renderReport(format, report, version, terminal.colors).trimEnd());
    else
      unwritten.push(...[await writeReport(file, renderReport(format, report, version, noColors))].filter(isProblem));
  }
  // Where the report that a person reads is elsewhere, what went wrong is told here all the same.
  const isTold = targets.some(({ format, file }) => format === "text" && file === undefined);
  const untold = [...(isTold ? [] : report.problems), ...unwritten];
  if (untold.length > 0) terminal.log(untold.map(renderProblem).join("\n\n"));
  return unwritten.length > 0 ? 2 : exitCodeOf(report);
}

function contradictions({ stack, all, file, changed }: CheckCommandOptions): Problem[] {
  const pairs: ReadonlyArray<readonly [string, boolean, string, boolean]> = [
    ["--all", all === true, "--stack", stack !== undefined],
    ["--file", file !== undefined, "--changed", changed !== undefined],
  ];
  return pairs
    .filter(([, left, , right]) => left && right)
    .map(([left, , right]) => ({ code: "ASY-608", at: left, got: `${left} and ${right}`, expected: "one of the two" }));
}

/** The stacks that are asked for, less those that `--changed` leaves out; every problem is put into `problems`. */
async function stacksToJudge(options: CheckCommandOptions, problems: Problem[]): Promise<readonly string[]> {
  if (options.stack === undefined && options.all !== true && options.file !== undefined) return [];
  const folder = stackFolder();
  const unknown = (options.stack ?? []).filter((stack) => !existsSync(join(rootDir, folder, `Pulumi.${stack}.yaml`)));
  problems.push(
    ...unknown.map((stack): Problem => {
      const got = `no file ${folder}/Pulumi.${stack}.yaml`;
      return { code: "ASY-602", at: `stack ${stack}`, got, expected: "a stack that has a file" };
    }),
  );
  const isEvery = options.all === true || options.changed !== undefined;
  const asked = options.stack ?? (isEvery ? await everyStack(folder) : ["dev", "prod"]);
  const stacks = [...new Set(asked)];
  if (options.changed === undefined) return stacks;
  const alsoInputs = [options.policyConfig, options.waivers].flatMap((file) =>
    file === undefined ? [] : resolve(file),
  );
  try {
    return await changedStacks({ rootDir, revision: revisionOf(options), stacks, alsoInputs });
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    problems.push(...cause.problems);
    return [];
  }
}

function revisionOf({ changed }: CheckCommandOptions): string {
  return typeof changed === "string" ? changed : "HEAD";
}

/** Where the project keeps its stack files. */
function stackFolder(): string {
  const project = parse(readFileSync(join(rootDir, "Pulumi.yaml"), "utf8")) as { stackConfigDir?: string };
  return project.stackConfigDir ?? ".";
}

/** Every stack that has a file. */
async function everyStack(folder: string): Promise<string[]> {
  const files = await readdir(join(rootDir, folder));
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

function isProblem(problem: Problem | undefined): problem is Problem {
  return problem !== undefined;
}
