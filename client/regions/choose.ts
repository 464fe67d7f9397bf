/** What is known of a region when a request looks for one. */
export interface RegionState {
  readonly region: string;
  /** Age of its oldest request, seconds. @default - not known */
  readonly backlogAgeSeconds?: number;
  /** Requests queued or running for each instance it may have. @default - not known */
  readonly backlogPerInstance?: number;
  /** From the caller to the region and back, milliseconds. @default - not known */
  readonly latencyMs?: number;
}

export type Choice =
  /** The first of the list that takes the request. */
  | { readonly by: "order"; readonly regions: readonly string[] }
  /** The nearest first. */
  | { readonly by: "latency" }
  /** The least loaded first. */
  | { readonly by: "backlog" }
  /** By chance, each as often as its weight says; a region without a weight is not chosen. */
  | { readonly by: "weights"; readonly weights: Readonly<Record<string, number>> };

/**
 * The regions in the order in which a request tries them. What is not known of a region puts it behind those of which
 * it is known; equals stay in the order they came.
 *
 * @param random numbers from 0 to 1, for `weights`
 */
export function rank(states: readonly RegionState[], choice: Choice, random: () => number = Math.random): string[] {
  switch (choice.by) {
    case "order":
      return choice.regions.filter((region) => states.some((state) => state.region === region));
    case "latency":
      return sorted(states, ({ latencyMs }) => latencyMs);
    case "backlog":
      return sorted(states, ({ backlogPerInstance }) => backlogPerInstance);
    case "weights":
      return drawn(states, choice.weights, random);
  }
}

function sorted(states: readonly RegionState[], of: (state: RegionState) => number | undefined): string[] {
  return [...states]
    .sort((left, right) => (of(left) ?? Number.POSITIVE_INFINITY) - (of(right) ?? Number.POSITIVE_INFINITY) || 0)
    .map(({ region }) => region);
}

/** One draw after another without putting back, so that those behind the first are in a fair order, too. */
function drawn(states: readonly RegionState[], weights: Readonly<Record<string, number>>, random: () => number) {
  const left = states.filter(({ region }) => (weights[region] ?? 0) > 0).map(({ region }) => region);
  const order: string[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, region) => sum + (weights[region] ?? 0), 0);
    let at = random() * total;
    const index = left.findIndex((region) => {
      at -= weights[region] ?? 0;
      return at < 0;
    });
    order.push(...left.splice(index < 0 ? left.length - 1 : index, 1));
  }
  return order;
}
