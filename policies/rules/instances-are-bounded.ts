import { asyncConfig, inner, listAt, textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";

const scheduledAction = "aws:appautoscaling/scheduledAction:ScheduledAction";
/** Enough for most fleets, few enough to be seen on a bill in time. */
const maxInstancesDefault = 20;

export const instancesAreBounded: ResourceRule = {
  name: "instances-are-bounded",
  group: "cost",
  displayName: "Instances are bounded",
  description:
    "No scalable target or scheduled action of SageMaker goes beyond a bound of instances, and no variant starts above it.",
  why: "A queue that fills by mistake, or a typing error, buys instances until somebody notices the bill.",
  notJudged: "What an instance costs, and how many endpoints there are.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Lower the maximum (async-fleet:scaling.max), or raise this policy's maxInstances.",
  configSchema: {
    properties: {
      maxInstances: {
        type: "integer",
        minimum: 1,
        default: maxInstancesDefault,
        description: "Most instances one variant may have.",
      },
    },
  },
  validateResource: looksAt([types.target, scheduledAction, types.endpointConfiguration], (props, report, args) => {
    const maxInstances = args.getConfig<{ maxInstances?: number }>().maxInstances ?? maxInstancesDefault;
    const within = (what: string, count: unknown): void => {
      if (typeof count === "number" && count > maxInstances) report(`${what} is ${count}, above ${maxInstances}.`);
    };
    if (args.type === types.endpointConfiguration) {
      if (asyncConfig(props) === undefined) return args.notApplicable("not an asynchronous endpoint");
      return inTurn(
        listAt(props, "productionVariants").map(
          (variant) => () => within("initialInstanceCount", variant.initialInstanceCount),
        ),
      );
    }
    if (textAt(props, "serviceNamespace") !== "sagemaker") return args.notApplicable("not a target of SageMaker");
    if (args.type === types.target) return within("maxCapacity", props.maxCapacity);
    const action = inner(props, "scalableTargetAction");
    inTurn([() => within("maxCapacity", action?.maxCapacity), () => within("minCapacity", action?.minCapacity)]);
  }),
};
