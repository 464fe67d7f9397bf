import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb.js";
import { parse } from "yaml";
import type { Engine } from "./find-engine";

export interface PulumiUpOptions {
  readonly engine: Engine;
  readonly command: "preview" | "up" | "destroy";
  readonly stack: string;
  /** A project folder the engine may write to. */
  readonly projectFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The pack's launcher file. @default - no policies */
  readonly policyPack?: string;
  /** More of the engine's own arguments, e.g. `--json`. @default - none */
  readonly more?: readonly string[];
}

export interface PulumiUpResult {
  readonly exitCode: number | null;
  readonly output: string;
  /** From the start of the program to its end. */
  readonly programSeconds: number;
}

/** What the Node language host answers with when the program has told its user what is wrong. */
const toldTheUser = 32;

/**
 * Runs `pulumi preview|up` as a user's shell would, with the program in a process of its own behind the language runtime
 * protocol: the part of the official CLI that cannot be built from Go modules is played here, the program runner is
 * Pulumi's own (`@pulumi/pulumi/cmd/run`).
 */
export async function runPulumi(options: PulumiUpOptions): Promise<PulumiUpResult> {
  let programSeconds = 0;
  let engineAddress = "";
  const server = new grpc.Server();
  const emptyAnswer =
    <Answer>(answer: Answer) =>
    (_call: unknown, done: grpc.sendUnaryData<Answer>) =>
      done(null, answer);
  const implementation: Record<string, unknown> = {
    handshake: (
      call: { request: messages.LanguageHandshakeRequest },
      done: grpc.sendUnaryData<messages.LanguageHandshakeResponse>,
    ) => {
      engineAddress = call.request.getEngineAddress();
      done(null, new messages.LanguageHandshakeResponse());
    },
    getRequiredPlugins: emptyAnswer(new messages.GetRequiredPluginsResponse()),
    getRequiredPackages: emptyAnswer(new messages.GetRequiredPackagesResponse()),
    getPluginInfo: emptyAnswer(new plugin.PluginInfo()),
    cancel: emptyAnswer(new empty.Empty()),
    run: (call: { request: messages.RunRequest }, done: grpc.sendUnaryData<messages.RunResponse>) => {
      const began = performance.now();
      void runProgram(call.request, engineAddress, options).then((error) => {
        programSeconds = (performance.now() - began) / 1000;
        const answer = new messages.RunResponse();
        if (error === undefined) answer.setBail(true);
        else answer.setError(error);
        done(null, answer);
      });
    },
  };
  server.addService(services.LanguageRuntimeService, implementation as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  try {
    const { exitCode, output } = await runEngine(options, port);
    return { exitCode, output, programSeconds };
  } finally {
    server.forceShutdown();
  }
}

/** The program's error, an empty text for none, undefined when it has told its user itself. */
function runProgram(
  request: messages.RunRequest,
  engineAddress: string,
  options: PulumiUpOptions,
): Promise<string | undefined> {
  const folder = options.projectFolder;
  const runner = require.resolve("@pulumi/pulumi/cmd/run", { paths: [folder] });
  const project = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as {
    runtime?: { options?: { tsconfig?: string } };
  };
  const args = [
    runner,
    "--monitor",
    request.getMonitorAddress(),
    "--engine",
    engineAddress,
    "--organization",
    request.getOrganization(),
    "--project",
    request.getProject(),
    "--stack",
    request.getStack(),
    "--pwd",
    folder,
    "--root-directory",
    folder,
    "--parallel",
    String(request.getParallel()),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    ".",
  ];
  const config = Object.fromEntries(request.getConfigMap().toArray());
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        ...options.env,
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: "true",
        ...(project.runtime?.options?.tsconfig === undefined
          ? {}
          : { PULUMI_NODEJS_TSCONFIG_PATH: project.runtime.options.tsconfig }),
      },
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once("close", (code) =>
      resolve(code === 0 ? "" : code === toldTheUser ? undefined : `exit code ${code}: ${said.slice(0, 2000)}`),
    );
  });
}

function runEngine(options: PulumiUpOptions, port: number): Promise<{ exitCode: number | null; output: string }> {
  const args = [
    options.command,
    "--stack",
    options.stack,
    "--client",
    `127.0.0.1:${port}`,
    "--non-interactive",
    ...(options.command === "preview" ? [] : ["--yes"]),
    ...(options.policyPack === undefined || options.command === "destroy" ? [] : ["--policy-pack", options.policyPack]),
    ...(options.more ?? []),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(options.engine.path, args, {
      cwd: options.projectFolder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, output }));
  });
}
