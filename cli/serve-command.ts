import { writeFile } from "node:fs/promises";
import { type Rehearsal, startRehearsal } from "../rehearsal/rehearsal";
import { type Coverage, coverage } from "../rehearsal/wire/coverage";
import { readAssumptions } from "../rehearsal/world/assumptions";
import type { FaultPlan } from "../rehearsal/world/faults/schema";
import { clockModeFor } from "../rehearsal/world/speed";
import { readAccountFile } from "./account-file";
import { imageFolders, rootDir } from "./images";
import type { ExitCode } from "./main";
import type { ServeEvents } from "./serve-events";
import type { Terminal } from "./terminal";

export interface ServeOptions {
  readonly port: number;
  readonly images?: readonly string[];
  readonly account?: string;
  /** Tells what is played, and ends. */
  readonly coverage?: boolean;
  /** Events as JSON lines; with `coverage`, the operations as one document. */
  readonly json?: boolean;
  /** A file of what goes wrong. */
  readonly faults?: string;
  /** How fast time passes: fast, real, or virtual seconds per second. */
  readonly speed: string;
  /** A shell's command by image. */
  readonly container: Readonly<Record<string, string>>;
  /** Values by the name of an assumption. */
  readonly assume: Readonly<Record<string, string>>;
  /** Has docker run every other image, and none echo. */
  readonly docker?: boolean;
  /** A stack to deploy before anybody calls. */
  readonly deploy?: string;
  /** Where that stack's manifest goes. */
  readonly writeManifest?: string;
  /** The folder that keeps the world. */
  readonly state?: string;
}

/** `fleet serve`: a rehearsal for any AWS SDK, until it is interrupted. */
export async function serveCommand(options: ServeOptions, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const account = options.account === undefined ? undefined : await readAccountFile(options.account);
  const assumptions = readAssumptions(options.assume, "--assume");
  const clock = clockModeFor(options.speed, "--speed");
  const faults = options.faults === undefined ? undefined : await readFaults(options.faults);
  const rehearsal = await startRehearsal({
    assumptions,
    clock,
    ...(faults === undefined ? {} : { faults }),
    imageFolders: await imageFolders(options.images),
    port: options.coverage === true ? 0 : options.port,
    containers: options.container,
    echoesOthers: true,
    docker: options.docker === true && options.coverage !== true,
    ...(account === undefined ? {} : { account }),
    ...(options.state === undefined || options.coverage === true ? {} : { state: options.state }),
  });
  try {
    if (options.coverage === true) {
      terminal.out(coverageText(coverage(rehearsal.world), options.json === true));
      return 0;
    }
    const events = options.json === true ? openEvents(rehearsal, terminal) : undefined;
    const deployed =
      options.deploy === undefined ? [] : await deploy(options.deploy, rehearsal, options, terminal, events);
    if (events === undefined)
      terminal.out(
        [
          ...deployed,
          `AWS is played at ${rehearsal.url} (this machine only). Point any AWS SDK at it:`,
          `  AWS_ENDPOINT_URL=${rehearsal.url} AWS_ACCESS_KEY_ID=rehearsal AWS_SECRET_ACCESS_KEY=rehearsal AWS_REGION=eu-west-1`,
          `A Pulumi engine finds the stand-in provider with PULUMI_DEBUG_PROVIDERS=aws:${rehearsal.providerPort}`,
          `Watch it at ${rehearsal.pageUrl}`,
          rehearsal.state === undefined
            ? "Ctrl-C ends it and forgets everything."
            : `Ctrl-C ends it; all of it is kept in ${options.state}${rehearsal.state.lastMs === undefined ? "" : ", as what was there at the start"}.`,
        ].join("\n"),
      );
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
      void events?.readerGone.then(resolve);
    });
    await events?.end();
    for (const { what, occasions, struck } of rehearsal.faults.tallies()) {
      if (occasions > 0) terminal.log(`${what} struck ${struck} of ${occasions} times`);
    }
    return 0;
  } finally {
    await rehearsal.close();
  }
}

/** The schemas of faults take their time to load, and are seldom asked for. */
async function readFaults(path: string): Promise<FaultPlan> {
  const { readFaultsFile } = require("./faults-file") as typeof import("./faults-file");
  return readFaultsFile(path);
}

/** Loaded only when a machine reads along. */
function openEvents(rehearsal: Rehearsal, terminal: Terminal): ServeEvents {
  const { ServeEvents: Events } = require("./serve-events") as typeof import("./serve-events");
  return new Events(rehearsal, terminal);
}

function coverageText(services: readonly Coverage[], json: boolean): string {
  if (json) return JSON.stringify({ services }, null, 2);
  return services
    .map(({ service, played, notPlayed }) =>
      [
        `${service}: ${played.length} of ${played.length + notPlayed.length} operations played`,
        `  played: ${played.join(", ")}`,
        `  not played (answer NotImplemented): ${notPlayed.join(", ") || "none"}`,
      ].join("\n"),
    )
    .join("\n");
}

/** What is noted of a deployed stack beside a world that is kept. */
interface Deployed {
  readonly manifest: unknown;
  readonly resources: number;
  readonly atMs: number;
}

/** Deploys a stack, unless the world that was kept has it already. */
async function deploy(
  stack: string,
  rehearsal: Rehearsal,
  { writeManifest = "manifest.json" }: ServeOptions,
  terminal: Terminal,
  events: ServeEvents | undefined,
): Promise<string[]> {
  const { state, world } = rehearsal;
  const before = state?.note(`deployed/${stack}`) as Deployed | undefined;
  const make = async (): Promise<Deployed> => {
    const made = { ...(await makeStack(stack, rehearsal, terminal)), atMs: world.clock.now() };
    state?.putNote(`deployed/${stack}`, made);
    return made;
  };
  const { manifest, resources, atMs } =
    before ??
    (await (state === undefined ? make() : state.asOne(`Stack ${stack} is being deployed; try again.`, make)));
  await state?.keeper.flushed();
  await writeFile(writeManifest, `${JSON.stringify(manifest, null, 2)}\n`);
  events?.deployed(stack, resources, writeManifest);
  return [
    before === undefined
      ? `Stack ${stack} is deployed into it, ${resources} resources; its manifest is in ${writeManifest}:`
      : `Stack ${stack} is there since ${new Date(atMs).toISOString()}, ${resources} resources as they were deployed then; its manifest is in ${writeManifest}:`,
    `  npx fleet invoke PAYLOAD --rehearsal ${rehearsal.url} --manifest ${writeManifest}`,
  ];
}

/** Makes a stack's resources one by one, without an engine: there is nobody yet who would see a difference. */
async function makeStack(
  stack: string,
  rehearsal: Rehearsal,
  terminal: Terminal,
): Promise<{ readonly manifest: unknown; readonly resources: number }> {
  // The deploying half takes as long to load as the rehearsal itself, and is seldom asked for.
  const { EnginelessStack } = require("./rehearse/engineless-stack") as typeof import("./rehearse/engineless-stack");
  const { program } = require("../stacks/program") as typeof import("../stacks/program");
  const releaseTime = rehearsal.world.clock.demand();
  try {
    terminal.progress(`… deploying stack ${stack}`);
    const { outputs, resources } = await new EnginelessStack({
      world: rehearsal.world,
      stack,
      rootDir,
      program: () => program({ rootDir }),
    }).up();
    return { manifest: outputs.manifest, resources };
  } finally {
    releaseTime();
  }
}
