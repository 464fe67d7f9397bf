import { regions as everyRegion, supportedRegions } from "../../contract/regions";
import { administrator, type Call } from "../world/call";
import type { AlarmState } from "../world/cloudwatch/alarm";
import { isScalingPolicy } from "../world/cloudwatch/alarm-shapes";
import type { Endpoint } from "../world/sagemaker/endpoint";
import type { World } from "../world/world";
import { formatVersion } from "./event-lines";
import { lastRequests } from "./requests";
import type { Activity, AlarmView, EndpointView, RegionView, StateView } from "./state-shapes";

/** The worst first: a region is what the worst of its endpoints is. */
const worstFirst: readonly Activity[] = ["failed", "updating", "waking", "awake", "asleep", "nothing"];

/** The world now: regions, endpoints, the alarms in ALARM and the last requests. */
export async function stateOf(world: World, run: string): Promise<StateView> {
  const alarms = alarmsInAlarm(world);
  const bounds = await boundsOf(world);
  const endpoints = world.sagemaker.endpoints().map(({ accountId, region, endpoint }): EndpointView => {
    const own = alarms.filter(
      (each) => each.account === accountId && each.region === region && each.endpointName === endpoint.name,
    );
    const watchAlarms = own.filter(({ purpose }) => purpose === "watch").length;
    const instanceType = endpoint.blueprint.variant.InstanceType;
    return {
      account: accountId,
      region,
      endpointName: endpoint.name,
      activity: activityOf(endpoint),
      status: endpoint.status ?? "",
      ...(endpoint.failureReason === undefined ? {} : { failureReason: endpoint.failureReason }),
      variantName: endpoint.variantName,
      ...(instanceType === undefined ? {} : { instanceType }),
      desired: endpoint.desired,
      running: endpoint.paid,
      inService: endpoint.inService.length,
      ...bounds.get(`${accountId}/${region}/${endpoint.name}`),
      backlog: endpoint.queue.backlog,
      inFlight: endpoint.inService.reduce((sum, { inFlight }) => sum + inFlight, 0),
      oldestAgeSeconds: endpoint.queue.oldestAgeSeconds,
      watchAlarms,
      scalingAlarms: own.length - watchAlarms,
      problems: watchAlarms + (endpoint.failureReason === undefined ? 0 : 1),
    };
  });
  const { mode } = world.clock;
  return {
    format: formatVersion,
    run,
    newestEvent: world.journal.newest,
    time: new Date(world.clock.now()).toISOString(),
    wallTime: new Date().toISOString(),
    clock: mode.kind,
    ...(mode.kind === "paced" ? { clockSpeed: mode.speed } : {}),
    regions: regionsOf(endpoints, alarms),
    endpoints,
    alarms,
    requests: lastRequests(world),
  };
}

/** What an endpoint is doing. One that scales has the status Updating too, and is told by its instances. */
export function activityOf({
  status,
  inService,
  desired,
  isMoving,
}: Pick<Endpoint, "status" | "desired" | "isMoving"> & { readonly inService: { readonly length: number } }): Activity {
  if (status === "Failed") return "failed";
  if (isMoving || (status !== "InService" && status !== "Updating")) return "updating";
  if (inService.length > 0) return "awake";
  return desired > 0 ? "waking" : "asleep";
}

/** Every supported region, and each other one in which there is something. */
function regionsOf(endpoints: readonly EndpointView[], alarms: readonly AlarmView[]): RegionView[] {
  const used = new Set([...endpoints, ...alarms].map(({ region }) => region));
  const known = everyRegion.map(({ code }) => code);
  const shown = known.filter((code) => supportedRegions.includes(code) || used.has(code));
  return [...shown, ...[...used].filter((code) => !known.includes(code)).sort()].map((region) => {
    const here = endpoints.filter((each) => each.region === region);
    const watching = alarms.filter((each) => each.region === region && each.purpose === "watch");
    const sum = (value: (each: EndpointView) => number): number => here.reduce((total, each) => total + value(each), 0);
    return {
      region,
      name: everyRegion.find(({ code }) => code === region)?.name ?? region,
      activity: worstFirst.find((activity) => here.some((each) => each.activity === activity)) ?? "nothing",
      endpoints: here.length,
      instances: sum(({ running }) => running),
      backlog: sum(({ backlog }) => backlog),
      problems: watching.length + here.filter(({ failureReason }) => failureReason !== undefined).length,
    };
  });
}

function alarmsInAlarm(world: World): AlarmView[] {
  return world.cloudwatch
    .alarms()
    .filter(({ alarm }) => alarm.state === "ALARM")
    .map(({ accountId, region, alarm }) => {
      const endpointName = alarm.input.Dimensions?.find(({ Name }) => Name === "EndpointName")?.Value;
      return {
        account: accountId,
        region,
        alarmName: alarm.input.AlarmName ?? "",
        ...(endpointName === undefined ? {} : { endpointName }),
        purpose: purposeOf(alarm),
        since: new Date(alarm.transitionedMs).toISOString(),
        reason: alarm.reason,
      };
    });
}

/** An alarm that does nothing but call scaling policies is how an endpoint scales, and no cause for worry. */
function purposeOf({ input }: AlarmState): AlarmView["purpose"] {
  const actions = input.AlarmActions ?? [];
  return actions.length > 0 && actions.every(isScalingPolicy) ? "scaling" : "watch";
}

/** Least and most instances of each endpoint that scales, by account, region and name. */
async function boundsOf(world: World): Promise<Map<string, { readonly min?: number; readonly max?: number }>> {
  const bounds = new Map<string, { min?: number; max?: number }>();
  const places = new Map(world.sagemaker.endpoints().map((each) => [`${each.accountId}/${each.region}`, each]));
  for (const [place, { accountId, region }] of places) {
    const call: Call = { accountId, region, principal: administrator };
    const { ScalableTargets = [] } = await world.applicationAutoScaling.describeScalableTargets(call, {
      ServiceNamespace: "sagemaker",
    });
    for (const { ResourceId = "", MinCapacity, MaxCapacity } of ScalableTargets)
      bounds.set(`${place}/${ResourceId.split("/")[1]}`, {
        ...(MinCapacity === undefined ? {} : { min: MinCapacity }),
        ...(MaxCapacity === undefined ? {} : { max: MaxCapacity }),
      });
  }
  return bounds;
}
