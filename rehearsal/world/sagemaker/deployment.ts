import type * as sdk from "@aws-sdk/client-sagemaker";
import type { Call } from "../call";
import type { World } from "../world";
import { type Instance, wait } from "./instance";

/** Why an update went back, in a sentence for FailureReason. */
export class RolledBack extends Error {}

/** The endpoint as its update sees it: instances come and go, the queue stays. */
export interface Fleets {
  /** The instances there were before. */
  readonly blue: readonly Instance[];
  /** How many the new configuration wants. */
  readonly count: number;
  /** Begins instances of the configuration the endpoint has now. */
  add(count: number): Instance[];
  /** Lets them end what they work on, then stops them. */
  retire(instances: readonly Instance[]): Promise<void>;
  /** Stops them at once. */
  discard(instances: readonly Instance[]): Promise<void>;
  /** Offers waiting requests to the instances that take work now. */
  dispatch(): void;
  /** The names of rollback alarms that are in ALARM. */
  alarmed(): Promise<readonly string[]>;
}

/**
 * One update of an endpoint under its deployment configuration: blue/green with all traffic at once, a canary or linear
 * steps, or rolling batches. Traffic of an asynchronous endpoint is its queue, so a fleet's share of the traffic is
 * played as the share of its instances that take work. Every wait is watched: an alarm that goes off, or the longest
 * time being over, sends the whole update back.
 */
export class Deployment {
  private readonly green: Instance[] = [];
  private blueLeft: Instance[];
  private readonly startedMs: number;

  constructor(
    private readonly world: World,
    private readonly config: sdk.DeploymentConfig | undefined,
    private readonly fleets: Fleets,
  ) {
    this.blueLeft = [...fleets.blue];
    this.startedMs = world.clock.now();
  }

  /** @throws InstanceFailed or RolledBack when it has to go back; `undo` then does */
  async run(): Promise<void> {
    const rolling = this.config?.RollingUpdatePolicy;
    if (rolling === undefined) await this.blueGreen(this.config?.BlueGreenUpdatePolicy);
    else await this.roll(rolling);
  }

  /** Gives all work back to the old fleet and ends the new one. The endpoint has its old configuration again. */
  async undo(): Promise<void> {
    const { blue, add, retire, discard, dispatch } = this.fleets;
    for (const instance of this.blueLeft) instance.accepting = true;
    for (const instance of this.green) instance.accepting = false;
    const missing = blue.length - this.blueLeft.length;
    const batch = sizeOf(this.config?.RollingUpdatePolicy?.RollbackMaximumBatchSize, blue.length) ?? missing;
    for (let left = missing; left > 0; left -= batch) {
      await Promise.all(add(Math.min(batch, left)).map((instance) => instance.start()));
      dispatch();
    }
    dispatch();
    await retire(this.green.filter(({ state }) => state === "inService"));
    await discard(this.green);
  }

  private async blueGreen(policy: sdk.BlueGreenUpdatePolicy | undefined): Promise<void> {
    const { blue, count, dispatch, retire } = this.fleets;
    const routing = policy?.TrafficRoutingConfiguration;
    await this.start(count, false);
    const steps = trafficSteps(routing, count);
    for (const [index, greens] of steps.entries()) {
      for (const instance of this.green.slice(0, greens)) instance.accepting = true;
      const blues = Math.ceil(blue.length * (1 - greens / count));
      for (const instance of blue.slice(blues)) instance.accepting = false;
      dispatch();
      const isLast = index === steps.length - 1;
      await this.bake((isLast ? policy?.TerminationWaitInSeconds : routing?.WaitIntervalInSeconds) ?? 0);
    }
    this.blueLeft = [];
    await retire(blue);
  }

  private async roll(policy: sdk.RollingUpdatePolicy): Promise<void> {
    const { count, dispatch, retire } = this.fleets;
    const batch = sizeOf(policy.MaximumBatchSize, count) ?? count;
    while (this.green.length < count) {
      await this.start(Math.min(batch, count - this.green.length), true);
      dispatch();
      await this.bake(policy.WaitIntervalInSeconds ?? 0);
      const going = this.green.length < count ? this.blueLeft.splice(0, batch) : this.blueLeft.splice(0);
      await retire(going);
    }
  }

  private async start(count: number, accepting: boolean): Promise<void> {
    const fresh = this.fleets.add(count);
    for (const instance of fresh) instance.accepting = accepting;
    this.green.push(...fresh);
    await Promise.all(fresh.map((instance) => instance.start()));
    this.checkTime();
  }

  /** Waits, and looks at the alarms all the while. */
  private async bake(seconds: number): Promise<void> {
    const untilMs = this.world.clock.now() + seconds * 1000;
    for (;;) {
      await this.checkAlarms();
      this.checkTime();
      const leftMs = untilMs - this.world.clock.now();
      if (leftMs <= 0) return;
      await wait(this.world, Math.min(this.world.assumed.rollbackAlarmSeconds * 1000, leftMs));
    }
  }

  private async checkAlarms(): Promise<void> {
    const names = await this.fleets.alarmed();
    if (names.length > 0) {
      throw new RolledBack(
        `The deployment was rolled back because of the CloudWatch alarm${names.length === 1 ? "" : "s"} ${names.join(", ")} in ALARM.`,
      );
    }
  }

  private checkTime(): void {
    const seconds = (this.config?.RollingUpdatePolicy ?? this.config?.BlueGreenUpdatePolicy)
      ?.MaximumExecutionTimeoutInSeconds;
    if (seconds === undefined || this.world.clock.now() <= this.startedMs + seconds * 1000) return;
    throw new RolledBack(`The deployment was rolled back because it took longer than ${seconds} seconds.`);
  }
}

/** The names of a deployment's rollback alarms that are in ALARM. */
export async function rollbackAlarmsInAlarm(
  world: World,
  asRole: Call,
  config: sdk.DeploymentConfig | undefined,
): Promise<string[]> {
  const alarms = config?.AutoRollbackConfiguration?.Alarms ?? [];
  if (alarms.length === 0) return [];
  const { MetricAlarms = [] } = await world.cloudwatch.describeAlarms(asRole, {
    AlarmNames: alarms.map(({ AlarmName }) => AlarmName ?? ""),
    StateValue: "ALARM",
  });
  return MetricAlarms.map(({ AlarmName }) => AlarmName ?? "");
}

/** How many new instances take work after each step. */
function trafficSteps(routing: sdk.TrafficRoutingConfig | undefined, count: number): number[] {
  if (routing?.Type === "CANARY") return [Math.min(count, sizeOf(routing.CanarySize, count) ?? count), count];
  if (routing?.Type !== "LINEAR") return [count];
  const step = sizeOf(routing.LinearStepSize, count) ?? count;
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => Math.min(count, step * (index + 1)));
}

function sizeOf(capacity: sdk.CapacitySize | undefined, count: number): number | undefined {
  if (capacity?.Value === undefined) return undefined;
  if (capacity.Type === "INSTANCE_COUNT") return capacity.Value;
  return Math.max(1, Math.floor((count * capacity.Value) / 100));
}
