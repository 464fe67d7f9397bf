import { inner, numberAt, type Props, textAt, types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";

export const scalingBoundsAreInOrder: ResourceRule = {
  name: "scaling-bounds-are-in-order",
  group: "scaling",
  displayName: "Scaling has a maximum of at least one, not below its minimum",
  description:
    "A scalable target and a scheduled action of a SageMaker variant have a maximum of at least 1 and not below the minimum.",
  why: "A maximum of 0 keeps every request waiting until it expires, and AWS refuses a minimum above the maximum after everything else was made.",
  notJudged: "Whether the account's quota holds the maximum, and a scheduled action that sets one bound alone.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set maxCapacity to at least 1 and at least minCapacity.",
  validateResource: looksAt([types.target, types.scheduledAction], (props, report, args) => {
    if (textAt(props, "serviceNamespace") !== "sagemaker") return args.notApplicable("not scaling of SageMaker");
    const scheduled = args.type === types.scheduledAction;
    const bounds: Props | undefined = scheduled ? inner(props, "scalableTargetAction") : props;
    const max = numberAt(bounds, "maxCapacity");
    if (max === undefined ? !scheduled : !(max >= 1))
      report(`maxCapacity is ${max ?? "missing"}: no instance may ever serve.`);
    if (max === undefined) return;
    const min = numberAt(bounds, "minCapacity");
    if (min !== undefined && min > max) report(`minCapacity ${min} is above maxCapacity ${max}.`);
  }),
};
