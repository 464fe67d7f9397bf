import { readFile } from "node:fs/promises";
import { UsageError } from "../contract/errors";
import { configurableRules, readPackConfiguration } from "../policies/configuration/pack-configuration";
import { policiesKey, readPolicyConfigFile } from "../policies/configuration/read";
import type { RuleConfigs } from "../policies/configuration/rule-configs";
import { rules } from "../policies/rules";
import { WaiverLedger } from "../policies/waivers/ledger";
import { waiverRules } from "../policies/waivers/rules";
import { readStackConfig } from "../stacks/stack-config";
import type { PackRule } from "./analyzer-messages";
import { type Judged, resultOf, rulesOf } from "./judge";
import { PackProcess, type PackStack } from "./pack-process";
import type { PackRunner } from "./pack-runner";
import { type RecordedResource, recordProgram } from "./record-program";
import { SettingsFiles } from "./settings-files";
import { StackQuestions } from "./stack-questions";
import { plausibleAws } from "./stand-in";
import { readStateFile, shownFile } from "./state-file";
import type { FromWorker, Job, WorkerOptions } from "./worker-protocol";

interface Program {
  program(options: { readonly rootDir: string }): Promise<Record<string, unknown>>;
}

/** All that is known of a stack before its resources are. */
type About = Omit<Judged, "resources">;

/** What the pack was told of a stack, and what it then said of its rules. */
interface Begun {
  readonly settings: PackStack["rules"];
  readonly rules: readonly PackRule[];
}

/** A stack that the pack is being asked about. */
interface Asking {
  readonly about: About;
  readonly questions: StackQuestions;
  /** Undefined when nothing can be judged, which has been told then. */
  readonly begun: Promise<Begun | undefined>;
}

interface Recorded extends Asking {
  readonly resources: readonly RecordedResource[];
  readonly recordSeconds: number;
}

/**
 * The stacks of one worker: recorded one after the other, each judged from its first resource on, or as soon as the pack
 * has judged the stack before.
 */
export class WorkerStacks {
  private readonly started: ReturnType<WorkerStacks["start"]>;
  private areRulesTold = false;
  private recording: Promise<unknown> = Promise.resolve();
  private judging: Promise<unknown> = Promise.resolve();
  /** By job; what a program that failed left unanswered must not reach into the next stack. */
  private readonly asked = new Map<number, StackQuestions>();
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
    const before = this.judging;
    const recorded = this.recording.then(() => this.record(job, before));
    this.recording = recorded.catch(() => undefined);
    // One at a time in the pack too: it knows one stack, and what it was asked must not wait behind another's.
    const judged = before.then(() => this.finish(job, recorded));
    this.judging = judged.finally(() => this.asked.get(job.id)?.close());
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

  private async record(job: Job, before: Promise<unknown>): Promise<Recorded | "returned"> {
    if (this.isSpent) return "returned";
    this.tell({ kind: "recording", id: job.id });
    const began = performance.now();
    try {
      const { asking, resources } =
        job.file === undefined
          ? await this.recordStack(job, job.stack ?? "", before)
          : await this.readFile(job, job.file, before);
      return { ...asking, resources, recordSeconds: (performance.now() - began) / 1000 };
    } catch (cause) {
      // A program that was never started leaves nothing behind; of any other nobody knows.
      const codes = cause instanceof UsageError ? cause.problems.map(({ code }) => code) : [];
      if (codes.length === 0 || codes.some((code) => code.startsWith("ASY-4"))) this.isSpent = job.file === undefined;
      throw cause;
    } finally {
      this.tell({ kind: "recorded", id: job.id });
    }
  }

  private async recordStack(job: Job, stack: string, before: Promise<unknown>) {
    const { rootDir, timeoutSeconds, programModule = require.resolve("../stacks/program") } = this.options;
    const { config, project } = await readStackConfig(rootDir, stack);
    const settings = await SettingsFiles.read(rootDir, stack);
    const asking = this.ask(job, { stack, project, config, settings }, before);
    const { resources } = await recordProgram({
      rootDir,
      stack,
      timeoutSeconds,
      program: () => (require(programModule) as Program).program({ rootDir }),
      stand: plausibleAws,
      onResource: (resource) => asking.questions.add(resource),
    });
    return { asking, resources };
  }

  private async readFile(job: Job, file: string, before: Promise<unknown>) {
    const { rootDir } = this.options;
    const { stack, project, resources, lineOf } = await readStateFile(file);
    const shown = shownFile(rootDir, file);
    // A stack of another project, or one whose file is elsewhere, is judged as nobody has configured it.
    const settings = await SettingsFiles.read(rootDir, stack).catch(() => undefined);
    const isOurs = settings?.project === project;
    const about: About = {
      stack,
      project,
      config: isOurs ? (await readStackConfig(rootDir, stack)).config : {},
      placeOf: (urn) => ({ file: shown, line: lineOf(urn), column: 1 }),
      ...(isOurs ? { settings } : {}),
    };
    const asking = this.ask(job, about, before);
    for (const resource of resources) asking.questions.add(resource);
    return { asking, resources };
  }

  /** Has the pack told of a stack once it has judged those before, and asked from then on. */
  private ask(job: Job, about: About, before: Promise<unknown>): Asking {
    const questions = new StackQuestions(this.options.timeoutSeconds);
    this.asked.set(job.id, questions);
    const begun = before.then(() => this.begin(about, questions));
    // Whoever waits for the verdict hears of it.
    begun.catch(() => undefined);
    return { about, questions, begun };
  }

  private async begin(about: About, questions: StackQuestions): Promise<Begun | undefined> {
    const started = await this.started;
    if (started === undefined || this.isPackGone) return undefined;
    const told = this.withWaivers(about);
    const { resolved } = readPackConfiguration({
      rules,
      stack: told.stack,
      config: told.config,
      projectFolder: this.options.rootDir,
      ...(started.policyConfig === undefined ? {} : { policyConfig: started.policyConfig }),
    });
    const said = await started.pack.begin({ ...told, rules: resolved });
    questions.open(started.pack);
    return { settings: resolved, rules: said };
  }

  /** The file of waivers that the caller names stands over the stack's own. */
  private withWaivers(about: About): About {
    const { waivers } = this.options;
    if (waivers === undefined) return about;
    const setting = JSON.parse(about.config[policiesKey] ?? "{}") as object;
    return { ...about, config: { ...about.config, [policiesKey]: JSON.stringify({ ...setting, waivers }) } };
  }

  private async finish(job: Job, recorded: Promise<Recorded | "returned">): Promise<void> {
    try {
      const came = await recorded;
      if (came === "returned" || this.isPackGone) return this.tell({ kind: "returned", id: job.id });
      const since = performance.now();
      const begun = await came.begun;
      if (begun === undefined) return;
      const verdicts = await came.questions.verdicts();
      const judged = { ...came.about, resources: came.resources };
      const { failures, ...result } = resultOf(judged, begun.settings, begun.rules, verdicts);
      if (!this.areRulesTold) this.tell({ kind: "rules", rules: rulesOf(begun.rules, knownRules) });
      this.areRulesTold = true;
      const { stack } = came.about;
      const total = came.recordSeconds + (performance.now() - since) / 1000;
      this.tell({
        kind: "judged",
        id: job.id,
        verdict: {
          stack,
          ...(job.file === undefined ? {} : { file: shownFile(this.options.rootDir, job.file) }),
          ...result,
          seconds: { record: came.recordSeconds, judge: came.questions.busySeconds, total },
        },
        problems: failures.map((failure) => ({ ...failure, at: `${failure.at} in stack ${stack}` })),
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
