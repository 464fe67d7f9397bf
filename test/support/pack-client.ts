import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import * as grpc from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb.js";
import * as struct from "google-protobuf/google/protobuf/struct_pb.js";

/** What a pack said of a resource. */
export interface Said {
  readonly policy: string;
  readonly level: string;
  readonly message: string;
}

/** A resource as an engine hands it to a pack. */
export interface Asked {
  readonly type: string;
  readonly name: string;
  readonly props: object;
  /** The region of its provider. @default - no provider is told */
  readonly providerRegion?: string;
}

/** Levels and parameters by rule, as an engine hands them over once it has layered them. */
export type Configured = Readonly<Record<string, { readonly level: string; readonly parameters?: object }>>;

const levels = ["advisory", "mandatory", "disabled", "remediate"];

/** A policy pack in a process of its own, asked as an engine asks it, call by call. */
export class PackClient {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: InstanceType<typeof grpc.AnalyzerClient>,
    private readonly stack: string,
  ) {}

  /**
   * @param folder the pack's folder
   * @param project what paths in its configuration are relative to
   */
  static async start(folder: string, project: string, stack = "dev"): Promise<PackClient> {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ASYNC_FLEET_PROJECT: project },
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
      child.once("exit", (code) => reject(new Error(`exit code ${code}: ${said}`)));
    });
    return new PackClient(child, new grpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure()), stack);
  }

  configureStack(config: Readonly<Record<string, unknown>>): Promise<unknown> {
    const request = new messages.AnalyzerStackConfigureRequest();
    request.setStack(this.stack);
    for (const [key, value] of Object.entries(config))
      request.getConfigMap().set(key, typeof value === "string" ? value : JSON.stringify(value));
    return answered((done) => this.client.configureStack(request, done));
  }

  /** The rules' levels, and what an engine lays its own configuration over. */
  async describe(): Promise<{ levels: Record<string, string>; parameters: Record<string, unknown> }> {
    const info = await answered<messages.AnalyzerInfo>((done) => this.client.getAnalyzerInfo(new empty.Empty(), done));
    const parameters: Record<string, unknown> = {};
    info.getInitialconfigMap().forEach((config, name) => {
      const properties = config.getProperties()?.toJavaScript() ?? {};
      if (Object.keys(properties).length > 0) parameters[name] = properties;
    });
    const told = info.getPoliciesList().map((rule) => [rule.getName(), levels[rule.getEnforcementlevel()] ?? ""]);
    return { levels: Object.fromEntries(told), parameters };
  }

  configure(configured: Configured): Promise<unknown> {
    const request = new messages.ConfigureAnalyzerRequest();
    for (const [name, { level, parameters = {} }] of Object.entries(configured)) {
      const config = new messages.PolicyConfig();
      config.setEnforcementlevel(levels.indexOf(level) as never);
      config.setProperties(struct.Struct.fromJavaScript(parameters as never));
      request.getPolicyconfigMap().set(name, config);
    }
    return answered((done) => this.client.configure(request, done));
  }

  async analyze(asked: Asked): Promise<Said[]> {
    return saidIn(await answered((done) => this.client.analyze(this.request(asked), done)));
  }

  async analyzeStack(asked: readonly Asked[]): Promise<Said[]> {
    const request = new messages.AnalyzeStackRequest();
    request.setResourcesList(
      asked.map((each) => {
        const resource = new messages.AnalyzerResource();
        resource.setType(each.type);
        resource.setName(each.name);
        resource.setUrn(this.urn(each));
        resource.setOptions(options());
        resource.setProperties(struct.Struct.fromJavaScript(each.props as never));
        return resource;
      }),
    );
    return saidIn(await answered((done) => this.client.analyzeStack(request, done)));
  }

  /** What the pack made of a resource, by the rule that did; nothing when none mends it. */
  async remediate(asked: Asked): Promise<Record<string, unknown>> {
    const answer = await answered<messages.RemediateResponse>((done) =>
      this.client.remediate(this.request(asked), done),
    );
    return Object.fromEntries(
      answer.getRemediationsList().map((each) => [each.getPolicyname(), each.getProperties()?.toJavaScript()]),
    );
  }

  urn({ type, name }: Asked): string {
    return `urn:pulumi:${this.stack}::test::${type}::${name}`;
  }

  close(): void {
    this.client.close();
    this.child.kill();
  }

  private request(asked: Asked): messages.AnalyzeRequest {
    const request = new messages.AnalyzeRequest();
    request.setType(asked.type);
    request.setName(asked.name);
    request.setUrn(this.urn(asked));
    request.setOptions(options());
    request.setProperties(struct.Struct.fromJavaScript(asked.props as never));
    if (asked.providerRegion !== undefined) {
      const provider = new messages.AnalyzerProviderResource();
      provider.setType("pulumi:providers:aws");
      provider.setName("default");
      provider.setUrn(`urn:pulumi:${this.stack}::test::pulumi:providers:aws::default`);
      provider.setProperties(struct.Struct.fromJavaScript({ region: asked.providerRegion }));
      request.setProvider(provider);
    }
    return request;
  }
}

function options(): messages.AnalyzerResourceOptions {
  const made = new messages.AnalyzerResourceOptions();
  made.setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts());
  return made;
}

function saidIn(answer: messages.AnalyzeResponse): Said[] {
  return answer.getDiagnosticsList().map((each) => ({
    policy: each.getPolicyname(),
    level: levels[each.getEnforcementlevel()] ?? "",
    message: each.getMessage().replace(`${each.getDescription()}\n`, ""),
  }));
}

function answered<Answer>(
  start: (done: (error: ServiceError | null, answer: Answer) => void) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((error, answer) => (error === null ? resolve(answer) : reject(new Error(error.details || error.message))));
  });
}

export const packFolder = join(__dirname, "../../policies");
