import { readFile } from "node:fs/promises";
import { UsageError } from "../contract/errors";
import { configurableRules, readPackConfiguration } from "../policies/configuration/pack-configuration";
import { policiesKey, readPolicyConfigFile } from "../policies/configuration/read";
import type { RuleConfigs } from "../policies/configuration/rule-configs";
import { rules } from "../policies/rules";
import { WaiverLedger } from "../policies/waivers/ledger";
import { waiverRules } from "../policies/waivers/rules";
import { readStackConfig } from "../stacks/stack-config";
import { type Judged, judge, rulesOf } from "./judge";
import { PackProcess } from "./pack-process";
import type { PackRunner } from "./pack-runner";
import { recordProgram } from "./record-program";
import { SettingsFiles } from "./settings-files";
import { plausibleAws } from "./stand-in";
import { readStateFile, shownFile } from "./state-file";
import type { FromWorker, Job, WorkerOptions } from "./worker-protocol";

interface Program {
  program(options: { readonly rootDir: string }): Promise<Record<string, unknown>>;
}

/** The stacks of one worker: recorded one after the other, each judged while the next is being recorded. */
export class WorkerStacks {
  private readonly started: ReturnType<WorkerStacks["start"]>;
  private areRulesTold = false;
  private recording: Promise<unknown> = Promise.resolve();
  private judging: Promise<unknown> = Promise.resolve();
  private isSpent = false;
  private isPackGone = false;

  constructor(
    private readonly options: WorkerOptions,
    runner: PackRunner,
    private readonly tell: (message: FromWorker) => void,
  ) {
    this.started = this.start(runner);
  }

  /** Records a stack when its turn comes, has it judged, and tells what came of it. */
  take(job: Job): Promise<void> {
    const recorded = this.recording.then(() => this.record(job));
    this.recording = recorded.catch(() => undefined);
    // One at a time in the pack too: what it was asked of one stack must not wait behind another's.
    const judged = this.judging.then(() => this.finish(job, recorded));
    this.judging = judged;
    return judged;
  }

  private async start(runner: PackRunner): Promise<{ pack: PackProcess; policyConfig?: RuleConfigs } | undefined> {
    try {
      const file = this.options.policyConfig;
      // What the caller can mend comes before what only the pack's process can say.
      const policyConfig = file === undefined ? undefined : await readPolicyConfig(file);
      const pack = await PackProcess.connect(runner);
      return { pack, ...(policyConfig === undefined ? {} : { policyConfig }) };
    } catch (cause) {
      if (cause instanceof UsageError) this.tell({ kind: "broken", problems: cause.problems });
      else this.tell({ kind: "fault", text: traceOf(cause) });
      return undefined;
    }
  }

  private async record(job: Job): Promise<{ judged: Judged; recordSeconds: number } | "returned"> {
    if (this.isSpent) return "returned";
    this.tell({ kind: "recording", id: job.id });
    const began = performance.now();
    try {
      const judged = job.file === undefined ? await this.recordStack(job.stack ?? "") : await this.readFile(job.file);
      return { judged, recordSeconds: (performance.now() - began) / 1000 };
    } catch (cause) {
      // A program that was never started leaves nothing behind; of any other nobody knows.
      const codes = cause instanceof UsageError ? cause.problems.map(({ code }) => code) : [];
      if (codes.length === 0 || codes.some((code) => code.startsWith("ASY-4"))) this.isSpent = job.file === undefined;
      throw cause;
    } finally {
      this.tell({ kind: "recorded", id: job.id });
    }
  }

  private async recordStack(stack: string): Promise<Judged> {
    const { rootDir, timeoutSeconds, programModule = require.resolve("../stacks/program") } = this.options;
    const { config } = await readStackConfig(rootDir, stack);
    const { project, resources } = await recordProgram({
      rootDir,
      stack,
      timeoutSeconds,
      program: () => (require(programModule) as Program).program({ rootDir }),
      stand: plausibleAws,
    });
    return { stack, project, config, resources, settings: await SettingsFiles.read(rootDir, stack) };
  }

  private async readFile(file: string): Promise<Judged> {
    const { rootDir } = this.options;
    const { stack, project, resources, lineOf } = await readStateFile(file);
    const shown = shownFile(rootDir, file);
    // A stack of another project, or one whose file is elsewhere, is judged as nobody has configured it.
    const settings = await SettingsFiles.read(rootDir, stack).catch(() => undefined);
    const isOurs = settings?.project === project;
    return {
      stack,
      project,
      config: isOurs ? (await readStackConfig(rootDir, stack)).config : {},
      resources,
      placeOf: (urn) => ({ file: shown, line: lineOf(urn), column: 1 }),
      ...(isOurs ? { settings } : {}),
    };
  }

  /** The file of waivers that the caller names stands over the stack's own. */
  private withWaivers(judged: Judged): Judged {
    const { waivers } = this.options;
    if (waivers === undefined) return judged;
    const setting = JSON.parse(judged.config[policiesKey] ?? "{}") as object;
    return { ...judged, config: { ...judged.config, [policiesKey]: JSON.stringify({ ...setting, waivers }) } };
  }

  private async finish(job: Job, recorded: ReturnType<WorkerStacks["record"]>): Promise<void> {
    try {
      const came = await recorded;
      if (came === "returned" || this.isPackGone) return this.tell({ kind: "returned", id: job.id });
      const started = await this.started;
      if (started === undefined) return;
      const began = performance.now();
      const judged = this.withWaivers(came.judged);
      const { resolved } = readPackConfiguration({
        rules,
        stack: judged.stack,
        config: judged.config,
        projectFolder: this.options.rootDir,
        ...(started.policyConfig === undefined ? {} : { policyConfig: started.policyConfig }),
      });
      const {
        failures,
        rules: told,
        ...result
      } = await judge(judged, resolved, started.pack, this.options.timeoutSeconds);
      if (!this.areRulesTold) this.tell({ kind: "rules", rules: rulesOf(told, knownRules) });
      this.areRulesTold = true;
      const judgeSeconds = (performance.now() - began) / 1000;
      this.tell({
        kind: "judged",
        id: job.id,
        verdict: {
          stack: came.judged.stack,
          ...(job.file === undefined ? {} : { file: shownFile(this.options.rootDir, job.file) }),
          ...result,
          seconds: { record: came.recordSeconds, judge: judgeSeconds },
        },
        problems: failures.map((failure) => ({ ...failure, at: `${failure.at} in stack ${came.judged.stack}` })),
        isSpent: this.isSpent,
      });
    } catch (cause) {
      if (!(cause instanceof UsageError)) return this.tell({ kind: "fault", text: traceOf(cause) });
      // A pack that broke off or hangs answers nobody any more.
      this.isPackGone ||= cause.problems.some(({ code }) => code === "ASY-404" || code === "ASY-421");
      this.isSpent ||= this.isPackGone;
      const problems = cause.problems.map((each) =>
        each.code === "ASY-421" ? { ...each, at: `${each.at} in stack ${job.stack ?? job.file}` } : each,
      );
      this.tell({ kind: "judged", id: job.id, problems, isSpent: this.isSpent });
    }
  }
}

/** Every rule there is: those of the pack, and those about waivers. */
const knownRules = [...rules, ...waiverRules(new WaiverLedger([], () => ""))];

/** @throws UsageError ASY-426 when the file cannot be read, ASY-405 to ASY-407 for what is in it */
async function readPolicyConfig(file: string): Promise<RuleConfigs> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new UsageError({ code: "ASY-426", at: file, got: cause.message, expected: "a file that can be read" });
  });
  return readPolicyConfigFile(text, file, configurableRules(rules));
}

function traceOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
