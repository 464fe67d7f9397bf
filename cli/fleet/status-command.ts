import { setTimeout as pause } from "node:timers/promises";
import Table from "cli-table3";
import { type RegionStatus, statusOf } from "../../client/status";
import { UsageError } from "../../contract/errors";
import type { Manifest } from "../../contract/manifest";
import { awsAccess } from "../aws-options";
import type { ExitCode } from "../main";
import type { Terminal } from "../terminal";
import { readManifest } from "./manifest";
import type { FleetOptions } from "./options";

export interface StatusOptions extends FleetOptions {
  readonly watch?: boolean;
}

const everyMs = 15_000;
const regionsAtOnce = 8;

/** `fleet status`: every region at a glance. 1 when an alarm fires or an endpoint is not in service. */
export async function statusCommand(
  options: StatusOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const manifest = await readManifest(options);
  for (let isFirst = true; ; isFirst = false) {
    const states = await ask(manifest, options, terminal, signal);
    // Who watches has seen it answer, and wants to see when it does again.
    if (isFirst) refuseSilence(states);
    if (options.watch && process.stdout.isTTY) terminal.out("\u001b[2J\u001b[H");
    terminal.out(options.json ? JSON.stringify(states, null, options.watch ? 0 : 2) : render(states, terminal));
    if (!options.watch) return states.some(isTrouble) ? 1 : 0;
    await pause(everyMs, undefined, { signal });
  }
}

async function ask(
  manifest: Manifest,
  options: StatusOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RegionStatus[]> {
  const access = awsAccess(options);
  const regions = Object.values(manifest.regions);
  const states = new Map<string, RegionStatus>();
  const left = [...regions];
  const worker = async (): Promise<void> => {
    for (let region = left.shift(); region !== undefined; region = left.shift()) {
      signal.throwIfAborted();
      states.set(region.region, await statusOf(region, access));
      terminal.progress(`… ${states.size} of ${regions.length} regions asked`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(regionsAtOnce, regions.length) }, worker));
  return regions.flatMap(({ region }) => states.get(region) ?? []);
}

/** A table of question marks helps nobody. */
function refuseSilence(states: readonly RegionStatus[]): void {
  if (states.some(({ endpointStatus, alarms, failuresLastHour }) => endpointStatus ?? alarms ?? failuresLastHour))
    return;
  throw new UsageError({
    code: "ASY-627",
    at: "the fleet",
    got: states.map(({ region, unknown }) => `${region}: ${unknown[0]?.why ?? "nothing"}`).join("\n            "),
    expected: "a region that answers",
  });
}

/** An endpoint that cannot be asked is not known to be in service. */
function isTrouble({ alarms, endpointStatus }: RegionStatus): boolean {
  const steady = ["InService", "Updating", "SystemUpdating"];
  return (alarms?.length ?? 0) > 0 || !steady.includes(endpointStatus ?? "");
}

function render(states: readonly RegionStatus[], { colors }: Terminal): string {
  const table = new Table({
    head: ["region", "endpoint", "instances", "backlog", "oldest", "failed, 1 h", "alarms"],
    style: { head: [], border: [] },
  });
  const shown = (value: number | undefined): string => (value === undefined ? "?" : String(value));
  for (const state of states) {
    const { instances, instancesWanted, instancesMax, alarms } = state;
    const going = instancesWanted !== undefined && instancesWanted !== instances ? ` → ${instancesWanted}` : "";
    table.push([
      state.region,
      state.endpointStatus ?? "?",
      `${shown(instances)}${going} of ${instancesMax}`,
      shown(state.backlog),
      state.oldestRequestSeconds === undefined ? "?" : age(state.oldestRequestSeconds),
      shown(state.failuresLastHour),
      alarms === undefined
        ? "?"
        : alarms.length === 0
          ? colors.green("none")
          : colors.red(alarms.map(({ name, since }) => `${name} since ${since.slice(11, 16)}`).join("\n")),
    ]);
  }
  const reasons = new Set(
    states.flatMap(({ region, unknown }) => unknown.map(({ what, why }) => `${region}, ${what}: ${why}`)),
  );
  const failures = states.flatMap(({ region, failureReason }) =>
    failureReason === undefined ? [] : [`${region}, last change of the endpoint: ${failureReason}`],
  );
  return [table.toString(), ...[...failures, ...reasons].slice(0, 10)].join("\n");
}

function age(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min`;
}
