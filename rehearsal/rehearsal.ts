import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../contract/errors";
import { ChildContainers } from "./containers/child-containers";
import type { ContainerRuntime } from "./containers/container";
import { DockerContainers, type DockerOptions } from "./containers/docker-containers";
import { ImageStore } from "./containers/images";
import { LocalContainers } from "./containers/local-containers";
import { pagePath } from "./page/path";
import { startProvider } from "./provider/server";
import { StateFolder } from "./state/state-folder";
import { startWire } from "./wire/server";
import type { AccountConditions } from "./world/account";
import { type Assumed, readAssumptions } from "./world/assumptions";
import { Clock, type ClockMode } from "./world/clock";
import type { FaultTally } from "./world/faults/faults";
import type { FaultInput, FaultPlanInput } from "./world/faults/schema";
import { isLoopback } from "./world/sns/http-delivery";
import { clockModeFor, type Speed } from "./world/speed";
import { World } from "./world/world";

export interface RehearsalOptions {
  /** Folders that hold a `container.json`: the images that can be pulled. */
  readonly imageFolders: readonly string[];
  /** Images served by a command of a shell, by the image's URI or repository. @default - none */
  readonly containers?: Readonly<Record<string, string>>;
  /** Whether an image that nothing is known of is served by a container that echoes; not beside `docker`. @default false */
  readonly echoesOthers?: boolean;
  /**
   * Whether docker runs the images that have neither a folder nor a command, from what it has on this machine: nothing is
   * pulled, and an image that docker has not cannot be had. An object names another program than `docker`.
   *
   * @default false
   */
  readonly docker?: boolean | DockerOptions;
  /** How time passes, for a clock that is none of the speeds. @default - as `speed` says */
  readonly clock?: ClockMode;
  /**
   * How fast time passes: `fast` jumps over whatever is only waited for, `real` keeps the wall clock's pace, a number is
   * so many virtual seconds in one of the wall clock's.
   * @default "fast"
   */
  readonly speed?: Speed;
  /** What goes wrong, e.g. `{ seed: 7, faults: [{ what: "throttling", share: 0.2 }] }`. @default - nothing */
  readonly faults?: FaultPlanInput;
  /** Where the world's calendar begins, milliseconds since the Unix epoch. @default - the wall clock's time now */
  readonly startMs?: number;
  /** Loopback port for AWS SDK clients. @default - any free one */
  readonly port?: number;
  /** What is played although AWS does not document it, e.g. `{ instanceStartSeconds: 600 }`. @default - the values of the table `assumptions` */
  readonly assumptions?: Partial<Assumed>;
  /**
   * Which listener on this machine stands for an HTTPS subscriber, by the subscriber's URL, e.g.
   * `{ "https://hooks.example.com/results": "http://127.0.0.1:8080/" }`. @default - none: what is for them is recorded
   * in the journal and sent to nobody
   */
  readonly listeners?: Readonly<Record<string, string>>;
  /** What is true of the account before anything is deployed. @default - nothing stands in the way */
  readonly account?: AccountConditions;
  /**
   * A folder that keeps the world beyond the process: made where there is none, and read where there is. It is this
   * rehearsal's alone while that runs. @default - nothing is kept
   */
  readonly state?: string;
  /** The time that signatures are judged by, beside the world's; milliseconds since the Unix epoch. @default - this machine's */
  readonly wallNow?: () => number;
}

/** What goes wrong in a rehearsal, to be changed while it runs. */
export interface FaultControl {
  /**
   * Puts these in the place of those there were. Their times count from now, their generators begin anew.
   *
   * @param seed @default 1
   * @throws UsageError ASY-581 to ASY-584 with everything that is wrong; those there were then stay
   */
  set(faults: readonly FaultInput[], seed?: number): void;
  /** How often each of them fitted and struck until now, in their order. */
  tallies(): FaultTally[];
}

/** AWS played on this machine: a world with its two doors. */
export interface Rehearsal {
  readonly world: World;
  /** Where AWS SDK clients find it, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Where a browser on this machine sees what goes on, e.g. `http://127.0.0.1:40123/_rehearsal/`. */
  readonly pageUrl: string;
  /** Where a Pulumi engine finds the stand-in for the `aws` provider. */
  readonly providerPort: number;
  readonly faults: FaultControl;
  /** The folder that keeps the world, if one does. */
  readonly state: StateFolder | undefined;
  /** Ends everything it started: servers, containers, its temporary folder. What `state` keeps stays. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a rehearsal. It listens on 127.0.0.1 alone.
 *
 * @throws UsageError when a `container.json` is wrong, the port is taken, a listener is not on this machine (ASY-530),
 *   docker is asked for and does not answer (ASY-546), an assumption is none or cannot be as given (ASY-541, ASY-542), the
 *   folder for the state cannot be used (ASY-570 to ASY-573), a fault is wrong (ASY-581 to ASY-584), or the speed is none
 *   (ASY-585)
 */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const assumptions = readAssumptions(options.assumptions ?? {});
  for (const [subscriber, listener] of Object.entries(options.listeners ?? {})) checkListener(subscriber, listener);
  const clockMode = options.clock ?? clockModeFor(options.speed ?? "fast", "speed");
  const faults = options.faults === undefined ? undefined : parsedFaults(options.faults);
  const images = await ImageStore.fromFolders(options.imageFolders);
  for (const [image, command] of Object.entries(options.containers ?? {})) images.addCommand(image, command);
  if (options.echoesOthers === true && (options.docker ?? false) === false) images.echoOthers();
  const containers = await containersFor(images, options.docker ?? false);
  const state = options.state === undefined ? undefined : await StateFolder.open(options.state);
  const folder = state?.files ?? (await mkdtemp(join(tmpdir(), "async-fleet-rehearsal-")));
  const startMs = Math.max(options.startMs ?? Date.now(), state?.lastMs ?? 0);
  const clock = new Clock(clockMode, startMs);
  const world = new World({
    clock,
    folder,
    containers,
    assumptions,
    ...(options.listeners === undefined ? {} : { listeners: options.listeners }),
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(state === undefined ? {} : { keeper: state.keeper }),
  });
  if (faults !== undefined) world.faults.set(faults);
  // What ends because the rehearsal does must not be kept as if it had ended of itself.
  const keeping = { close: async () => state?.freeze() };
  const started: Array<{ close(): Promise<void> }> = [world, keeping];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      try {
        for (const part of started.reverse()) await part.close();
      } finally {
        if (state === undefined) await rm(folder, { recursive: true, force: true });
        else await state.close();
      }
    })();
    return closing;
  };
  try {
    await state?.restore(world);
    const wire = await startWire(world, {
      ...(options.port === undefined ? {} : { port: options.port }),
      ...(options.wallNow === undefined ? {} : { wallNow: options.wallNow }),
    });
    started.push(wire);
    const provider = await startProvider(world);
    started.push(provider);
    return {
      world,
      url: wire.url,
      pageUrl: `${wire.url}${pagePath}`,
      providerPort: provider.port,
      faults: controlOf(world),
      state,
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** The schemas of faults take as long to load as a small service, and are seldom asked for. */
function parsedFaults(plan: FaultPlanInput) {
  const { parseFaults } = require("./world/faults/parse") as typeof import("./world/faults/parse");
  return parseFaults(plan, "faults");
}

function controlOf({ faults }: World): FaultControl {
  return {
    set: (list, seed) => faults.set(parsedFaults({ faults: [...list], ...(seed === undefined ? {} : { seed }) })),
    tallies: () => faults.tallies(),
  };
}

async function containersFor(images: ImageStore, docker: boolean | DockerOptions): Promise<ContainerRuntime> {
  if (docker === false) return new ChildContainers(images);
  const run = await DockerContainers.open(docker === true ? {} : docker);
  return new LocalContainers(new ChildContainers(images), run);
}

/** A rehearsal never sends anything off this machine. */
function checkListener(subscriber: string, listener: string): void {
  if (isLoopback(listener)) return;
  throw new UsageError({
    code: "ASY-530",
    at: `the listener for ${subscriber}`,
    got: listener,
    expected: "an http URL on this machine, e.g. http://127.0.0.1:8080/",
  });
}
