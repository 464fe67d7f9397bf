import type * as sdk from "@aws-sdk/client-sagemaker";
import { AwsError } from "../aws-error";
import { as, type Call } from "../call";
import { putMinute } from "../faults/minute-data";
import type { World } from "../world";
import { AsyncQueue } from "./async-queue";
import type { Blueprint, ConfigState } from "./blueprint";
import { Deployment, type Fleets, RolledBack, rollbackAlarmsInAlarm } from "./deployment";
import { EndpointLogs } from "./endpoint-logs";
import { EndpointMetrics } from "./endpoint-metrics";
import { Instance, InstanceFailed, type InstancePlan } from "./instance";
import { planOf } from "./instance-plan";
import { testTopics } from "./notices";

/**
 * One endpoint: its status, its instances and its queue. Changes run in the background, as at AWS: a call returns at
 * once and the status tells how it goes.
 */
export class Endpoint {
  status: sdk.EndpointStatus = "Creating";
  failureReason: string | undefined;
  /** How the last create or update was to be rolled out. */
  deploymentConfig: sdk.DeploymentConfig | undefined;
  modifiedMs: number;
  desired: number;
  /** What UpdateEndpointWeightsAndCapacities set in place of the configuration's weight. */
  weight: number | undefined;
  readonly queue: AsyncQueue;
  readonly metrics: EndpointMetrics;
  private instances: Instance[] = [];
  /** What an update moves away from, while it does. */
  leaving: { readonly blueprint: Blueprint; readonly desired: number } | undefined;
  /** Seconds of instances paid for by an earlier process. */
  earlierSeconds = 0;
  private readonly ended: Instance[] = [];
  private readonly call: Call;
  readonly logs: EndpointLogs;
  private releaseDemand: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly world: World,
    call: Call,
    readonly name: string,
    readonly arn: string,
    public blueprint: Blueprint,
    readonly createdMs: number,
    private readonly onGone: () => void,
  ) {
    this.call = { ...call, principal: { kind: "service", service: "sagemaker.amazonaws.com" } };
    this.modifiedMs = createdMs;
    this.desired = blueprint.variant.InitialInstanceCount ?? 1;
    this.metrics = new EndpointMetrics(name, this.variantName, world.assumed);
    this.queue = new AsyncQueue(world, this.call, this);
    this.logs = new EndpointLogs(world, this);
  }

  get variantName(): string {
    return this.blueprint.variant.VariantName ?? "";
  }

  get async(): sdk.AsyncInferenceConfig | undefined {
    return this.blueprint.config.input.AsyncInferenceConfig;
  }

  get concurrency(): number {
    return this.async?.ClientConfig?.MaxConcurrentInvocationsPerInstance ?? this.world.assumed.concurrencyPerInstance;
  }

  get asRole(): Call {
    return as(this.call, { kind: "role", roleArn: this.blueprint.model.input.ExecutionRoleArn ?? "" });
  }

  get inService(): Instance[] {
    return this.instances.filter(({ state }) => state === "inService");
  }

  /** Whether it is on its way to another configuration. */
  get isMoving(): boolean {
    return this.leaving !== undefined;
  }

  /** Instances that are paid for. */
  get paid(): number {
    return this.instances.filter((instance) => instance.paid).length;
  }

  /** Seconds of instances that have ended, each from the wish for it to its end, and since when the others are paid for. */
  get paidFor(): { readonly endedSeconds: number; readonly sinceMs: number[] } {
    const seconds = (sum: number, { wishedMs, endedMs = wishedMs }: Instance) => sum + (endedMs - wishedMs) / 1000;
    const all = [...this.ended, ...this.instances];
    const sinceMs = all.filter(({ endedMs }) => endedMs === undefined).map(({ wishedMs }) => wishedMs);
    return { endedSeconds: all.reduce(seconds, this.earlierSeconds), sinceMs };
  }

  /** Those of a type that are paid for. */
  paidOf(instanceType: string): number {
    return this.instances.filter(({ paid, pool }) => paid && pool.instanceType === instanceType).length;
  }

  /** Seconds of instances paid for until now. */
  get instanceSeconds(): number {
    const { endedSeconds, sinceMs } = this.paidFor;
    return sinceMs.reduce((sum, wishedMs) => sum + (this.world.clock.now() - wishedMs) / 1000, endedSeconds);
  }

  /** Begins the life of a new endpoint. */
  create(): void {
    this.inBackground("Creating", async () => {
      const started = this.add(this.desired);
      try {
        await Promise.all(started.map((instance) => instance.start()));
      } catch (cause) {
        await this.discard(started);
        this.desired = 0;
        this.settle("Failed", reasonOf(cause));
        return;
      }
      this.settle("InService");
      await this.testTopics();
    });
  }

  /** Moves to another configuration as the deployment configuration says; the queue stays. */
  update(blueprint: Blueprint, instances: number): void {
    const before = { blueprint: this.blueprint, desired: this.desired };
    this.inBackground("Updating", async () => {
      const deployment = new Deployment(this.world, this.deploymentConfig, this.fleets(instances));
      this.leaving = before;
      this.blueprint = blueprint;
      this.desired = instances;
      try {
        await deployment.run();
      } catch (cause) {
        Object.assign(this, before);
        this.tell("RollingBack");
        await deployment.undo();
        this.leaving = undefined;
        this.settle("InService", reasonOf(cause));
        this.replaceLost();
        return;
      }
      this.leaving = undefined;
      this.settle("InService");
      await this.testTopics();
    });
  }

  /** Whether it serves a configuration, or is on the way from it. */
  uses(config: ConfigState): boolean {
    return this.blueprint.config === config || this.leaving?.blueprint.config === config;
  }

  /**
   * Changes the number of instances. Idle ones go first; what a busy one works on fails when it is taken away.
   *
   * @param reason what is told of it when it succeeds @default - nothing
   */
  scale(desired: number, reason?: string): void {
    this.inBackground("Updating", async () => {
      const { assumed } = this.world;
      this.desired = desired;
      const alive = this.instances.filter(({ state }) => state === "inService" || state === "starting");
      const surplus = [...alive]
        .sort((left, right) => left.inFlight - right.inFlight)
        .slice(0, Math.max(0, alive.length - desired));
      const fresh = this.add(Math.max(0, desired - alive.length));
      const leaving = Promise.all(
        surplus.map(async (instance) => {
          const going = assumed.busyInstance === "drained" ? drainedThenStopped(instance) : instance.stop();
          this.noteInstances();
          await going;
          this.bury(instance);
        }),
      );
      const results = await Promise.allSettled(fresh.map((instance) => instance.start()));
      await leaving;
      const failed = results.find((result) => result.status === "rejected");
      await this.discard(fresh.filter((instance) => instance.state === "gone"));
      if (failed !== undefined) this.desired = this.inService.length;
      this.settle("InService", failed === undefined ? reason : reasonOf(failed.reason));
      await this.testTopics();
    });
  }

  delete(): void {
    this.inBackground("Deleting", async () => {
      this.desired = 0;
      await this.queue.abandon(`Endpoint ${this.name} was deleted.`);
      await Promise.all(
        this.instances.map(async (instance) => {
          await instance.stop();
          this.bury(instance);
        }),
      );
      this.releaseDemand?.();
      this.onGone();
    });
  }

  /** Takes no more work: the world closes, and ends the containers itself. */
  close(): void {
    this.closed = true;
    this.queue.close();
    this.releaseDemand?.();
  }

  /** Pings every instance that could work and does not. */
  async checkHealth(): Promise<void> {
    await Promise.all(this.inService.map((instance) => instance.checkHealth()));
  }

  /** Tells the minute that began at `minuteStartMs` to CloudWatch. */
  async publishMetrics(minuteStartMs: number): Promise<void> {
    if (this.status === "Creating" || this.status === "Failed" || this.status === "Deleting") return;
    const hosts = await Promise.all(this.inService.map((instance) => instance.hostUse()));
    const data = this.metrics.take(minuteStartMs, {
      backlog: this.queue.backlog,
      hosts,
      oldestAgeSeconds: this.queue.oldestAgeSeconds,
      hasBacklogWithoutCapacity: this.queue.backlog > 0 && this.inService.length === 0,
    });
    const where = { region: this.call.region, endpointName: this.name };
    // AWS keeps the AWS/ namespaces for its services; what the instances tell of themselves goes out with the role.
    await putMinute(this.world, where, data, (namespace) => (namespace.startsWith("AWS/") ? this.call : this.asRole));
  }

  describe(): Pick<sdk.DescribeEndpointCommandOutput, "ProductionVariants"> {
    const { variant } = this.blueprint;
    return {
      ProductionVariants: [
        {
          VariantName: this.variantName,
          CurrentWeight: this.weight ?? variant.InitialVariantWeight ?? 1,
          DesiredWeight: this.weight ?? variant.InitialVariantWeight ?? 1,
          CurrentInstanceCount: this.inService.length,
          DesiredInstanceCount: this.desired,
        },
      ],
    };
  }

  private fleets(count: number): Fleets {
    const { assumed } = this.world;
    return {
      blue: this.instances,
      count,
      add: (more) => this.add(more),
      retire: async (instances) => {
        await Promise.all(
          instances.map(async (instance) => {
            if (assumed.leavingFleet === "drained") await drainedThenStopped(instance);
            else await instance.stop();
            this.bury(instance);
          }),
        );
      },
      discard: (instances) => this.discard(instances),
      dispatch: () => this.queue.dispatch(),
      alarmed: () => rollbackAlarmsInAlarm(this.world, this.asRole, this.deploymentConfig),
    };
  }

  private add(count: number): Instance[] {
    if (count === 0) return [];
    // Where rights are asked once, it is when the endpoint takes its configuration.
    const isFirst = this.status === "Creating" || (this.status === "Updating" && this.leaving !== undefined);
    const asksRights = this.world.assumed.roleRights === "everyStart" || isFirst;
    const plan: InstancePlan = {
      ...planOf(this.world, this.call, this.asRole, this.blueprint, asksRights),
      onLine: (instance, line) => this.log(instance, line),
      onCrash: (instance, reason) => this.replace(instance, reason),
      onEnded: (instance) => this.noteUse(instance),
    };
    const fresh = Array.from({ length: count }, () => new Instance(this.world, plan));
    this.instances = [...this.instances, ...fresh];
    for (const instance of fresh) void this.whenInService(instance);
    this.noteInstances();
    return fresh;
  }

  /** An instance works as soon as it is healthy, whatever its companions do. */
  private async whenInService(instance: Instance): Promise<void> {
    while (instance.state === "starting") await new Promise<void>((resolve) => this.world.clock.after(1000, resolve));
    this.noteInstances();
    this.queue.dispatch();
  }

  private replace(crashed: Instance, reason: string): void {
    if (this.closed) return;
    this.bury(crashed);
    this.world.journal.add(this.world.clock.now(), this.call, {
      kind: "endpoint",
      endpointName: this.name,
      status: this.status ?? "",
      reason: `the container of ${crashed.id} ${reason}`,
    });
    if (this.status === "InService") this.replaceLost();
  }

  /** Begins the instances that are wished for and not there. */
  replaceLost(): void {
    for (const fresh of this.add(Math.max(0, this.desired - this.instances.length))) {
      const release = this.world.clock.demand();
      void fresh
        .start()
        .catch(() => this.bury(fresh))
        .finally(release);
    }
  }

  private bury(instance: Instance): void {
    if (!this.instances.includes(instance)) return;
    this.instances = this.instances.filter((each) => each !== instance);
    this.ended.push(instance);
    this.noteInstances();
  }

  private async discard(instances: readonly Instance[]): Promise<void> {
    await Promise.all(
      instances.map(async (instance) => {
        await instance.stop();
        this.bury(instance);
      }),
    );
  }

  private inBackground(status: sdk.EndpointStatus, work: () => Promise<void>): void {
    this.releaseDemand?.();
    this.releaseDemand = this.world.clock.demand();
    this.failureReason = undefined;
    this.tell(status);
    work().catch((cause: unknown) => {
      this.settle("Failed", reasonOf(cause));
      process.emitWarning(
        `the rehearsal's endpoint ${this.name} failed unexpectedly: ${String((cause as Error).stack ?? cause)}`,
      );
    });
  }

  private settle(status: sdk.EndpointStatus, reason?: string): void {
    this.failureReason = reason;
    this.tell(status);
    this.noteInstances();
    this.releaseDemand?.();
    this.releaseDemand = undefined;
    this.queue.dispatch();
  }

  private tell(status: sdk.EndpointStatus): void {
    this.status = status;
    this.modifiedMs = this.world.clock.now();
    this.world.keeper?.changed("sagemaker", this.call.region);
    this.world.journal.add(this.modifiedMs, this.call, {
      kind: "endpoint",
      endpointName: this.name,
      status,
      ...(this.failureReason === undefined ? {} : { reason: this.failureReason }),
    });
  }

  private noteInstances(): void {
    this.world.keeper?.changed("sagemaker", this.call.region);
    this.world.journal.add(this.world.clock.now(), this.call, {
      kind: "instances",
      endpointName: this.name,
      variantName: this.variantName,
      desired: this.desired,
      running: this.paid,
      inService: this.inService.length,
    });
  }

  private noteUse({ id, lifeUse }: Instance): void {
    if (lifeUse === undefined) return;
    const event = { kind: "use", endpointName: this.name, instanceId: id, ...lifeUse } as const;
    this.world.journal.add(this.world.clock.now(), this.call, event);
  }

  private async testTopics(): Promise<void> {
    const { SuccessTopic, ErrorTopic } = this.async?.OutputConfig?.NotificationConfig ?? {};
    const refused = await testTopics(this.world, this.asRole, [SuccessTopic, ErrorTopic]);
    if (refused > 0) this.metrics.count("NotificationFailures", refused);
  }

  private log(instance: Instance, line: string): void {
    const nowMs = this.world.clock.now();
    this.world.journal.add(nowMs, this.call, { kind: "log", endpointName: this.name, instanceId: instance.id, line });
    void this.logs.container(instance, line);
  }
}

async function drainedThenStopped(instance: Instance): Promise<void> {
  await instance.drain();
  await instance.stop();
}

function reasonOf(cause: unknown): string {
  return cause instanceof InstanceFailed || cause instanceof AwsError || cause instanceof RolledBack
    ? cause.message
    : `Internal failure: ${String(cause)}`;
}
