import { concerns, isExpired, waiverFor } from "./match";
import type { Place, Waiver } from "./waiver";

/** Which waivers there are, and which of them a finding has needed: one for each run of the pack. */
export class WaiverLedger {
  private readonly used = new Set<Waiver>();

  /** @param today the day, as `expires` has it; asked at every finding, since a pack may run past midnight */
  constructor(
    private readonly waivers: readonly Waiver[],
    private readonly today: () => string,
  ) {}

  /** The waiver that excuses a finding, if one does; it counts as used from now on. */
  excuse(rule: string, place: Place): Waiver | undefined {
    const waiver = waiverFor(this.waivers, rule, place, this.today());
    if (waiver !== undefined) this.used.add(waiver);
    return waiver;
  }

  /** Waivers meant for the stack whose last day is over. */
  expired(stack: string, regions: ReadonlySet<string>): readonly Waiver[] {
    return this.waivers.filter((waiver) => isExpired(waiver, this.today()) && concerns(waiver, stack, regions));
  }

  /** Waivers meant for the stack that hold and that no finding needed, once everything has been judged. */
  unused(stack: string, regions: ReadonlySet<string>): readonly Waiver[] {
    return this.waivers.filter(
      (waiver) => !this.used.has(waiver) && !isExpired(waiver, this.today()) && concerns(waiver, stack, regions),
    );
  }
}
