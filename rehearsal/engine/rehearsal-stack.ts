import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type EngineEvent, LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { UsageError } from "../../contract/errors";
import type { Engine } from "./find-engine";
import { offlineEnvironment } from "./offline-environment";

export interface StackOptions {
  readonly engine: Engine;
  /** Where the stand-in provider listens. */
  readonly providerPort: number;
  readonly stack: string;
  /** The folder of Pulumi.yaml. It is only read. */
  readonly rootDir: string;
  readonly program: PulumiFn;
  /** An existing folder for the engine's home, state and working copy; the caller removes it. */
  readonly folder: string;
  /** The pack's launcher file. @default - no policies */
  readonly policyPack?: string;
  /** A file for the engine's `--policy-pack-config`. @default - the stack's setting alone */
  readonly policyPackConfig?: string;
  /**
   * Writes the state only at the end of an operation, which is several times faster. What an interrupted run made is
   * then not in the state: for a world that ends with the run. @default true
   */
  readonly skipCheckpoints?: boolean;
  /** Ends the running operation. @default - it cannot be ended from outside */
  readonly signal?: AbortSignal;
  /** Told of each finished step. @default - nobody is told */
  readonly onStep?: (done: number, urn: string) => void;
}

/** What an operation did. */
export interface OperationResult {
  /** Steps by operation: `create`, `update`, `replace`, `delete`, `same`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly steps: ReadonlyArray<{ readonly op: string; readonly urn: string; readonly type: string }>;
  readonly violations: readonly Violation[];
  /** What the engine and the program warned of. */
  readonly warnings: readonly string[];
  readonly seconds: number;
}

export interface Violation {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

/** An operation that did not succeed: what the engine said, without its stack traces. */
export class OperationFailed extends UsageError {
  constructor(
    operation: string,
    readonly diagnostics: readonly string[],
    readonly violations: readonly Violation[],
    /** What the pack said, advice too. */
    readonly told: readonly Violation[] = violations,
  ) {
    super({
      code: "ASY-704",
      at: operation,
      got:
        [...violations.map(({ policy, message }) => `policy ${policy}: ${message}`), ...diagnostics].join(
          "\n            ",
        ) || "an error without a message",
      expected: `a ${operation} without errors`,
    });
  }
}

/** One stack on a real engine, deployed into the rehearsal. */
export class RehearsalStack {
  private constructor(
    private readonly stack: Stack,
    private readonly options: StackOptions,
    private readonly stackFile: string,
  ) {}

  /** Makes the stack in a working copy of the project's settings, so that nothing is written to the project itself. */
  static async open(options: StackOptions): Promise<RehearsalStack> {
    const workDir = join(options.folder, "work");
    await mkdir(workDir, { recursive: true });
    const project = parse(await readFile(join(options.rootDir, "Pulumi.yaml"), "utf8")) as {
      name: string;
      stackConfigDir?: string;
    };
    await cp(join(options.rootDir, "Pulumi.yaml"), join(workDir, "Pulumi.yaml"));
    const inProject = join(project.stackConfigDir ?? ".", `Pulumi.${options.stack}.yaml`);
    const stackFile = join(workDir, inProject);
    await mkdir(dirname(stackFile), { recursive: true });
    await cp(join(options.rootDir, inProject), stackFile);
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: options.stack, projectName: project.name, program: options.program },
      {
        workDir,
        pulumiCommand: await commandFor(options),
        envVars: {
          ...offlineEnvironment(options.folder, options.providerPort),
          // The working copy has the settings only: what the policy pack reads beside them stays in the project.
          ASYNC_FLEET_PROJECT: resolve(options.rootDir),
          ...(options.skipCheckpoints === false ? {} : { PULUMI_SKIP_CHECKPOINTS: "true" }),
        },
      },
    );
    return new RehearsalStack(stack, options, stackFile);
  }

  /** What `up` would do, judged by the policy pack. @throws OperationFailed */
  preview(): Promise<OperationResult> {
    return this.operate("preview", (onEvent) => this.stack.preview({ onEvent, ...this.packs(), ...this.abortable() }));
  }

  /**
   * Deploys. Look at a preview first: the engine's own `up` here asks nobody.
   *
   * @param options.refresh reads everything from AWS first, as `pulumi up --refresh` does @default false
   * @param options.replace URNs, with wildcards, of what is replaced in any case, as `--replace` does @default - none
   * @throws OperationFailed
   */
  up(options: { readonly refresh?: boolean; readonly replace?: string[] } = {}): Promise<OperationResult> {
    return this.operate("up", (onEvent) =>
      this.stack.up({ onEvent, ...options, ...this.packs(), ...this.abortable() }),
    );
  }

  /** @throws OperationFailed */
  destroy(): Promise<OperationResult> {
    return this.operate("destroy", (onEvent) => this.stack.destroy({ onEvent, ...this.abortable() }));
  }

  async outputs(): Promise<Record<string, unknown>> {
    const outputs = await this.stack.outputs();
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** The stack's state, as `pulumi stack export` writes it. */
  async exported(): Promise<string> {
    return JSON.stringify(await this.stack.exportStack(), null, 4);
  }

  /** Bytes of the stack's state. */
  async stateBytes(): Promise<number> {
    return Buffer.byteLength(JSON.stringify(await this.stack.exportStack()));
  }

  /** Changes the settings of the working copy: `change` gets the file's `config`. */
  async changeSettings(change: (config: Record<string, unknown>) => void): Promise<void> {
    const file = parse(await readFile(this.stackFile, "utf8")) as { config?: Record<string, unknown> };
    file.config ??= {};
    change(file.config);
    await writeFile(this.stackFile, stringify(file));
  }

  private packs() {
    const { policyPack, policyPackConfig } = this.options;
    if (policyPack === undefined) return {};
    return {
      policyPacks: [policyPack],
      ...(policyPackConfig === undefined ? {} : { policyPackConfigs: [policyPackConfig] }),
    };
  }

  private abortable() {
    return this.options.signal === undefined ? {} : { signal: this.options.signal };
  }

  private async operate(
    name: string,
    run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
  ): Promise<OperationResult> {
    const startedMs = performance.now();
    const counts: Record<string, number> = {};
    const steps: Array<OperationResult["steps"][number]> = [];
    const violations: Violation[] = [];
    const diagnostics: string[] = [];
    const warnings: string[] = [];
    const traceLimit = Error.stackTraceLimit;
    // Each registered resource captures a stack trace; thirty-one regions register more than a thousand.
    Error.stackTraceLimit = 0;
    const onEvent = (event: EngineEvent): void => {
      const metadata = event.resourcePreEvent?.metadata;
      if (metadata !== undefined && !metadata.type.startsWith("pulumi:providers:")) {
        counts[metadata.op] = (counts[metadata.op] ?? 0) + 1;
        steps.push({ op: metadata.op, urn: metadata.urn, type: metadata.type });
      }
      if (event.resOutputsEvent !== undefined) this.options.onStep?.(steps.length, event.resOutputsEvent.metadata.urn);
      if (event.policyEvent !== undefined) {
        const { policyName, enforcementLevel, resourceUrn, message } = event.policyEvent;
        violations.push({
          policy: policyName,
          level: enforcementLevel,
          urn: resourceUrn ?? "",
          message: plain(message),
        });
      }
      if (event.diagnosticEvent?.severity === "warning") warnings.push(plain(event.diagnosticEvent.message));
      if (event.diagnosticEvent?.severity === "error") diagnostics.push(plain(event.diagnosticEvent.message));
    };
    try {
      await run(onEvent);
      return { counts, steps, violations, warnings, seconds: (performance.now() - startedMs) / 1000 };
    } catch (cause) {
      this.options.signal?.throwIfAborted();
      const told =
        diagnostics.length > 0 || violations.length > 0 ? diagnostics : [plain(String((cause as Error).message))];
      throw new OperationFailed(
        name,
        told,
        violations.filter(({ level }) => level === "mandatory"),
        violations,
      );
    } finally {
      Error.stackTraceLimit = traceLimit;
    }
  }
}

/**
 * The engine as a command that an abort stops: the Automation API's own listens for an abort only once it has started,
 * so that one that came just before would be lost and the whole operation would run.
 */
async function commandFor({ engine, folder, signal }: StackOptions): Promise<PulumiCommand> {
  const command = await PulumiCommand.get({ root: await rootFor(engine.path, folder), skipVersionCheck: true });
  // The one method everything goes through; the published types leave it out, and the version is pinned.
  const internal = command as unknown as { run(...args: unknown[]): Promise<unknown> };
  const run = internal.run.bind(command);
  internal.run = async (...args) => {
    signal?.throwIfAborted();
    return run(...args);
  };
  return command;
}

/** The Automation API looks for `<root>/bin/pulumi`; an engine anywhere else is reached through a link. */
async function rootFor(path: string, folder: string): Promise<string> {
  const root = join(folder, "engine");
  await mkdir(join(root, "bin"), { recursive: true });
  await symlink(path, join(root, "bin", "pulumi"));
  return root;
}

/** The engine's text without its colour marks and with the stack frames cut. */
function plain(text: string): string {
  return text
    .replace(/<\{%[^%]*%\}>/g, "")
    .split("\n")
    .filter((line) => !/^\s+at .+(:\d+:\d+\)?|\(native\))$/.test(line))
    .join("\n")
    .trim();
}
