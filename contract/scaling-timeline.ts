import { assumedInstanceStartSeconds, type ScalingPlan, scalingNumbers } from "./scaling";

interface Phase {
  readonly title: string;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/**
 * One request's life under a plan, a column a minute: it arrives when no instance is there (or one, where the plan
 * always keeps one), is worked on, and the instance goes when the plan lets it.
 *
 * @param workMinutes how long the model works on it
 */
export function scalingTimeline(plan: ScalingPlan, workMinutes: number): string {
  const numbers = scalingNumbers(plan);
  const detected = Math.ceil(numbers.detectionSeconds / 60);
  const started = detected === 0 ? 0 : detected + Math.ceil(assumedInstanceStartSeconds / 60);
  const answered = started + workMinutes;
  const gone = answered + Math.ceil(numbers.idleSeconds / 60);
  const stays = plan.fewestInstances > 0;
  const phases: Phase[] = [
    ...(stays
      ? []
      : [
          { title: "not seen yet", fromMinute: 0, toMinute: detected },
          { title: "instance starting", fromMinute: detected, toMinute: started },
        ]),
    { title: "at work", fromMinute: started, toMinute: answered },
    { title: "idle", fromMinute: answered, toMinute: gone },
    { title: "paid for", fromMinute: stays ? 0 : detected, toMinute: gone },
  ];
  const width = Math.max(...phases.map(({ title }) => title.length));
  const scale = Array.from({ length: Math.ceil(gone / 5) + 1 }, (_, index) => String(index * 5).padEnd(5)).join("");
  const rows = phases.map(
    ({ title, fromMinute, toMinute }) =>
      `${title.padEnd(width)}  ${" ".repeat(fromMinute)}${"#".repeat(toMinute - fromMinute)}${stays && title === "paid for" ? "…" : ""}`,
  );
  return [`${"minute".padEnd(width)}  ${scale.trimEnd()}`, ...rows].join("\n");
}
