/** What a region or an endpoint is doing, in one word. */
export type Activity = "nothing" | "asleep" | "waking" | "awake" | "updating" | "failed";

/** `state.json`: the world at one moment. Times are ISO 8601 and virtual, the world's own, unless their name says wall. */
export interface StateView {
  readonly format: number;
  readonly run: string;
  readonly newestEvent: number;
  readonly time: string;
  readonly wallTime: string;
  readonly clock: string;
  readonly clockSpeed?: number;
  readonly regions: readonly RegionView[];
  readonly endpoints: readonly EndpointView[];
  readonly alarms: readonly AlarmView[];
  readonly requests: readonly RequestView[];
}

export interface RegionView {
  readonly region: string;
  readonly name: string;
  readonly activity: Activity;
  readonly endpoints: number;
  readonly instances: number;
  readonly backlog: number;
  readonly problems: number;
}

export interface EndpointView {
  readonly account: string;
  readonly region: string;
  readonly endpointName: string;
  readonly activity: Activity;
  readonly status: string;
  readonly failureReason?: string;
  readonly variantName: string;
  readonly instanceType?: string;
  readonly desired: number;
  readonly running: number;
  readonly inService: number;
  readonly min?: number;
  readonly max?: number;
  readonly backlog: number;
  readonly inFlight: number;
  readonly oldestAgeSeconds: number;
  readonly watchAlarms: number;
  readonly scalingAlarms: number;
  readonly problems: number;
}

export interface AlarmView {
  readonly account: string;
  readonly region: string;
  readonly alarmName: string;
  readonly endpointName?: string;
  readonly purpose: "watch" | "scaling";
  readonly since: string;
  readonly reason: string;
}

export interface RequestView {
  readonly account: string;
  readonly region: string;
  readonly endpointName: string;
  readonly inferenceId: string;
  readonly outcome: "waiting" | "running" | "completed" | "failed" | "expired";
  readonly acceptedAt?: string;
  readonly waitedSeconds?: number;
  readonly workedSeconds?: number;
  readonly totalSeconds?: number;
  readonly instanceId?: string;
  readonly location?: string;
  readonly reason?: string;
}

/** `history.json`: one endpoint over virtual time, as steps: each value holds until the next. Times in milliseconds since the Unix epoch. */
export interface HistoryView {
  readonly format: number;
  readonly run: string;
  readonly newestEvent: number;
  readonly account: string;
  readonly region: string;
  readonly endpointName: string;
  readonly nowMs: number;
  readonly desired: ReadonlyArray<readonly [atMs: number, value: number]>;
  readonly inService: ReadonlyArray<readonly [atMs: number, value: number]>;
  readonly backlog: ReadonlyArray<readonly [atMs: number, value: number]>;
  readonly scaling: readonly ScalingView[];
}

export interface ScalingView {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}
