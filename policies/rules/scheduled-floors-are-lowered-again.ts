import { looksAtAsyncEndpoints, scalingOf } from "../async-endpoints";
import { inner, numberAt, types } from "../async-resources";
import type { StackRule } from "../rule";

export const scheduledFloorsAreLoweredAgain: StackRule = {
  name: "scheduled-floors-are-lowered-again",
  group: "scaling",
  displayName: "A scheduled minimum is taken back",
  description:
    "Where a scheduled action lifts an asynchronous endpoint's minimum above its target's, another brings it back.",
  why: "A scheduled minimum stays after its hour: the endpoint never sleeps again, and the program still says 0.",
  notJudged: "When the actions run, and in which order.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Add a scheduled action whose minCapacity is the target's.",
  validateStack: looksAtAsyncEndpoints("scheduled action on an asynchronous endpoint", (each, say, { resources }) => {
    const actions = scalingOf(each, resources, types.scheduledAction);
    const [target] = scalingOf(each, resources, types.target);
    if (actions.length === 0 || target === undefined) return false;
    const floor = numberAt(target.props, "minCapacity") ?? 0;
    const minimums = actions.map(({ name, props }) => ({
      name,
      min: numberAt(inner(props, "scalableTargetAction"), "minCapacity"),
    }));
    const lifting = minimums.filter(({ min }) => min !== undefined && min > floor).map(({ name }) => name);
    const lowered = minimums.some(({ min }) => min !== undefined && min <= floor);
    if (lifting.length > 0 && !lowered)
      say(`${lifting.join(", ")} lifts the minimum above ${floor}, and no action brings it back.`, target);
    return true;
  }),
};
