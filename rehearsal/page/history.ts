import { administrator } from "../world/call";
import type { World } from "../world/world";
import { formatVersion } from "./event-lines";
import type { HistoryView, ScalingView } from "./state-shapes";

type Step = readonly [atMs: number, value: number];

/** More steps than a chart is pixels wide tell nothing. */
const stepsMax = 1200;
const scalingsMax = 200;

/**
 * An endpoint's instances and backlog as far back as the journal goes.
 *
 * @throws AwsError when there is no such endpoint
 */
export function historyOf(
  world: World,
  run: string,
  at: { readonly accountId: string; readonly region: string; readonly endpointName: string },
): HistoryView {
  const endpoint = world.sagemaker.endpoint({ ...at, principal: administrator }, at.endpointName);
  const desired: Step[] = [];
  const inService: Step[] = [];
  const backlog: Step[] = [];
  const scaling: ScalingView[] = [];
  let waiting = 0;
  for (const entry of world.journal.entries) {
    if (entry.region !== at.region || entry.accountId !== at.accountId) continue;
    // An endpoint of the same name that was deleted has a history of its own.
    if (entry.atMs < endpoint.createdMs) continue;
    if (entry.kind === "scaling" && entry.resourceId.split("/")[1] === at.endpointName) {
      scaling.push({ atMs: entry.atMs, from: entry.from, to: entry.to, cause: entry.cause });
    } else if (entry.kind === "instances" && entry.endpointName === at.endpointName) {
      desired.push([entry.atMs, entry.desired]);
      inService.push([entry.atMs, entry.inService]);
    } else if (entry.kind === "request" && entry.endpointName === at.endpointName && entry.step !== "started") {
      waiting += entry.step === "accepted" || entry.step === "again" ? 1 : -1;
      backlog.push([entry.atMs, waiting]);
    }
  }
  // Where the journal has lost its beginning, the count began too low by what was queued then.
  const before = endpoint.queue.backlog - waiting;
  const beganMs = Math.max(endpoint.createdMs, world.journal.entries[0]?.atMs ?? endpoint.createdMs);
  return {
    format: formatVersion,
    run,
    newestEvent: world.journal.newest,
    account: at.accountId,
    region: at.region,
    endpointName: at.endpointName,
    nowMs: world.clock.now(),
    desired: thin(desired, stepsMax),
    inService: thin(inService, stepsMax),
    backlog: thin([[beganMs, before], ...backlog.map(([atMs, value]): Step => [atMs, value + before])], stepsMax),
    scaling: scaling.slice(-scalingsMax),
  };
}

/**
 * The same steps as far as an eye can tell, at most `max` of them: of each slice of time the first, the lowest, the
 * highest and the last.
 */
export function thin(steps: readonly Step[], max: number): readonly Step[] {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined || steps.length <= max) return steps;
  const width = (last[0] - first[0] + 1) / Math.floor(max / 4);
  const slices = new Map<number, Step[]>();
  for (const step of steps) {
    const slice = Math.floor((step[0] - first[0]) / width);
    const kept = slices.get(slice);
    if (kept === undefined) slices.set(slice, [step]);
    else kept.push(step);
  }
  return [...slices.values()].flatMap((slice) => {
    const lowest = slice.reduce((low, step) => (step[1] < low[1] ? step : low));
    const highest = slice.reduce((high, step) => (step[1] > high[1] ? step : high));
    const kept = new Set([slice[0], lowest, highest, slice.at(-1)]);
    return slice.filter((step) => kept.has(step));
  });
}
