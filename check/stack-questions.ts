import type * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import type { Problem } from "../contract/errors";
import { type Diagnostic, diagnosticsIn } from "./analyzer-messages";
import type { RecordedResource } from "./record-program";
import { isFatal, RuleFailures } from "./rule-failures";

export interface Verdicts {
  readonly diagnostics: readonly Diagnostic[];
  /** How often a rule said that a resource is not its affair. */
  readonly notApplicable: number;
  /** Rules that failed instead of judging: what is missing from the diagnostics. */
  readonly failures: readonly Problem[];
}

/** The part of a pack that judges. Its calls fail with CallFailed. */
export interface Asked {
  analyze(resource: RecordedResource, deadline: number): Promise<messages.AnalyzeResponse>;
  analyzeStack(resources: readonly RecordedResource[], deadline: number): Promise<messages.AnalyzeResponse>;
}

type Told =
  | { readonly diagnostics: readonly Diagnostic[]; readonly notApplicable: number }
  | { readonly failure: unknown };

/** The pack never waits for this process, and neither holds more of it than that. */
const askedAtOnce = 16;

/**
 * All that a pack is asked about one stack: of each resource as soon as it is known, which may be long before the pack
 * is ready, and of all of them together once there are no more.
 */
export class StackQuestions {
  private readonly known: RecordedResource[] = [];
  private readonly told: Array<Told | undefined> = [];
  private next = 0;
  private underWay = 0;
  private pack: Asked | undefined;
  private isClosed = false;
  private deadline: number | undefined;
  private onIdle: (() => void) | undefined;
  private busySince = 0;
  private busyMs = 0;

  /** @param timeoutSeconds how long the pack may take for one answer, and for all of them once every resource is known */
  constructor(
    private readonly timeoutSeconds: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** How long the pack has had questions to answer. */
  get busySeconds(): number {
    return this.busyMs / 1000;
  }

  add(resource: RecordedResource): void {
    this.known.push(resource);
    this.askOn();
  }

  /** The pack knows the stack and may be asked. */
  open(pack: Asked): void {
    this.pack = pack;
    this.askOn();
  }

  /**
   * What the pack says of every resource, in their order, and of all of them together.
   *
   * @throws UsageError ASY-404 when the pack breaks off, ASY-421 when it has not answered in time
   */
  async verdicts(): Promise<Verdicts> {
    this.deadline = this.now() + this.timeoutSeconds * 1000;
    await this.idle();
    const { pack, known } = this;
    if (pack === undefined) throw new Error("asked for verdicts before the pack was there");
    if (!this.isClosed) await this.ask(known.length, "", pack.analyzeStack(known, this.limit()));
    return this.inOrder();
  }

  /** Asks nothing more, and waits for the answers that are on their way. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.idle();
  }

  private inOrder(): Verdicts {
    const failures = new RuleFailures(this.timeoutSeconds);
    const diagnostics: Diagnostic[] = [];
    let notApplicable = 0;
    for (const [index, told] of this.told.entries()) {
      // Not asked any more, because one that follows went wrong.
      if (told === undefined) continue;
      if ("failure" in told) failures.take(told.failure, this.known[index]?.urn ?? "");
      else {
        diagnostics.push(...told.diagnostics);
        notApplicable += told.notApplicable;
      }
    }
    return { diagnostics, notApplicable, failures: failures.problems };
  }

  private askOn(): void {
    const { pack, known } = this;
    while (pack !== undefined && !this.isClosed && this.underWay < askedAtOnce) {
      const index = this.next;
      const resource = known[index];
      if (resource === undefined) return;
      this.next++;
      void this.ask(index, resource.urn, pack.analyze(resource, this.limit()));
    }
  }

  private async ask(index: number, urn: string, answered: Promise<messages.AnalyzeResponse>): Promise<void> {
    if (this.underWay++ === 0) this.busySince = performance.now();
    try {
      const answer = await answered;
      const notApplicable = answer.getNotApplicableList().length;
      this.told[index] = { diagnostics: diagnosticsIn(answer, urn), notApplicable };
    } catch (failure) {
      this.told[index] = { failure };
      this.isClosed ||= isFatal(failure);
    }
    if (--this.underWay === 0) this.busyMs += performance.now() - this.busySince;
    this.askOn();
    if (this.underWay === 0) this.onIdle?.();
  }

  private limit(): number {
    return this.deadline ?? this.now() + this.timeoutSeconds * 1000;
  }

  /** Until nothing is under way; then, with a pack and nothing wrong, every known resource has been asked about. */
  private async idle(): Promise<void> {
    if (this.underWay === 0) return;
    await new Promise<void>((idle) => {
      this.onIdle = idle;
    });
  }
}
