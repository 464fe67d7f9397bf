import type { JournalEntry } from "../world/journal";
import type { RequestRecord } from "../world/sagemaker/request";
import type { World } from "../world/world";
import type { RequestView } from "./state-shapes";

type RequestEntry = Extract<JournalEntry, { kind: "request" }>;

const requestsShown = 60;
/** Entries looked through for requests: what lies further back is not "last". */
const entriesRead = 20_000;

/** The requests of which something was heard last, newest first, each with how long it waited and was worked on. */
export function lastRequests(world: World): RequestView[] {
  const { entries } = world.journal;
  const records = new Map(
    world.sagemaker
      .endpoints()
      .map(({ accountId, region, endpoint }) => [`${accountId}/${region}/${endpoint.name}`, endpoint.queue.records]),
  );
  const found = new Map<string, RequestView>();
  const until = Math.max(0, entries.length - entriesRead);
  for (let index = entries.length - 1; index >= until && found.size < requestsShown; index--) {
    const entry = entries[index];
    if (entry?.kind !== "request") continue;
    const place = `${entry.accountId}/${entry.region}/${entry.endpointName}`;
    const key = `${place}/${entry.inferenceId}`;
    if (found.has(key)) continue;
    found.set(key, viewOf(entry, records.get(place)?.get(entry.inferenceId), world.clock.now()));
  }
  return [...found.values()];
}

/** Of an endpoint that is gone there is no record, only the last that was heard. */
function viewOf(entry: RequestEntry, record: RequestRecord | undefined, nowMs: number): RequestView {
  const { accountId, region, endpointName, inferenceId, step } = entry;
  const { acceptedAtMs, startedAtMs, endedAtMs } = record ?? {};
  const reason = record?.reason ?? entry.reason;
  const location = record?.location ?? entry.location;
  const instanceId = record?.instanceId ?? entry.instanceId;
  return {
    account: accountId,
    region,
    endpointName,
    inferenceId,
    outcome: step === "accepted" || step === "again" ? "waiting" : step === "started" ? "running" : step,
    ...(acceptedAtMs === undefined ? {} : { acceptedAt: new Date(acceptedAtMs).toISOString() }),
    ...legs(acceptedAtMs, startedAtMs, endedAtMs, nowMs),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(location === undefined ? {} : { location }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Seconds of each leg; of one that is still under way, the seconds until now. */
export function legs(
  acceptedAtMs: number | undefined,
  startedAtMs: number | undefined,
  endedAtMs: number | undefined,
  nowMs: number,
): Pick<RequestView, "waitedSeconds" | "workedSeconds" | "totalSeconds"> {
  if (acceptedAtMs === undefined) return {};
  const untilMs = endedAtMs ?? nowMs;
  return {
    waitedSeconds: ((startedAtMs ?? untilMs) - acceptedAtMs) / 1000,
    ...(startedAtMs === undefined ? {} : { workedSeconds: (untilMs - startedAtMs) / 1000 }),
    totalSeconds: (untilMs - acceptedAtMs) / 1000,
  };
}
