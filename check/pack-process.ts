import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import * as grpc from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb.js";
import * as struct from "google-protobuf/google/protobuf/struct_pb.js";
import { type Problem, UsageError } from "../contract/errors";
import { type PackRunner, packProblem } from "./pack-runner";
import type { RecordedResource } from "./record-program";

/** One thing a rule said, as the pack tells it. */
export interface Diagnostic {
  readonly policy: string;
  /** `advisory`, `mandatory` */
  readonly level: string;
  readonly severity: string;
  /** Empty when the rule named no resource of the stack. */
  readonly urn: string;
  readonly message: string;
}

/** A rule as the pack tells of it, once it knows the stack. */
export interface PackRule {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly severity: string;
  readonly level: string;
  readonly fix: string;
}

/** The stack that is judged next, and how its rules are set. */
export interface PackStack {
  readonly stack: string;
  readonly project: string;
  /** Keys with their namespace, objects as JSON text. */
  readonly config: Readonly<Record<string, string>>;
  /** Level and parameters of every rule. */
  readonly rules: Readonly<
    Record<string, { readonly level: string; readonly parameters: Readonly<Record<string, unknown>> }>
  >;
}

export interface Verdicts {
  readonly diagnostics: readonly Diagnostic[];
  /** How often a rule said that a resource is not its affair. */
  readonly notApplicable: number;
  /** Rules that failed instead of judging: what is missing from the diagnostics. */
  readonly failures: readonly Problem[];
}

const askedAtOnce = 16;
const levels = ["advisory", "mandatory", "disabled", "remediate"];
const severities = ["", "low", "medium", "high", "critical"];

/** The real policy pack in a process of its own, asked over the protocol an engine asks it with. */
export class PackProcess {
  private constructor(
    private readonly client: InstanceType<typeof grpc.AnalyzerClient>,
    private readonly said: readonly string[],
  ) {}

  /** @throws UsageError ASY-404 when the pack does not start */
  static async connect(runner: PackRunner): Promise<PackProcess> {
    const client = new grpc.AnalyzerClient(`127.0.0.1:${await runner.port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
    });
    return new PackProcess(client, runner.said);
  }

  /**
   * Tells the pack which stack comes next, in the order an engine does: the stack and its configuration, the question
   * which rules there are, the level and parameters of each.
   *
   * @throws UsageError ASY-404 when the pack refuses
   */
  async begin({ stack, project, config, rules }: PackStack): Promise<readonly PackRule[]> {
    const about = new messages.AnalyzerStackConfigureRequest();
    about.setStack(stack);
    about.setProject(project);
    for (const [key, value] of Object.entries(config)) about.getConfigMap().set(key, value);
    const settings = new messages.ConfigureAnalyzerRequest();
    for (const [name, { level, parameters }] of Object.entries(rules)) {
      const setting = new messages.PolicyConfig();
      setting.setEnforcementlevel(levels.indexOf(level) as never);
      setting.setProperties(struct.Struct.fromJavaScript(plain(parameters)));
      settings.getPolicyconfigMap().set(name, setting);
    }
    await this.asked((done) => this.client.configureStack(about, done));
    const info = await this.asked<messages.AnalyzerInfo>((done) =>
      this.client.getAnalyzerInfo(new empty.Empty(), done),
    );
    await this.asked((done) => this.client.configure(settings, done));
    return info.getPoliciesList().map(ruleOf);
  }

  /**
   * Judges every resource alone, then all of them together.
   *
   * @throws UsageError ASY-404 when the pack breaks off, ASY-421 when it has not answered after `timeoutSeconds`
   */
  async judge(resources: readonly RecordedResource[], timeoutSeconds: number): Promise<Verdicts> {
    const diagnostics: Diagnostic[] = [];
    const failures = new Failures();
    let notApplicable = 0;
    const take = (answer: messages.AnalyzeResponse | undefined, urn: string): void => {
      if (answer === undefined) return;
      notApplicable += answer.getNotApplicableList().length;
      for (const diagnostic of answer.getDiagnosticsList()) {
        diagnostics.push({
          policy: diagnostic.getPolicyname(),
          level: levels[diagnostic.getEnforcementlevel()] ?? "",
          severity: severities[diagnostic.getSeverity()] ?? "",
          urn: diagnostic.getUrn() || urn,
          message: messageOf(diagnostic),
        });
      }
    };
    const deadline = Date.now() + timeoutSeconds * 1000;
    const ask = (urn: string, start: (done: Answered<messages.AnalyzeResponse>) => void) =>
      call(start, this.said).catch((cause: unknown) => failures.take(cause, urn, timeoutSeconds));
    // Several at once, so that the pack never waits for this process, but no more: each costs memory on both sides.
    const answers: Array<messages.AnalyzeResponse | undefined> = [];
    const waiting = resources.entries();
    const askInTurn = async (): Promise<void> => {
      for (const [index, resource] of waiting) {
        answers[index] = await ask(resource.urn, (done) =>
          this.client.analyze(asAsked(resource), new Metadata(), { deadline }, done),
        );
      }
    };
    await Promise.all(Array.from({ length: askedAtOnce }, askInTurn));
    // The answers are read in the order of the resources.
    for (const [index, answer] of answers.entries()) take(answer, resources[index]?.urn ?? "");
    const together = new messages.AnalyzeStackRequest();
    together.setResourcesList(resources.map(asAnalyzed));
    take(await ask("", (done) => this.client.analyzeStack(together, new Metadata(), { deadline }, done)), "");
    return { diagnostics, notApplicable, failures: failures.problems };
  }

  private asked<Answer>(start: (done: Answered<Answer>) => void): Promise<Answer> {
    return call(start, this.said).catch((cause: unknown) => {
      if (!(cause instanceof CallFailed)) throw cause;
      throw packProblem(cause.message, "an answer of the policy pack", this.said);
    });
  }
}

/** A call that the pack answered with an error. */
class CallFailed extends Error {
  constructor(
    readonly error: ServiceError,
    readonly said: readonly string[],
  ) {
    super(error.details || error.message);
  }
}

/** Rules that failed, each told once however many resources it failed on. */
class Failures {
  private readonly byText = new Map<string, { readonly problem: Problem; times: number }>();

  take(cause: unknown, urn: string, timeoutSeconds: number): undefined {
    if (!(cause instanceof CallFailed)) throw cause;
    const { error, said } = cause;
    if (error.code === status.DEADLINE_EXCEEDED) {
      throw new UsageError({
        code: "ASY-421",
        at: "policies/",
        got: `no answer within ${timeoutSeconds} seconds`,
        expected: "rules that end",
      });
    }
    const thrown = /^Error validating (?:resource|stack)? ?with policy '([^']+)'[^:]*:?\s*([\s\S]*)$/.exec(
      error.details,
    );
    if (thrown === null) throw packProblem(error.details || error.message, "an answer of the policy pack", said);
    const [, rule = "", trace = ""] = thrown;
    const got =
      trace
        .split("\n")
        .find((line) => line.trim() !== "")
        ?.trim() ?? "it threw";
    const known = this.byText.get(`${rule} ${got}`);
    if (known !== undefined) known.times++;
    else {
      const problem = {
        code: "ASY-420" as const,
        at: `rule ${rule}${urn === "" ? "" : ` on ${urn}`}`,
        got,
        expected: "a verdict",
      };
      this.byText.set(`${rule} ${got}`, { problem, times: 1 });
    }
    return undefined;
  }

  get problems(): readonly Problem[] {
    return [...this.byText.values()].map(({ problem, times }) =>
      times === 1 ? problem : { ...problem, at: `${problem.at} and ${times - 1} more` },
    );
  }
}

function ruleOf(rule: messages.PolicyInfo): PackRule {
  return {
    name: rule.getName(),
    displayName: rule.getDisplayname(),
    description: rule.getDescription(),
    severity: severities[rule.getSeverity()] ?? "",
    level: levels[rule.getEnforcementlevel()] ?? "",
    fix: rule.getRemediationSteps(),
  };
}

function asAsked(resource: RecordedResource): messages.AnalyzeRequest {
  const request = new messages.AnalyzeRequest();
  request.setType(resource.type);
  request.setUrn(resource.urn);
  request.setName(resource.name);
  request.setOptions(noOptions());
  request.setProperties(struct.Struct.fromJavaScript(plain(resource.inputs)));
  return request;
}

function asAnalyzed(resource: RecordedResource): messages.AnalyzerResource {
  const analyzed = new messages.AnalyzerResource();
  analyzed.setType(resource.type);
  analyzed.setUrn(resource.urn);
  analyzed.setName(resource.name);
  analyzed.setParent(resource.parent);
  analyzed.setOptions(noOptions());
  analyzed.setProperties(struct.Struct.fromJavaScript(plain({ ...resource.inputs, ...resource.outputs })));
  for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
    const dependencies = new messages.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    analyzed.getPropertydependenciesMap().set(property, dependencies);
  }
  analyzed.setDependenciesList([...resource.dependencies]);
  return analyzed;
}

/** The SDK insists on options, though no rule here looks at them. */
function noOptions(): messages.AnalyzerResourceOptions {
  const options = new messages.AnalyzerResourceOptions();
  options.setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts());
  return options;
}

/** As JSON would have it: protobuf's structures know no undefined. */
function plain(value: Readonly<Record<string, unknown>>): Record<string, never> {
  return JSON.parse(JSON.stringify(value)) as Record<string, never>;
}

/** The rule's description stands before its message, a line apart. */
function messageOf(diagnostic: messages.AnalyzeDiagnostic): string {
  const description = diagnostic.getDescription();
  const message = diagnostic.getMessage();
  return (message.startsWith(description) ? message.slice(description.length) : message).trim() || message;
}

type Answered<Answer> = (error: ServiceError | null, answer: Answer) => void;

function call<Answer>(start: (done: Answered<Answer>) => void, said: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((error, answer) => {
      if (error === null) resolve(answer);
      else reject(new CallFailed(error, said));
    });
  });
}
