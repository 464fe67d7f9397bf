import { AwsError } from "../aws-error";
import type { Call } from "../call";
import type { Timer } from "../clock";
import type { Kept } from "../keeper";
import type { World } from "../world";
import type { Endpoint } from "./endpoint";
import type { Instance } from "./instance";
import { type InvocationEnd, invoke } from "./invocation";
import { RequestRows } from "./kept-requests";
import { failureDocument, type NoticeFacts, successDocument } from "./notices";
import type { AsyncRequest, RequestRecord } from "./request";
import { splitS3 } from "./validation";

/** Records of ended requests that are kept for reports. */
const recordsKept = 100_000;

/** The queue of one endpoint: first in, first out, each request with a time to live and exactly one end. */
export class AsyncQueue {
  readonly records = new Map<string, RequestRecord>();
  private readonly waiting: Array<{ request: AsyncRequest; expiry: Timer }> = [];
  private running = 0;
  private closed = false;
  private releaseDemand: (() => void) | undefined;
  private readonly rows: RequestRows | undefined;

  constructor(
    private readonly world: World,
    private readonly call: Call,
    private readonly endpoint: Endpoint,
  ) {
    this.rows = world.keeper === undefined ? undefined : new RequestRows(world.keeper, call, endpoint.name);
  }

  /** Queued and running, as ApproximateBacklogSize counts them. */
  get backlog(): number {
    return this.waiting.length + this.running;
  }

  get oldestAgeSeconds(): number {
    const oldest = this.waiting[0]?.request.acceptedMs;
    return oldest === undefined ? 0 : (this.world.clock.now() - oldest) / 1000;
  }

  accept(request: AsyncRequest): void {
    this.remember(request);
    this.rows?.accepted(request);
    this.note(request, "accepted");
    this.wait(request);
    this.changed();
    this.dispatch();
  }

  /** Queues again what an earlier process accepted and did not end, first come first served. */
  resume(kept: Kept): void {
    const { unfinished = [], records = [] } = this.rows?.revive(kept) ?? {};
    for (const record of records) this.records.set(record.inferenceId, record);
    for (const { request, instanceId } of unfinished) {
      this.remember(request);
      this.note(request, "again", {
        reason: "the process ended before the request did",
        ...(instanceId === undefined ? {} : { instanceId }),
      });
      this.wait(request);
    }
    if (unfinished.length > 0) this.changed();
  }

  private wait(request: AsyncRequest): void {
    const expiry = this.world.clock.at(request.acceptedMs + request.timeToLiveSeconds * 1000, () =>
      this.expire(request),
    );
    this.waiting.push({ request, expiry });
  }

  /** Gives waiting requests to instances with room, the least busy first. */
  dispatch(): void {
    while (this.waiting.length > 0 && !this.closed) {
      const free = this.endpoint.inService
        .filter((instance) => instance.accepting && instance.inFlight < this.endpoint.concurrency)
        .sort((left, right) => left.inFlight - right.inFlight)[0];
      if (free === undefined) return;
      const next = this.takeNext();
      if (next === undefined) return;
      next.expiry.cancel();
      void this.run(next.request, free);
    }
  }

  /** Ends every waiting request: the endpoint is deleted. */
  async abandon(reason: string): Promise<void> {
    const tells = this.world.assumed.deletedEndpoint === "failure";
    for (const { request, expiry } of this.waiting.splice(0)) {
      expiry.cancel();
      if (tells) await this.failUnseen(request, "failed", reason);
      else this.finish(request, "failed", { reason });
    }
    this.changed();
  }

  /** The endpoint is gone, and what became of its requests with it. */
  forget(): void {
    this.rows?.dropped();
  }

  close(): void {
    this.closed = true;
    for (const { expiry } of this.waiting.splice(0)) expiry.cancel();
    this.releaseDemand?.();
  }

  private takeNext(): { readonly request: AsyncRequest; readonly expiry: Timer } | undefined {
    if (this.world.assumed.queueOrder === "oldestFirst") return this.waiting.shift();
    const index = Number.parseInt(this.world.ids.hex(8), 16) % this.waiting.length;
    return this.waiting.splice(index, 1)[0];
  }

  private async run(request: AsyncRequest, instance: Instance): Promise<void> {
    const { metrics } = this.endpoint;
    const nowMs = this.world.clock.now();
    this.running++;
    instance.occupied(1);
    const record = this.records.get(request.inferenceId);
    const runs = request.run > 1 ? { runs: request.run } : {};
    if (record !== undefined) Object.assign(record, { startedAtMs: nowMs, instanceId: instance.id, ...runs });
    this.note(request, "started", { instanceId: instance.id });
    metrics.sample("TimeInBacklog", nowMs - request.acceptedMs);
    const output = this.endpoint.async?.OutputConfig;
    const includes = output?.NotificationConfig?.IncludeInferenceResponseIn ?? [];
    const ending = this.ending();
    try {
      if (!(await this.isWrittenDown(request, instance))) return;
      const context = {
        world: this.world,
        asRole: ending.asRole,
        endpointName: this.endpoint.name,
        metrics,
        kmsKeyId: output?.KmsKeyId,
        keepResponse: includes.includes("SUCCESS_NOTIFICATION_TOPIC"),
        lostAfterMs: this.world.faults.instanceLossMs(instance.pool, this.endpoint.name),
      };
      let end = await invoke(context, request, instance);
      for (let left = this.world.assumed.invocationRetries; !end.ok && left > 0 && instance.isWorking; left--)
        end = await invoke(context, request, instance);
      if (end.ok) {
        if (this.world.assumed.dataLog === "everything")
          void this.endpoint.logs.platform(instance, request.inferenceId, "Inference request succeeded.");
        await this.complete(request, end, ending.asRole);
      }
      // What breaks off when the rehearsal ends has not failed.
      else if (end.lost === true && this.world.assumed.lostInstance === "again" && !this.closed) this.putBack(request);
      else if (!this.closed) {
        void this.endpoint.logs.platform(instance, request.inferenceId, end.reason);
        await this.fail(request, this.outcomeOf(end), end.reason, end.body, ending.asRole);
      }
    } finally {
      ending.release();
      this.running--;
      instance.occupied(-1);
      this.changed();
      this.dispatch();
    }
  }

  /** To the head of the queue, with the time to live that it had. */
  private putBack(request: AsyncRequest): void {
    const leftMs = request.acceptedMs + request.timeToLiveSeconds * 1000 - this.world.clock.now();
    const expiry = this.world.clock.after(Math.max(0, leftMs), () => this.expire(request));
    this.waiting.unshift({ request, expiry });
  }

  private outcomeOf({ timedOut }: InvocationEnd & { ok: false }): "failed" | "expired" {
    return timedOut === true && this.world.assumed.invocationTimeout === "expired" ? "expired" : "failed";
  }

  /** A container sees a request only once it is known for sure that it did. */
  private async isWrittenDown(request: AsyncRequest, instance: Instance): Promise<boolean> {
    const { rows } = this;
    return rows === undefined || this.world.clock.holding(() => rows.started(request, instance.id));
  }

  /** A request's result, its notice and its end become safe as one: from the first of them on, until it is released. */
  private ending(): { readonly asRole: Call; readonly release: () => void } {
    const { keeper } = this.world;
    if (keeper === undefined) return { asRole: this.endpoint.asRole, release: () => undefined };
    let release: (() => void) | undefined;
    const together = (): void => {
      release ??= keeper.hold();
    };
    return { asRole: { ...this.endpoint.asRole, together }, release: () => release?.() };
  }

  private async complete(request: AsyncRequest, end: InvocationEnd & { ok: true }, asRole: Call): Promise<void> {
    asRole.together?.();
    this.endpoint.metrics.count("InvocationsProcessed");
    await this.publish("SuccessTopic", successDocument(this.facts(request), end.contentType, end.response));
    this.finish(request, "completed", { location: request.outputLocation });
  }

  private async fail(
    request: AsyncRequest,
    outcome: "failed" | "expired",
    reason: string,
    body: Buffer,
    asRole: Call,
  ): Promise<void> {
    this.endpoint.metrics.count(outcome === "expired" ? "ExpiredRequests" : "InvocationFailures");
    const location = await this.writeFailure(request, body, asRole);
    asRole.together?.();
    const includes = this.endpoint.async?.OutputConfig?.NotificationConfig?.IncludeInferenceResponseIn ?? [];
    const response = includes.includes("ERROR_NOTIFICATION_TOPIC") ? body : undefined;
    await this.publish("ErrorTopic", failureDocument(this.facts(request), reason, response));
    this.finish(request, outcome, { reason, ...(location === undefined ? {} : { location }) });
  }

  private async expire(request: AsyncRequest): Promise<void> {
    const index = this.waiting.findIndex((each) => each.request === request);
    if (index < 0) return;
    this.waiting.splice(index, 1);
    const reason = `The request expired: it was queued for longer than its time to live of ${request.timeToLiveSeconds} seconds.`;
    if (this.world.assumed.expiredRequest === "failure") {
      await this.failUnseen(request, "expired", reason);
    } else {
      this.endpoint.metrics.count("ExpiredRequests");
      this.finish(request, "expired", { reason });
    }
    this.changed();
  }

  /** Ends a request that no instance was given. */
  private async failUnseen(request: AsyncRequest, outcome: "failed" | "expired", reason: string): Promise<void> {
    const { asRole, release } = this.ending();
    await this.fail(request, outcome, reason, Buffer.from(reason), asRole).finally(release);
  }

  private async writeFailure(request: AsyncRequest, body: Buffer, asRole: Call): Promise<string | undefined> {
    if (request.failureLocation === undefined) return undefined;
    const { bucket, key } = splitS3(request.failureLocation);
    const kmsKeyId = this.endpoint.async?.OutputConfig?.KmsKeyId;
    try {
      await this.world.s3.putObject(asRole, {
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: "text/plain",
        ...(kmsKeyId === undefined ? {} : { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKeyId }),
      });
      return request.failureLocation;
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      this.endpoint.metrics.count("ResponseUploadFailures");
      return undefined;
    }
  }

  private async publish(topic: "SuccessTopic" | "ErrorTopic", Message: string): Promise<void> {
    const TopicArn = this.endpoint.async?.OutputConfig?.NotificationConfig?.[topic];
    if (TopicArn === undefined) return;
    try {
      await this.world.sns.publish(this.endpoint.asRole, { TopicArn, Message });
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      this.endpoint.metrics.count("NotificationFailures");
    }
  }

  private finish(
    request: AsyncRequest,
    outcome: "completed" | "failed" | "expired",
    more: { location?: string; reason?: string },
  ): void {
    const endedAtMs = this.world.clock.now();
    const record = this.records.get(request.inferenceId);
    if (record !== undefined) Object.assign(record, { endedAtMs, outcome, ...more });
    this.rows?.ended(request, record);
    this.endpoint.metrics.sample("TotalProcessingTime", endedAtMs - request.acceptedMs);
    this.note(request, outcome, more);
  }

  private facts(request: AsyncRequest): NoticeFacts {
    return {
      region: this.call.region,
      endpointName: this.endpoint.name,
      request,
      nowMs: this.world.clock.now(),
      assumed: this.world.assumed,
    };
  }

  private remember(request: AsyncRequest): void {
    this.records.set(request.inferenceId, { inferenceId: request.inferenceId, acceptedAtMs: request.acceptedMs });
    if (this.records.size <= recordsKept) return;
    const oldest = this.records.keys().next().value;
    if (oldest === undefined) return;
    this.records.delete(oldest);
    this.rows?.forgotten(oldest);
  }

  private note(
    request: AsyncRequest,
    step: "accepted" | "again" | "started" | "completed" | "failed" | "expired",
    more: { location?: string; reason?: string; instanceId?: string } = {},
  ): void {
    this.world.journal.add(this.world.clock.now(), this.call, {
      kind: "request",
      endpointName: this.endpoint.name,
      inferenceId: request.inferenceId,
      step,
      ...more,
    });
  }

  /** While anything is queued or running somebody waits for it, so a fast-forward clock runs. */
  private changed(): void {
    this.endpoint.metrics.backlog(this.backlog);
    if (this.backlog > 0) this.releaseDemand ??= this.world.clock.demand();
    else {
      this.releaseDemand?.();
      this.releaseDemand = undefined;
    }
  }
}
