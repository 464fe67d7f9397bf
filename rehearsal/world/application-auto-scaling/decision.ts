/** What a policy whose alarm is in ALARM asks for. */
export interface Wish {
  readonly policyName: string;
  readonly alarmName: string;
  /**
   * The capacity it asks for when `base` instances count as there: within a cooldown, what the last step out has added
   * does not.
   */
  readonly capacity: (base: number) => number;
  readonly cooldownOutSeconds: number;
  readonly cooldownInSeconds: number;
}

/** What has happened to a target and still holds something back. */
export interface Memory {
  /** When the last step out was made, what it added and how long it holds. */
  readonly out?: { readonly atMs: number; readonly added: number; readonly cooldownSeconds: number };
  /** The same of the last step in; gone when a step out came after it. */
  readonly in?: { readonly atMs: number; readonly cooldownSeconds: number };
}

export interface Situation {
  readonly nowMs: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly memory: Memory;
  readonly scaleOutSuspended: boolean;
  readonly scaleInSuspended: boolean;
}

export interface Decision {
  readonly goal: number;
  readonly by: Wish;
  /** What is remembered once the capacity has been set. */
  readonly memory: Memory;
}

/**
 * What Application Auto Scaling makes of everything its policies ask for at one time (user guide, pages on step scaling
 * and target tracking): the largest capacity wins, in and out alike. Within the cooldown of a step out only a larger one
 * acts, and only by its difference; within the cooldown of a step in nothing is taken away, but a step out acts and ends
 * it. Nothing is taken away within the cooldown of a step out either.
 */
export function decide(wishes: readonly Wish[], situation: Situation): Decision | undefined {
  const { nowMs, desired, min, max, memory } = situation;
  const holds = (step: { atMs: number; cooldownSeconds: number } | undefined): boolean =>
    step !== undefined && nowMs < step.atMs + step.cooldownSeconds * 1000;
  const coolingOut = holds(memory.out);
  const base = coolingOut ? Math.max(0, desired - (memory.out?.added ?? 0)) : desired;
  let chosen: { readonly goal: number; readonly by: Wish } | undefined;
  for (const by of wishes) {
    const asked = by.capacity(desired);
    // A wish to grow is counted from what was there before the step that is still cooling down.
    const goal = Math.min(max, Math.max(min, asked > desired ? by.capacity(base) : asked));
    if (chosen === undefined || goal > chosen.goal) chosen = { goal, by };
  }
  if (chosen === undefined || chosen.goal === desired) return undefined;
  const { goal, by } = chosen;
  if (goal > desired) {
    if (situation.scaleOutSuspended) return undefined;
    const added = goal - desired + (coolingOut ? (memory.out?.added ?? 0) : 0);
    return { goal, by, memory: { out: { atMs: nowMs, added, cooldownSeconds: by.cooldownOutSeconds } } };
  }
  // A wish to grow that is counted down by a cooldown is no wish to shrink.
  if (situation.scaleInSuspended || by.capacity(desired) > desired || coolingOut || holds(memory.in)) return undefined;
  return { goal, by, memory: { ...memory, in: { atMs: nowMs, cooldownSeconds: by.cooldownInSeconds } } };
}
