import { textAt, types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";
import { adjustmentType, type Step, stepsOf } from "../steps";

export const stepAdjustmentsAreWellFormed: ResourceRule = {
  name: "step-adjustments-are-well-formed",
  group: "scaling",
  displayName: "Steps have bounds that AWS takes, and do something",
  description:
    "The steps of a SageMaker variant's step policy have numbers for bounds, none is empty, none overlap or leave a gap, and each changes something.",
  why: "AWS refuses steps that overlap or leave a gap, and a step whose bounds are equal, or that adds nothing, never acts: the endpoint looks scaled and is not.",
  notJudged: "Whether the steps suit the alarm that fires them, which is the rule steps-answer-their-alarms.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    'Write the bounds as numbers in strings, leave out the outermost, for example { metricIntervalLowerBound: "0", scalingAdjustment: 1 }.',
  validateResource: looksAt([types.scalingPolicy], (props, report, args) => {
    if (textAt(props, "serviceNamespace") !== "sagemaker") return args.notApplicable("not scaling of SageMaker");
    const steps = stepsOf(props);
    if (steps === undefined) return args.notApplicable("not a step policy");
    if (steps.length === 0) return report("it has no step.");
    for (const problem of problemsOf(steps, adjustmentType(props))) report(problem);
  }),
};

/** What AWS says of steps: Application Auto Scaling API reference, StepAdjustment, read 2026-11-25. */
function problemsOf(steps: readonly Step[], type: unknown): string[] {
  const problems: string[] = [];
  for (const step of steps) {
    if (Number.isNaN(step.lower) || Number.isNaN(step.upper)) problems.push(`${between(step)} is not between numbers.`);
    else if (step.lower === step.upper) problems.push(`the step ${between(step)} is empty: it never acts.`);
    else if (step.lower > step.upper) problems.push(`the step ${between(step)} ends before it begins.`);
    else if (steps.length === 1 && step.lower === Number.NEGATIVE_INFINITY && step.upper === Number.POSITIVE_INFINITY)
      problems.push("its one step has neither bound.");
    if (type === "ExactCapacity" ? !(step.adjustment >= 0) : !step.adjustment)
      problems.push(`the step ${between(step)} adjusts by ${step.adjustment}.`);
  }
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    if (next === undefined || step.upper === next.lower) continue;
    if (step.upper > next.lower) problems.push(`the steps ${between(step)} and ${between(next)} overlap.`);
    else if (step.upper < next.lower) problems.push(`nothing acts from ${step.upper} to ${next.lower}.`);
  }
  const first = steps[0]?.lower ?? Number.NaN;
  const last = steps.at(-1)?.upper ?? Number.NaN;
  if (Number.isFinite(first) && first < 0) problems.push(`nothing acts below ${first}.`);
  if (Number.isFinite(last) && last > 0) problems.push(`nothing acts above ${last}.`);
  return problems;
}

function between({ lower, upper }: Step): string {
  return `from ${lower} to ${upper}`.replaceAll("-Infinity", "-∞").replaceAll("Infinity", "∞");
}
