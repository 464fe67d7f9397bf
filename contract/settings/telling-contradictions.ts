import { alarmActionsMax, filterPolicyCombinationsMax, filterPolicyKeysMax } from "../limits";
import type { Contradiction } from "./contradictions";
import { protocolOf, type Subscriber } from "./notifications-schema";
import type { RegionSettings } from "./schema";

/** What an entry of the schedule says against itself, its neighbours or the bounds that stand without it. */
export function scheduleContradictions(scaling: RegionSettings["scaling"]): Contradiction[] {
  const found: Contradiction[] = [];
  scaling.schedule.forEach((entry, index) => {
    const add = (got: string, expected: string): void => {
      found.push({ code: "ASY-118", path: ["scaling", "schedule", String(index)], got, expected });
    };
    if (scaling.schedule.findIndex(({ name }) => name === entry.name) < index)
      add(`a second entry called ${entry.name}`, "a name of its own for each entry");
    if ((entry.cron === undefined) === (entry.at === undefined))
      add(entry.cron === undefined ? "neither cron nor at" : "both cron and at", "either cron or at");
    if (entry.min === undefined && entry.max === undefined) add("neither min nor max", "min, max or both");
    // AWS refuses to set a bound that crosses the one that stands, and what stands is the base or another entry's.
    const mosts = entry.max === undefined ? bounds(scaling, "max") : [entry.max];
    const fewests = entry.min === undefined ? bounds(scaling, "min") : [entry.min];
    const [most, fewest] = [Math.min(...mosts), Math.max(...fewests)];
    if ((entry.min !== undefined || entry.max !== undefined) && fewest > most) {
      const own = entry.min !== undefined && entry.max !== undefined;
      add(
        `min ${fewest} with max ${most}`,
        own ? "max at least min" : "max at least min whatever stood before; set both in this entry",
      );
    }
  });
  return found;
}

/** Every value a bound can have when an entry that does not set it takes effect. */
function bounds(scaling: RegionSettings["scaling"], which: "min" | "max"): number[] {
  return [scaling[which], ...scaling.schedule.flatMap((entry) => (entry[which] === undefined ? [] : [entry[which]]))];
}

/** What a subscriber asks for that SNS does not do, and names that are taken. */
export function subscriberContradictions(notifications: RegionSettings["notifications"]): Contradiction[] {
  const { subscribers } = notifications;
  return subscribers.flatMap((subscriber, index) => {
    const path = ["notifications", "subscribers", String(index)];
    const found: Contradiction[] = [];
    if (subscribers.findIndex(({ name }) => name === subscriber.name) < index) {
      found.push({
        code: "ASY-119",
        path: [...path, "name"],
        got: `a second subscriber called ${subscriber.name}`,
        expected: "a name of its own for each subscriber",
      });
    }
    const protocol = protocolOf(subscriber.to);
    if (subscriber.raw && protocol !== "sqs" && protocol !== "https") {
      found.push({
        code: "ASY-120",
        path: [...path, "raw"],
        got: `raw for ${subscriber.to}`,
        expected: "raw only for a queue or an https URL: SNS always wraps what it sends to others",
      });
    }
    const wrong = subscriber.filter === undefined ? undefined : filterFault(subscriber.filter);
    if (wrong !== undefined) {
      found.push({
        code: "ASY-120",
        path: [...path, "filter"],
        got: wrong,
        expected: `names (at most ${filterPolicyKeysMax}, nested ones counted) with lists of values or conditions, at most ${filterPolicyCombinationsMax} combinations of them`,
      });
    }
    return found;
  });
}

/** More topics than an alarm may tell. */
export function alarmContradictions(alarms: RegionSettings["alarms"]): Contradiction[] {
  if (alarms === false) return [];
  const own = alarms.emails.length > 0 ? 1 : 0;
  if (alarms.notify.length + own <= alarmActionsMax) return [];
  return [
    {
      code: "ASY-121",
      path: ["alarms", "notify"],
      got: `${alarms.notify.length} topics, and one more for the e-mail addresses`,
      expected: `at most ${alarmActionsMax} together`,
    },
  ];
}

function filterFault(filter: NonNullable<Subscriber["filter"]>): string | undefined {
  let keys = 0;
  let combinations = 1;
  const look = (rules: object, depth: number): string | undefined => {
    const names = Object.entries(rules);
    if (names.length === 0) return "no name in it";
    for (const [key, rule] of names) {
      if (Array.isArray(rule)) {
        if (rule.length === 0) return `an empty list for ${key}`;
        keys++;
        combinations *= rule.length * depth;
      } else {
        if (typeof rule !== "object" || rule === null) return `${JSON.stringify(rule)} for ${key}`;
        const inner = look(rule, depth + 1);
        if (inner !== undefined) return inner;
      }
    }
    return undefined;
  };
  const fault = look(filter, 1);
  if (fault !== undefined) return fault;
  if (keys > filterPolicyKeysMax) return `${keys} names`;
  return combinations > filterPolicyCombinationsMax ? `${combinations} combinations` : undefined;
}
