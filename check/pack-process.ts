import { credentials, Metadata } from "@grpc/grpc-js";
import * as grpc from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb.js";
import { asAnalyzed, asAsked, asSetting, type PackRule, ruleOf } from "./analyzer-messages";
import { type Answered, CallFailed, call } from "./pack-call";
import { type PackRunner, packProblem } from "./pack-runner";
import type { RecordedResource } from "./record-program";
import type { Asked } from "./stack-questions";

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

/** The real policy pack in a process of its own, asked over the protocol an engine asks it with. */
export class PackProcess implements Asked {
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
    for (const [name, { level, parameters }] of Object.entries(rules))
      settings.getPolicyconfigMap().set(name, asSetting(level, parameters));
    await this.asked((done) => this.client.configureStack(about, done));
    const info = await this.asked<messages.AnalyzerInfo>((done) =>
      this.client.getAnalyzerInfo(new empty.Empty(), done),
    );
    await this.asked((done) => this.client.configure(settings, done));
    return info.getPoliciesList().map(ruleOf);
  }

  analyze(resource: RecordedResource, deadline: number): Promise<messages.AnalyzeResponse> {
    return call((done) => this.client.analyze(asAsked(resource), new Metadata(), { deadline }, done), this.said);
  }

  analyzeStack(resources: readonly RecordedResource[], deadline: number): Promise<messages.AnalyzeResponse> {
    const together = new messages.AnalyzeStackRequest();
    together.setResourcesList(resources.map(asAnalyzed));
    return call((done) => this.client.analyzeStack(together, new Metadata(), { deadline }, done), this.said);
  }

  private asked<Answer>(start: (done: Answered<Answer>) => void): Promise<Answer> {
    return call(start, this.said).catch((cause: unknown) => {
      if (!(cause instanceof CallFailed)) throw cause;
      throw packProblem(cause.message, "an answer of the policy pack", this.said);
    });
  }
}
