import * as pulumi from "@pulumi/pulumi";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";
import { type Problem, UsageError } from "../contract/errors";
import { readStackConfig, type StackConfig } from "../stacks/stack-config";
import { RecordingMonitor, type Registration } from "./recording-monitor";
import { Turns } from "./turns";

/** A resource as the program registered it. */
export interface RecordedResource extends Registration {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the resource would have once it existed. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface Recording {
  readonly project: string;
  readonly resources: readonly RecordedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What stands in for a provider while a program is recorded. */
export interface Stand {
  create(resource: {
    type: string;
    name: string;
    inputs: Record<string, unknown>;
  }): Promise<{ id: string; outputs: Record<string, unknown> }>;
  invoke(token: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export interface RecordOptions {
  /** The folder of Pulumi.yaml. */
  readonly rootDir: string;
  readonly stack: string;
  /** Runs the program once; what it resolves to are the stack's outputs. */
  readonly program: () => Promise<Record<string, unknown>>;
  readonly stand: Stand;
  /** @default 60 seconds */
  readonly timeoutSeconds?: number;
  /** Settings by their whole key that stand over the stack's own. @default - none */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Told of each resource as it is registered, in the order of the recording. @default - nobody is told */
  readonly onResource?: (resource: RecordedResource) => void;
}

/** How many resources are recorded before whoever is told of them can do something. */
const perTurn = 32;

/** Pulumi's own way to run a program beside others: everything its runtime keeps is new. Not in the published types. */
const { withLocalStorage } = state as unknown as { withLocalStorage<Value>(work: () => Value): Value };

/**
 * Runs a Pulumi program in this process without an engine and keeps everything it registers. What Pulumi's runtime keeps
 * is new for each program, so one may follow another; a program that failed may still be at work, and none should follow
 * it.
 *
 * @throws UsageError ASY-401 when the program fails, ASY-402 when it does not end, ASY-403 when it registers nothing,
 * ASY-422 when it registers two resources under one name
 */
export async function recordProgram(options: RecordOptions): Promise<Recording> {
  const config = await readStackConfig(options.rootDir, options.stack);
  return withLocalStorage(() => record(options, config));
}

async function record(options: RecordOptions, { project, stack, config }: StackConfig): Promise<Recording> {
  const resources: RecordedResource[] = [];
  const urns = new Set<string>();
  const turns = new Turns(perTurn);
  let fail: (cause: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  const guarded = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (cause) {
      fail(cause);
      throw cause;
    }
  };
  const asked: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs, custom }) => {
      const { registering } = monitor;
      return guarded(async () => {
        if (urns.has(registering.urn)) throw twice(stack, registering.urn);
        urns.add(registering.urn);
        const made = custom ? await options.stand.create({ type, name, inputs }) : { id: "", outputs: {} };
        const resource = { ...registering, type, name, custom: custom === true, inputs, outputs: made.outputs };
        resources.push(resource);
        if (options.onResource !== undefined) {
          options.onResource(resource);
          await turns.next();
        }
        return { id: made.id, state: { ...inputs, ...made.outputs } };
      });
    },
    call: ({ token, inputs }) => guarded(() => options.stand.invoke(token, inputs)),
  };
  const monitor = new RecordingMonitor(asked, project, stack);
  await pulumi.runtime.setMocks(asked, project, stack, false);
  setMockOptions(monitor, project, stack, false);
  pulumi.runtime.setAllConfig({ ...config, ...options.overrides });

  const onUnhandled = (cause: unknown): void => fail(cause);
  process.on("unhandledRejection", onUnhandled);
  const traceLimit = Error.stackTraceLimit;
  // Pulumi captures a stack trace for each resource; a thousand of them cost more than the program.
  Error.stackTraceLimit = 0;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const seconds = options.timeoutSeconds ?? 60;
    timer = setTimeout(
      () =>
        reject(
          new UsageError({
            code: "ASY-402",
            at: `stack ${stack}`,
            got: `still running after ${seconds} seconds`,
            expected: "a program that ends",
          }),
        ),
      seconds * 1000,
    );
  });
  try {
    const outputs = await Promise.race([runToEnd(options.program), failed, late]);
    if (!resources.some(({ custom }) => custom)) {
      throw new UsageError({
        code: "ASY-403",
        at: `stack ${stack}`,
        got: "no resource",
        expected: "a program that registers resources",
      });
    }
    return { project, resources, outputs };
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const { problems } = cause as { problems?: readonly Problem[] };
    if (problems !== undefined) throw new UsageError(problems);
    throw new UsageError({
      code: "ASY-401",
      at: `stack ${stack}`,
      got: messageOf(cause),
      expected: "a program that runs to its end",
    });
  } finally {
    clearTimeout(timer);
    Error.stackTraceLimit = traceLimit;
    process.off("unhandledRejection", onUnhandled);
  }
}

async function runToEnd(program: RecordOptions["program"]): Promise<Record<string, unknown>> {
  const outputs = await program();
  const values: Record<string, unknown> = {};
  for (const [name, output] of Object.entries(outputs)) {
    values[name] = await new Promise((resolve) => {
      (pulumi.output(output) as pulumi.Output<unknown>).apply(resolve);
    });
  }
  // Everything registered has been answered once the runtime has nothing under way.
  await pulumi.runtime.disconnect();
  return values;
}

function twice(stack: string, urn: string): UsageError {
  return new UsageError({
    code: "ASY-422",
    at: `stack ${stack}`,
    got: `${urn} twice`,
    expected: "a name for each resource of a type",
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
