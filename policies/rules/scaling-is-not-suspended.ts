import { inner, numberAt, textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";

export const scalingIsNotSuspended: ResourceRule = {
  name: "scaling-is-not-suspended",
  group: "scaling",
  displayName: "Scaling is not suspended",
  description: "A scalable target of a SageMaker variant suspends neither growing nor shrinking.",
  why: "Suspended by hand in an emergency and then kept in code, scaling out never wakes the endpoint and scaling in pays for idle instances for ever.",
  notJudged: "Scheduled scaling that is suspended, and what was suspended outside the program.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Remove suspendedState from the scalable target.",
  validateResource: looksAt([types.target], (props, report, args) => {
    if (textAt(props, "serviceNamespace") !== "sagemaker") return args.notApplicable("not scaling of SageMaker");
    const suspended = inner(props, "suspendedState");
    const isTrue = (key: string): boolean => (textAt(suspended, key) as unknown) === true;
    inTurn([
      () => {
        if (!isTrue("dynamicScalingOutSuspended")) return;
        report(
          numberAt(props, "minCapacity") === 0
            ? "dynamicScalingOutSuspended is true: the endpoint never wakes."
            : "dynamicScalingOutSuspended is true: the endpoint never grows.",
        );
      },
      () => {
        if (isTrue("dynamicScalingInSuspended"))
          report("dynamicScalingInSuspended is true: instances are never taken away.");
      },
    ]);
  }),
};
