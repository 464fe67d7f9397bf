import { textAt, types } from "../async-resources";
import { isOneOf } from "../patterns";
import { productionDefault, stackOf } from "../production";
import { looksAt, type ResourceRule } from "../rule";

export const trialsScaleToZero: ResourceRule = {
  name: "trials-scale-to-zero",
  group: "cost",
  displayName: "Stacks that are not production scale to zero",
  description: "Outside production stacks a scalable target of SageMaker has the minimum 0.",
  why: "An instance that waits for nobody is paid for day and night; scale to zero is what asynchronous inference is chosen for.",
  notJudged:
    "Production stacks, by the parameter production; endpoints without a scalable target, and scheduled changes of the minimum.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set async-fleet:scaling.min to 0, or name the stack in this policy's production.",
  configSchema: {
    properties: {
      production: {
        type: "array",
        items: { type: "string" },
        default: [...productionDefault],
        description: "Names of production stacks; * stands for any text.",
      },
    },
  },
  validateResource: looksAt([types.target], (props, report, args) => {
    const production = args.getConfig<{ production?: readonly string[] }>().production ?? productionDefault;
    if (isOneOf(stackOf(args.urn), production)) return args.notApplicable("a production stack");
    if (textAt(props, "serviceNamespace") !== "sagemaker") return args.notApplicable("not a target of SageMaker");
    const min = props.minCapacity as number;
    if (min > 0)
      report(
        `minCapacity is ${min}: ${min === 1 ? "an instance is" : "instances are"} paid for while nothing is queued.`,
      );
  }),
};
