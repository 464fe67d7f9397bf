import type { ContainerDefinition } from "@aws-sdk/client-sagemaker";
import type { Container } from "../../containers/container";
import { AwsError } from "../aws-error";
import type { Call } from "../call";
import { hasCapacity, untilCapacity } from "../faults/capacity";
import type { Pool } from "../faults/faults";
import type { World } from "../world";
import { HostMeter, type HostUse, type LifeUse } from "./host-use";
import { discardModel, downloadModel, modelFolder, modelSource } from "./model-download";

/** Why an instance did not come into service, in a sentence for FailureReason. */
export class InstanceFailed extends Error {}

export interface InstancePlan {
  readonly pool: Pool;
  /** How many of the pool's type run in its region, this one included if it does. */
  readonly taken: () => number;
  readonly asRole: Call;
  readonly container: ContainerDefinition;
  /** Whether the role has what starting needs. @throws AwsError */
  readonly checkRights: () => void;
  /** Time for the first healthy ping. */
  readonly startupSeconds: number;
  /** Of the instance type. @default - not known */
  readonly memoryBytes: number | undefined;
  /** `VolumeSizeInGB` @default - assumed */
  readonly volumeGb: number | undefined;
  readonly onLine: (instance: Instance, line: string) => void;
  /** Called when the container ended by itself, or was given up as unhealthy, while it was in service. */
  readonly onCrash: (instance: Instance, reason: string) => void;
  /** Called when nothing of it is left. */
  readonly onEnded: (instance: Instance) => void;
}

const pingTimeoutMs = 2000;
const realPingEveryMs = 40;

/**
 * One instance of a variant, from the wish for it to its end. It is paid for all that time.
 *
 * While its container boots the clock is held, because a starting process is real work; a container that is still not
 * healthy after `containerBootMs` of wall time is pinged once a virtual second until its time is up.
 */
export class Instance {
  readonly id: string;
  /** When it was wished for; with too little capacity, when it came. */
  wishedMs: number;
  endedMs: number | undefined;
  state: "starting" | "inService" | "draining" | "stopping" | "gone" = "starting";
  /** Whether it is given requests: an update shifts the traffic between healthy instances. */
  accepting = true;
  /** Requests it works on now. */
  inFlight = 0;
  container: Container | undefined;
  private readonly folder: string;
  private isLookedFor = false;
  private readonly meter: HostMeter;
  private failedPings = 0;
  private idle: (() => void) | undefined;
  private tellGone: () => void = () => {};
  private readonly whenLost = new Set<() => void>();
  /** Resolves when it has ended. */
  readonly gone = new Promise<void>((resolve) => {
    this.tellGone = resolve;
  });

  constructor(
    private readonly world: World,
    private readonly plan: InstancePlan,
  ) {
    this.id = `i-${world.ids.hex(17)}`;
    this.wishedMs = world.clock.now();
    this.folder = modelFolder(world, this.id);
    this.meter = new HostMeter(plan.memoryBytes, plan.volumeGb ?? world.assumed.volumeGb);
  }

  get pool(): Pool {
    return this.plan.pool;
  }

  /** True from the wish to the end, as long as there is an instance at all. */
  get paid(): boolean {
    return this.state !== "gone" && !this.isLookedFor;
  }

  /** Whether its container can be given a request. */
  get isWorking(): boolean {
    return this.state === "inService" || this.state === "draining";
  }

  /** @throws InstanceFailed */
  async start(): Promise<void> {
    const { clock, assumed } = this.world;
    if (!hasCapacity(this.world, this.pool, () => this.plan.taken() - 1)) await this.find();
    if (this.state !== "starting") return;
    await wait(this.world, assumed.instanceStartSeconds * 1000);
    if (this.state !== "starting") return;
    try {
      await clock.holding(() => this.boot());
      if (this.container !== undefined && this.state === "starting") await this.untilHealthy(this.container);
    } catch (cause) {
      await this.end();
      throw cause instanceof AwsError ? new InstanceFailed(cause.message) : cause;
    }
    if (this.state !== "starting") return;
    this.state = "inService";
    void this.container?.exited.then(() => {
      if (this.state === "inService" || this.state === "draining") this.giveUp("ended by itself");
    });
  }

  /** Ends it from one moment to the next, with what it works on. */
  lose(): void {
    if (this.state !== "inService" && this.state !== "draining") return;
    for (const tell of this.whenLost) tell();
    this.giveUp("was lost");
  }

  /** Calls `tell` when the instance is lost, until the returned function is called. */
  onLoss(tell: () => void): () => void {
    this.whenLost.add(tell);
    return () => this.whenLost.delete(tell);
  }

  /** What it has used since the last minute; undefined where that cannot be measured. */
  async hostUse(): Promise<HostUse | undefined> {
    return this.container === undefined ? undefined : this.meter.look(this.container);
  }

  /** What it has used in its whole life; undefined where nothing has been measured. */
  get lifeUse(): LifeUse | undefined {
    return this.meter.lifeUse;
  }

  /** Asks an instance that has nothing to do for a sign of life, and gives it up when none came several times in a row. */
  async checkHealth(): Promise<void> {
    const { unhealthyAfterPings, busyHealth } = this.world.assumed;
    if (this.state !== "inService" || this.container === undefined) return;
    if (this.inFlight > 0 && busyHealth === "notAsked") return;
    this.failedPings = (await pingOnce(this.container)) ? 0 : this.failedPings + 1;
    if (this.failedPings >= unhealthyAfterPings && this.state === "inService") {
      this.giveUp(`answered ${unhealthyAfterPings} pings in a row without 200`);
    }
  }

  private giveUp(reason: string): void {
    this.state = "stopping";
    this.plan.onCrash(this, reason);
    void this.end();
  }

  /** Takes the instance away: SIGTERM, at most 30 seconds, SIGKILL. What it still works on fails. */
  async stop(): Promise<void> {
    if (this.state === "stopping" || this.state === "gone") return;
    this.state = "stopping";
    await this.world.clock.holding(() => this.stopContainer());
    await wait(this.world, this.world.assumed.instanceStopSeconds * 1000);
    await this.end();
  }

  /** Takes no new request and resolves when the running ones have ended. */
  async drain(): Promise<void> {
    if (this.state === "inService") this.state = "draining";
    if (this.inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.idle = resolve;
    });
  }

  /** After a connection broke: resolves once the container has answered a ping or is known to be gone, so that a dead one gets no other request. */
  async settled(): Promise<void> {
    const { container } = this;
    if (container === undefined || container.virtual === true) return;
    const givenUp = AbortSignal.timeout(pingTimeoutMs);
    const answers = await container.ping(givenUp).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await Promise.race([
      container.exited,
      new Promise<void>((resolve) => {
        if (givenUp.aborted) resolve();
        else givenUp.addEventListener("abort", () => resolve(), { once: true });
      }),
    ]);
  }

  /** Counts a request in and out. */
  occupied(by: 1 | -1): void {
    this.inFlight += by;
    if (this.inFlight === 0) this.idle?.();
  }

  private async find(): Promise<void> {
    this.isLookedFor = true;
    try {
      await untilCapacity(this.world, this.pool, this.plan.taken, () => this.state === "starting");
    } catch (cause) {
      await this.end();
      throw cause instanceof AwsError ? new InstanceFailed(cause.message) : cause;
    } finally {
      this.wishedMs = this.world.clock.now();
      this.isLookedFor = false;
    }
  }

  private async boot(): Promise<void> {
    this.plan.checkRights();
    const source = modelSource(this.plan.container);
    if (source !== undefined) {
      await downloadModel(this.world, this.plan.asRole, source, this.folder);
      await this.meter.weigh(this.folder);
    }
    const { memoryBytes } = this.plan;
    this.container = await this.world.containers
      .start({
        instanceId: this.id,
        image: this.plan.container.Image ?? "",
        region: this.plan.asRole.region,
        tellsRegion: this.world.assumed.platformVariables === "region",
        environment: this.plan.container.Environment ?? {},
        ...(source === undefined ? {} : { modelFolder: this.folder }),
        ...(memoryBytes === undefined ? {} : { memoryBytes }),
        onLine: (line) => this.plan.onLine(this, line),
      })
      .catch((cause: unknown) => {
        throw new InstanceFailed(
          `The primary container for the production variant could not be started: ${(cause as Error).message}`,
        );
      });
  }

  private async untilHealthy(container: Container): Promise<void> {
    const { clock } = this.world;
    const deadlineMs = clock.now() + this.plan.startupSeconds * 1000;
    let exited = false;
    void container.exited.then(() => {
      exited = true;
    });
    const ping = async (): Promise<boolean> => {
      if (exited) {
        throw new InstanceFailed(
          "The primary container for the production variant did not pass the ping health check: it exited. Please check CloudWatch logs for this endpoint.",
        );
      }
      return pingOnce(container);
    };
    const bootedBy = performance.now() + this.world.assumed.containerBootMs;
    const healthyAtOnce = await clock.holding(async () => {
      do {
        if (await ping()) return true;
        if (container.virtual === true) return false;
        await new Promise((resolve) => setTimeout(resolve, realPingEveryMs));
      } while (performance.now() < bootedBy && this.state === "starting");
      return false;
    });
    if (healthyAtOnce) return;
    while (this.state === "starting" && clock.now() < deadlineMs) {
      if (await clock.holding(ping)) return;
      await wait(this.world, 1000);
    }
    if (this.state === "starting") {
      throw new InstanceFailed(
        "The primary container for the production variant did not pass the ping health check. Please check CloudWatch logs for this endpoint.",
      );
    }
  }

  /** With a last look at what it has used. */
  private async stopContainer(): Promise<void> {
    if (this.container === undefined) return;
    await this.meter.look(this.container);
    await this.container.stop();
  }

  private async end(): Promise<void> {
    if (this.state === "gone") return;
    this.state = "gone";
    this.tellGone();
    this.endedMs = this.world.clock.now();
    await this.world.clock.holding(async () => {
      await this.stopContainer();
      await discardModel(this.folder);
    });
    this.plan.onEnded(this);
  }
}

function pingOnce(container: Container): Promise<boolean> {
  return container.ping(AbortSignal.timeout(pingTimeoutMs)).then(
    (status) => status === 200,
    () => false,
  );
}

/** Lets virtual time pass without asking for it: somebody else's demand moves the clock. */
export function wait(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => {
    world.clock.after(ms, resolve);
  });
}
