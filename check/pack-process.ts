import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import * as grpc from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb.js";
import * as struct from "google-protobuf/google/protobuf/struct_pb.js";
import { UsageError } from "../contract/errors";
import type { RecordedResource } from "./record-program";

/** One thing a rule said. */
export interface Finding {
  readonly policy: string;
  /** `advisory`, `mandatory` */
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

export interface RuleInfo {
  readonly name: string;
  readonly displayName: string;
  readonly severity: string;
  readonly remediation: string;
}

export interface Verdicts {
  readonly findings: readonly Finding[];
  /** How often a rule said that a resource is not its affair. */
  readonly notApplicable: number;
}

interface Resource extends RecordedResource {
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

const levels = ["advisory", "mandatory", "disabled", "remediate"];
const severities = ["", "low", "medium", "high", "critical"];
const startMs = 20_000;

/** The real policy pack in a process of its own, asked over the protocol an engine asks it with. */
export class PackProcess {
  private constructor(
    private readonly client: InstanceType<typeof grpc.AnalyzerClient>,
    readonly rules: readonly RuleInfo[],
    private readonly said: readonly string[],
  ) {}

  /**
   * @param folder the pack's folder
   * @param signal ends the process, whether it has started or not
   * @throws UsageError ASY-404 when it does not start
   */
  static async start(folder: string, stack: string, project: string, signal: AbortSignal): Promise<PackProcess> {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PULUMI_PROJECT: project, PULUMI_STACK: stack, PULUMI_ROOT_DIRECTORY: join(folder, "..") },
    });
    const kill = (): void => void child.kill();
    signal.addEventListener("abort", kill, { once: true });
    // It would outlive this process: it does not look after its parent.
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    const said: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
    try {
      const port = await portOf(child, said);
      const client = new grpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
        "grpc.max_receive_message_length": -1,
      });
      const info = await call<messages.AnalyzerInfo>((done) => client.getAnalyzerInfo(new empty.Empty(), done), said);
      const rules = info.getPoliciesList().map((rule) => ({
        name: rule.getName(),
        displayName: rule.getDisplayname(),
        severity: severities[rule.getSeverity()] ?? "",
        remediation: rule.getRemediationSteps(),
      }));
      signal.addEventListener("abort", () => client.close(), { once: true });
      return new PackProcess(client, rules, said);
    } catch (cause) {
      child.kill();
      throw cause;
    }
  }

  /** Judges every resource alone, then all of them together. */
  async judge(resources: readonly Resource[]): Promise<Verdicts> {
    const findings: Finding[] = [];
    let notApplicable = 0;
    const take = (answer: messages.AnalyzeResponse, urn: string): void => {
      notApplicable += answer.getNotApplicableList?.().length ?? 0;
      for (const diagnostic of answer.getDiagnosticsList()) {
        findings.push({
          policy: diagnostic.getPolicyname(),
          level: levels[diagnostic.getEnforcementlevel()] ?? "",
          urn: diagnostic.getUrn() || urn,
          message: messageOf(diagnostic),
        });
      }
    };
    // All at once, so that the pack never waits for this process; the answers are read in the order of the resources.
    const answers = await Promise.all(
      resources.map((resource) =>
        call<messages.AnalyzeResponse>((done) => this.client.analyze(asAsked(resource), done), this.said),
      ),
    );
    for (const [index, answer] of answers.entries()) take(answer, resources[index]?.urn ?? "");
    const together = new messages.AnalyzeStackRequest();
    together.setResourcesList(resources.map(asAnalyzed));
    take(await call((done) => this.client.analyzeStack(together, done), this.said), "");
    return { findings, notApplicable };
  }
}

function asAsked(resource: Resource): messages.AnalyzeRequest {
  const request = new messages.AnalyzeRequest();
  request.setType(resource.type);
  request.setUrn(resource.urn);
  request.setName(resource.name);
  request.setOptions(noOptions());
  request.setProperties(struct.Struct.fromJavaScript(plain(resource.inputs)));
  return request;
}

function asAnalyzed(resource: Resource): messages.AnalyzerResource {
  const analyzed = new messages.AnalyzerResource();
  analyzed.setType(resource.type);
  analyzed.setUrn(resource.urn);
  analyzed.setName(resource.name);
  analyzed.setOptions(noOptions());
  analyzed.setProperties(struct.Struct.fromJavaScript(plain({ ...resource.inputs, ...resource.outputs })));
  for (const [property, urns] of Object.entries(resource.dependencies)) {
    const dependencies = new messages.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    analyzed.getPropertydependenciesMap().set(property, dependencies);
  }
  analyzed.setDependenciesList([...new Set(Object.values(resource.dependencies).flat())]);
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

function portOf(child: ChildProcess, said: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (got: string): void =>
      reject(
        new UsageError({
          code: "ASY-404",
          at: "policies/",
          got: [got, ...said.slice(0, 5)].join("\n            "),
          expected: "a policy pack that starts",
        }),
      );
    const timer = setTimeout(() => failed(`nothing within ${startMs / 1000} seconds`), startMs);
    child.stdout?.once("data", (chunk: Buffer) => {
      clearTimeout(timer);
      resolve(chunk.toString().trim());
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      failed(`it ended with exit code ${code}`);
    });
  });
}

function call<Answer>(
  start: (done: (error: ServiceError | null, answer: Answer) => void) => void,
  said: readonly string[],
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((error, answer) => {
      if (error === null) resolve(answer);
      else {
        reject(
          new UsageError({
            code: "ASY-404",
            at: "policies/",
            got: [error.details || error.message, ...said.slice(0, 5)].join("\n            "),
            expected: "an answer of the policy pack",
          }),
        );
      }
    });
  });
}
