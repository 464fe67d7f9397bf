import type { Call } from "./call";

/** State kept apart per account and region, made when it is first asked for. */
export class Partitions<State> {
  private readonly states = new Map<string, { accountId: string; region: string; state: State }>();

  constructor(private readonly make: (accountId: string, region: string) => State) {}

  of(call: Pick<Call, "accountId" | "region">): State {
    const key = `${call.accountId}/${call.region}`;
    let entry = this.states.get(key);
    if (entry === undefined) {
      entry = { accountId: call.accountId, region: call.region, state: this.make(call.accountId, call.region) };
      this.states.set(key, entry);
    }
    return entry.state;
  }

  /** Every partition there is, in the order of first use. */
  all(): Iterable<{ readonly accountId: string; readonly region: string; readonly state: State }> {
    return this.states.values();
  }
}
