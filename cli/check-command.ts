import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkStacks } from "../check/check-stacks";
import type { StackVerdict } from "../check/judge-stack";
import { rootDir } from "./images";
import type { ExitCode } from "./main";
import type { Terminal } from "./terminal";

export interface CheckCommandOptions {
  readonly stack?: readonly string[];
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `fleet check`: the pull-request gate. 0 clean, 1 a mandatory rule is violated. */
export async function checkCommand(
  options: CheckCommandOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const stacks = options.all ? await everyStack() : (options.stack ?? ["dev", "prod"]);
  const verdicts = await checkStacks({
    rootDir,
    stacks,
    signal,
    onVerdict: (verdict, done) => terminal.progress(`… ${done} of ${stacks.length} stacks, ${verdict.stack}`),
  });
  terminal.out(
    options.json
      ? JSON.stringify(verdicts, null, 2)
      : verdicts.map((verdict) => renderVerdict(verdict, terminal)).join("\n"),
  );
  return verdicts.some(({ findings }) => findings.some(({ level }) => level === "mandatory")) ? 1 : 0;
}

/** Every stack that has a file. */
async function everyStack(): Promise<string[]> {
  const files = await readdir(join(rootDir, "stacks"));
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

function renderVerdict({ stack, resources, rules, findings, seconds }: StackVerdict, { colors }: Terminal): string {
  const time = colors.dim(`${(seconds.record + seconds.judge).toFixed(1)} s`);
  const head = `${findings.length === 0 ? colors.green("✓") : colors.red("✗")} ${stack}  ${resources} resources, ${rules.length} rules, ${findings.length} findings  ${time}`;
  const lines = findings.map(({ policy, level, urn, message }) => {
    const rule = rules.find(({ name }) => name === policy);
    return [
      `  ${level === "mandatory" ? colors.red(policy) : colors.yellow(policy)}  ${urn.split("::").at(-1) ?? stack}`,
      `    ${message}`,
      ...(rule?.remediation ? [`    fix: ${rule.remediation}`] : []),
    ].join("\n");
  });
  return [head, ...lines].join("\n");
}
