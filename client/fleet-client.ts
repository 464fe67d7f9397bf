import { UsageError } from "../contract/errors";
import type { Manifest } from "../contract/manifest";
import { type Connection, type ConnectionOptions, connect } from "./connection";
import type { Ending } from "./ending";
import { type ListenerOptions, NoticeListener } from "./notice-listener";
import type { Payload } from "./payload";
import { acceptanceAfter } from "./regions/acceptance";
import { Breaker } from "./regions/breaker";
import { type Choice, type RegionState, rank } from "./regions/choose";
import { measureLatency, measureLoad } from "./regions/measure";
import { type Submission, type SubmitOptions, submit } from "./submit";

export interface FleetClientOptions extends ConnectionOptions, ListenerOptions {
  /** Which region a request goes to. @default - the manifest's regions in their order */
  readonly choice?: Choice;
  /** A region whose oldest request is older is passed over while another is not. @default - its age is not asked for */
  readonly backlogAgeSecondsMax?: number;
  /**
   * Whether a request may be sent to another region when nobody can tell whether the first has taken it: it may then
   * run twice.
   * @default false
   */
  readonly mayRunTwice?: boolean;
  /** How long a measured latency or load counts as current. @default 60 seconds */
  readonly measureEverySeconds?: number;
  /** Numbers from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** How a region stands, for people. */
export interface RegionHealth extends RegionState {
  readonly breaker: "closed" | "open" | "trying";
  /** The last error of a submission to it, cleared by a success. */
  readonly lastError?: string;
}

interface Member {
  readonly connection: Connection;
  readonly listener: NoticeListener;
  readonly breaker: Breaker;
  state: RegionState;
  measuredMs: number | undefined;
  lastError: string | undefined;
}

/**
 * Drives a fleet across its regions: chooses a region for each request and goes on to the next when one does not take
 * it. A request that a region has taken, or may have taken, stays there: it is never sent on because it is slow.
 */
export class FleetClient {
  private readonly members = new Map<string, Member>();
  private readonly now: () => number;

  /** @throws UsageError ASY-304 when the manifest is of another version or has no region */
  constructor(
    readonly manifest: Manifest,
    private readonly options: FleetClientOptions = {},
  ) {
    refuseUnreadable(manifest);
    this.now = options.now ?? Date.now;
  }

  /**
   * Sends a request to the first region that takes it.
   *
   * @param region sends it there and nowhere else
   * @throws UsageError ASY-305 for a region the fleet has not; ASY-308 when no region takes it, with each one's reason;
   *   otherwise as `submit`
   */
  async submit(payload: Payload, options: SubmitOptions & { readonly region?: string }): Promise<Submission> {
    const order = options.region === undefined ? await this.order() : [options.region];
    const refusals: string[] = [];
    let busy: unknown;
    let isRefused = false;
    for (const region of order) {
      const member = this.member(region);
      try {
        const submission = await submit(member.connection, payload, options);
        member.breaker.succeeded();
        member.lastError = undefined;
        return submission;
      } catch (cause) {
        options.signal?.throwIfAborted();
        if (cause instanceof UsageError) throw cause;
        const acceptance = acceptanceAfter(cause);
        if (acceptance !== "refused") member.breaker.failed(this.now());
        member.lastError = `${(cause as Error).name}: ${(cause as Error).message}`;
        // A stream has been read by now, and only the first region had it.
        const mayGoOn = !("stream" in payload) && (acceptance !== "unknown" || this.options.mayRunTwice === true);
        if (order.length === 1 || !mayGoOn) throw cause;
        refusals.push(`${region}: ${member.lastError}`);
        if (acceptance === "busy") busy = cause;
        if (acceptance === "refused") isRefused = true;
      }
    }
    // One wants the caller to come back later and none has anything against the request: no reason to give up.
    if (busy !== undefined && !isRefused) throw busy;
    throw new UsageError({
      code: "ASY-308",
      at: "the fleet",
      got: refusals.length > 0 ? refusals.join("\n            ") : "no region to choose from",
      expected: "one region that takes the request",
    });
  }

  /** Resolves with the request's end; bounded, see `NoticeListener`. */
  wait(submission: Submission, signal?: AbortSignal, mayHaveEnded = submission.repeated): Promise<Ending> {
    return this.member(submission.region).listener.wait(submission, signal, mayHaveEnded);
  }

  /** The clients of a region. @throws UsageError ASY-305 */
  connection(region: string): Connection {
    return this.member(region).connection;
  }

  /** How every region stands now, measured where asked for. */
  async health(): Promise<RegionHealth[]> {
    return Promise.all(
      Object.keys(this.manifest.regions).map(async (region) => {
        const member = this.member(region);
        await this.measure(member, true);
        return {
          ...member.state,
          breaker: member.breaker.state(this.now()),
          ...(member.lastError === undefined ? {} : { lastError: member.lastError }),
        };
      }),
    );
  }

  close(): void {
    for (const { connection } of this.members.values()) connection.close();
    this.members.clear();
  }

  private async order(): Promise<string[]> {
    const regions = Object.keys(this.manifest.regions);
    const choice = this.options.choice ?? { by: "order", regions };
    for (const region of choice.by === "order" ? choice.regions : []) this.member(region);
    const members = regions.map((region) => this.member(region));
    const measured = choice.by === "latency" || choice.by === "backlog";
    if (measured || this.options.backlogAgeSecondsMax !== undefined) {
      await Promise.all(members.map((member) => this.measure(member, measured)));
    }
    const ranked = rank(
      members.map(({ state }) => state),
      choice,
      this.options.random,
    );
    // Left out or overloaded ones come last, not never: better a slow region than none.
    const nowMs = this.now();
    const fit = ranked.filter((region) => this.member(region).breaker.allows(nowMs) && !this.overloaded(region));
    const rest = ranked.filter((region) => !fit.includes(region) && this.member(region).breaker.allows(nowMs));
    const resting = ranked.filter((region) => !this.member(region).breaker.allows(nowMs));
    return [...fit, ...rest, ...resting];
  }

  private overloaded(region: string): boolean {
    const bound = this.options.backlogAgeSecondsMax;
    return bound !== undefined && (this.member(region).state.backlogAgeSeconds ?? 0) > bound;
  }

  private async measure(member: Member, latencyToo: boolean): Promise<void> {
    const nowMs = this.now();
    const currentMs = (this.options.measureEverySeconds ?? 60) * 1000;
    if (member.measuredMs !== undefined && nowMs - member.measuredMs < currentMs) return;
    member.measuredMs = nowMs;
    const { region, scaling } = member.connection.manifest;
    const [load, latencyMs] = await Promise.all([
      // A region that cannot be measured is a region of which nothing is known.
      measureLoad(member.connection).catch(() => undefined),
      latencyToo ? measureLatency(member.connection, () => performance.now()) : undefined,
    ]);
    member.state = {
      region,
      ...(load?.backlogAgeSeconds === undefined ? {} : { backlogAgeSeconds: load.backlogAgeSeconds }),
      ...(load?.backlog === undefined ? {} : { backlogPerInstance: load.backlog / Math.max(1, scaling.maxInstances) }),
      ...(latencyMs === undefined ? {} : { latencyMs }),
    };
  }

  private member(region: string): Member {
    const known = this.members.get(region);
    if (known !== undefined) return known;
    const manifest = this.manifest.regions[region];
    if (manifest === undefined) {
      throw new UsageError({
        code: "ASY-305",
        at: "region",
        got: region,
        expected: `one of ${Object.keys(this.manifest.regions).join(", ")}`,
      });
    }
    const connection = connect(manifest, this.options);
    const member: Member = {
      connection,
      listener: new NoticeListener(connection, this.options),
      breaker: new Breaker(),
      state: { region },
      measuredMs: undefined,
      lastError: undefined,
    };
    this.members.set(region, member);
    return member;
  }
}

function refuseUnreadable(manifest: Manifest): void {
  const got =
    manifest?.version !== 1
      ? `version ${(manifest as { version?: unknown })?.version}`
      : Object.keys(manifest.regions ?? {}).length === 0
        ? "no region"
        : undefined;
  if (got === undefined) return;
  throw new UsageError({ code: "ASY-304", at: "manifest", got, expected: "version 1, with at least one region" });
}
