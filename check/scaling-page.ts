import {
  assumedInstanceStartSeconds,
  assumedTracking,
  type ScalingPlan,
  scalingNumbers,
  scalingPlan,
} from "../contract/scaling";
import { scalingTimeline } from "../contract/scaling-timeline";
import { parseSettings } from "../contract/settings";

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1";
const jobMinutes = 3;

/** Plans the page shows, by the name of their place in it. */
const shown: Readonly<Record<string, object>> = {
  default: {},
  "always-one": { min: 1 },
  "with-backlog": { scaleIn: { kind: "withBacklog" } },
};

/** docs/SCALING.md with every number that comes from a plan put in anew; the words around them are the page's own. */
export function scalingPage(page: string): string {
  let text = page;
  for (const [name, scaling] of Object.entries(shown)) {
    const plan = planOf(scaling);
    text = between(text, `timeline ${name}`, `\n\`\`\`text\n${scalingTimeline(plan, jobMinutes)}\n\`\`\`\n`);
    text = between(text, `numbers ${name}`, `\n${numbersTable(plan)}\n`);
  }
  return text;
}

function planOf(scaling: object): ScalingPlan {
  const { region } = parseSettings({ regions: ["eu-west-1"], model: { image }, scaling }, { stack: "docs" });
  const settings = region["eu-west-1"];
  if (settings === undefined) throw new Error("the page's own settings name no region");
  return scalingPlan(settings.scaling);
}

function numbersTable(plan: ScalingPlan): string {
  const { detectionSeconds, wakeSeconds, growSeconds, idleSeconds } = scalingNumbers(plan);
  const trackedOut = `${assumedTracking.highMinutes} minutes above the target, and the start of an instance`;
  const idle =
    plan.idle === undefined
      ? `${assumedTracking.lowMinutes} minutes below ${assumedTracking.lowShare * 100} % of the target`
      : `${plan.idle.alarm.minutes} minutes with nothing queued or running`;
  const rows: Array<[string, string, string]> = [
    [
      "noticed at zero",
      `${detectionSeconds} s`,
      detectionSeconds === 0
        ? "never at zero"
        : `${plan.wake?.alarm.minutes} datapoint of a minute, told a minute later`,
    ],
    [
      "at work from zero",
      `${wakeSeconds} s`,
      wakeSeconds === 0
        ? "never at zero"
        : `the above, and ${assumedInstanceStartSeconds} s assumed for the start of an instance`,
    ],
    ["one more at work", `${growSeconds} s`, trackedOut],
    ["paid for idle", `${idleSeconds / 60} min`, idle],
  ];
  return ["| what | at most | made of |", "| --- | --- | --- |", ...rows.map((row) => `| ${row.join(" | ")} |`)].join(
    "\n",
  );
}

/** @throws Error when the page has no such place */
function between(text: string, place: string, content: string): string {
  const [open, close] = [`<!-- ${place} -->`, `<!-- /${place} -->`];
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from < 0 || to < from) throw new Error(`docs/SCALING.md has no place ${open} … ${close}`);
  return text.slice(0, from + open.length) + content + text.slice(to);
}
