import { types } from "../async-resources";
import { ofType, type StackRule } from "../rule";

export const scalingNamesARealVariant: StackRule = {
  name: "scaling-names-a-real-variant",
  group: "scaling",
  displayName: "Scaling names an endpoint and variant of the stack",
  description:
    "A scalable target's resource id names an endpoint of the stack in its region, and a variant of a configuration there.",
  why: "AWS refuses a target on a variant that does not exist, after everything else was made.",
  notJudged: "Endpoints that are not in the stack.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Write the resource id as endpoint/<endpoint name>/variant/<variant name>, with the names the endpoint and its configuration have.",
  validateStack: (args, report) => {
    const targets = ofType(args.resources, types.target).filter(({ props }) => props.serviceNamespace === "sagemaker");
    if (targets.length === 0) return args.notApplicable("no scalable target of SageMaker");
    const endpoints = ofType(args.resources, types.endpoint);
    const configurations = ofType(args.resources, types.endpointConfiguration);
    for (const { props, urn } of targets) {
      const [, endpointName, , variantName] = String(props.resourceId).split("/");
      const endpoint = endpoints.find((each) => each.props.name === endpointName && each.props.region === props.region);
      if (endpoint === undefined) {
        report(`${props.resourceId} names no endpoint of this stack in ${props.region}.`, urn);
        continue;
      }
      const variants = configurations
        .filter((each) => each.props.region === props.region)
        .flatMap((each) =>
          (each.props.productionVariants as ReadonlyArray<{ variantName?: string }>).map(
            (variant) => variant.variantName,
          ),
        );
      if (!variants.includes(variantName))
        report(`${props.resourceId} names a variant no configuration in ${props.region} has.`, urn);
    }
  },
};
