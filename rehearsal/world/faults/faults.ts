import type { Clock } from "../clock";
import { like } from "../iam/evaluate";
import { Draw, type Occurrence, seedOf } from "./draw";
import type { Fault, FaultPlan } from "./schema";

/** What a call meets. Several delays add up; of several other blows the first in the list counts. */
export interface CallFate {
  readonly delayMs: number;
  /** @default - it is answered as ever */
  readonly blow?:
    | { readonly kind: "throttling"; readonly moment: "before" }
    | { readonly kind: "error"; readonly status: 500 | 503; readonly moment: "before" | "after" }
    | { readonly kind: "drop"; readonly moment: "before" | "after" | "during" };
}

/** What a message meets on its way to one subscriber. */
export interface NoticeFate {
  readonly copies: number;
  readonly delayMs: number;
}

/** How often a fault struck. */
export interface FaultTally {
  readonly what: Fault["what"];
  /** Occasions that it fitted. */
  readonly occasions: number;
  readonly struck: number;
}

type Kind = Fault["what"];
type FaultOf<What extends Kind> = Extract<Fault, { readonly what: What }>;
type Blow = NonNullable<CallFate["blow"]>;

interface Armed<What extends Kind = Kind> {
  readonly fault: FaultOf<What>;
  readonly draw: Draw;
}

/** What `where` may name, with what an occasion has in its place. */
type Occasion = Partial<Record<"regions" | "operations" | "topics" | "endpoints" | "instanceTypes", string>>;

/** A type in a region, as capacity and quotas are counted. */
export interface Pool {
  readonly region: string;
  readonly instanceType: string;
}

/**
 * What goes wrong in the world on order. Every place where something can go wrong asks here, and each fault decides with
 * a generator of its own.
 */
export class Faults {
  private armed: readonly Armed[] = [];
  private sinceMs = 0;

  constructor(private readonly clock: Clock) {}

  /** Puts these in the place of those there were; their times count from now, their generators begin anew. */
  set({ seed, faults }: FaultPlan): void {
    this.sinceMs = this.clock.now();
    this.armed = faults.map((fault, index) => ({ fault, draw: new Draw(fault as Occurrence, seedOf(seed, index)) }));
  }

  /** How often each struck since it was given, in the order of the list. Those that are not drawn count nothing. */
  tallies(): FaultTally[] {
    return this.armed.map(({ fault, draw }) => ({ what: fault.what, ...draw.tally }));
  }

  /** Whether a region answers nobody now, and how that looks. */
  regionGone(region: string): "unavailable" | "nothing" | undefined {
    return this.fitting("region-gone", { regions: region })[0]?.fault.answers;
  }

  /** @param operation as `service:Operation` */
  call(region: string, operation: string): CallFate {
    const gone = this.regionGone(region);
    if (gone === "nothing") return { delayMs: 0, blow: { kind: "drop", moment: "before" } };
    if (gone === "unavailable") return { delayMs: 0, blow: { kind: "error", status: 503, moment: "before" } };
    const occasion = { regions: region, operations: operation };
    let delayMs = 0;
    for (const { fault, draw } of this.fitting("latency", occasion)) {
      const jitterSeconds = draw.fraction() * fault.jitterSeconds;
      if (draw.strikes()) delayMs += (fault.seconds + jitterSeconds) * 1000;
    }
    // Each is drawn, whatever another has decided: none of them depends on its neighbours.
    const blows = new Map<Fault, Blow>();
    for (const { fault } of this.struck("throttling", occasion)) {
      blows.set(fault, { kind: "throttling", moment: "before" });
    }
    for (const { fault } of this.struck("server-error", occasion)) {
      blows.set(fault, { kind: "error", status: fault.status, moment: fault.moment });
    }
    for (const { fault } of this.struck("dropped-connection", occasion)) {
      blows.set(fault, { kind: "drop", moment: fault.moment });
    }
    const blow = this.armed.flatMap(({ fault }) => blows.get(fault) ?? [])[0];
    return blow === undefined ? { delayMs } : { delayMs, blow };
  }

  /** @param topicName the topic's own name */
  notice(region: string, topicName: string): NoticeFate {
    const occasion = { regions: region, topics: topicName };
    const doubled = this.struck("doubled-notice", occasion);
    const late = this.struck("late-notice", occasion);
    const isLost = this.struck("lost-notice", occasion).length > 0;
    return {
      copies: isLost ? 0 : Math.max(1, ...doubled.map(({ fault }) => fault.copies)),
      delayMs: late.reduce((sum, { fault }) => sum + fault.seconds * 1000, 0),
    };
  }

  /** What becomes of one endpoint's minute: answers for each metric whether it is told, and how late. */
  minute(region: string, endpointName: string): (metric: string) => { isMissing: boolean; delayMs: number } {
    const occasion = { regions: region, endpoints: endpointName };
    const missing = this.struck("missing-metrics", occasion);
    const late = this.struck("late-metrics", occasion);
    return (metric) => ({
      isMissing: missing.some(({ fault }) => fits(fault.where.metrics, metric)),
      delayMs: late
        .filter(({ fault }) => fits(fault.where.metrics, metric))
        .reduce((sum, { fault }) => sum + fault.seconds * 1000, 0),
    });
  }

  /** When the instance that now begins a request is lost: milliseconds from now, or undefined for never. */
  instanceLossMs({ region, instanceType }: Pool, endpointName: string): number | undefined {
    const occasion = { regions: region, endpoints: endpointName, instanceTypes: instanceType };
    const struck = this.struck("instance-loss", occasion);
    if (struck.length === 0) return undefined;
    return Math.min(...struck.map(({ fault }) => fault.afterSeconds * 1000));
  }

  /** How many of a type there are for the account, and how long SageMaker looks for more if a fault says it. */
  shortage({
    region,
    instanceType,
  }: Pool): { readonly instancesMax: number; readonly givesUpMs: number | undefined } | undefined {
    const fitting = this.fitting("capacity-shortage", { regions: region, instanceTypes: instanceType });
    if (fitting.length === 0) return undefined;
    const said = fitting.map(({ fault }) => fault.givesUpSeconds).filter((each) => each !== undefined);
    return {
      instancesMax: Math.min(...fitting.map(({ fault }) => fault.instancesMax)),
      givesUpMs: said.length === 0 ? undefined : Math.min(...said) * 1000,
    };
  }

  /** How many of a type the account's endpoints may have. */
  quota({ region, instanceType }: Pool): number | undefined {
    const fitting = this.fitting("instance-quota", { regions: region, instanceTypes: instanceType });
    return fitting.length === 0 ? undefined : Math.min(...fitting.map(({ fault }) => fault.instancesMax));
  }

  /** Those of a kind that are on now and fit, each of which decided to strike. */
  private struck<What extends Kind>(what: What, occasion: Occasion): Armed<What>[] {
    return this.fitting(what, occasion).filter(({ draw }) => draw.strikes());
  }

  private fitting<What extends Kind>(what: What, occasion: Occasion): Armed<What>[] {
    if (this.armed.length === 0) return [];
    const seconds = (this.clock.now() - this.sinceMs) / 1000;
    return this.armed.filter(({ fault }) => {
      const { fromSeconds = 0, toSeconds = Number.POSITIVE_INFINITY } = fault;
      if (fault.what !== what || seconds < fromSeconds || seconds >= toSeconds) return false;
      const where = fault.where as Partial<Record<string, readonly string[]>>;
      return Object.entries(occasion).every(([key, value]) => fits(where[key], value));
    }) as unknown as Armed<What>[];
  }
}

function fits(patterns: readonly string[] | undefined, value: string): boolean {
  return patterns === undefined || patterns.some((pattern) => like(pattern, value));
}
