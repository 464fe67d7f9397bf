import { configurationOf, sameRegion, scales } from "../async-endpoints";
import { known, listAt, textAt, types } from "../async-resources";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";

export const scalingNamesARealVariant: StackRule = {
  name: "scaling-names-a-real-variant",
  group: "scaling",
  displayName: "Scaling names an endpoint and variant of the stack",
  description:
    "A scalable target's resource id names an endpoint of the stack in its region, and a variant of that endpoint's configuration.",
  why: "AWS refuses a target on a variant that does not exist, after everything else was made.",
  notJudged: "Endpoints and configurations that are not in the stack, and the dimension that is scaled.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Write the resource id as endpoint/<endpoint name>/variant/<variant name>, with the names the endpoint and its configuration have.",
  validateStack: looksAtStacksWith([types.target], (resources, report, args) => {
    const targets = ofType(resources, types.target).filter(({ props }) => props.serviceNamespace === "sagemaker");
    const endpoints = ofType(resources, types.endpoint);
    if (targets.length === 0 || endpoints.length === 0)
      return args.notApplicable("no scalable target of SageMaker, or no endpoint");
    const configurations = ofType(resources, types.endpointConfiguration);
    inTurn(
      targets.map((target) => () => {
        const endpoint = endpoints.find((each) => sameRegion(each, target) && scales(target, each));
        // Read here, where an unknown id is told: what it comes from may have named the endpoint, but never the variant.
        const id = String(target.props.resourceId);
        if (endpoint === undefined)
          return report(`${id} names no endpoint of this stack in ${known(target.props, "region")}.`, target.urn);
        const configuration = configurationOf(endpoint, configurations);
        if (configuration === undefined) return;
        const variant = id.split("/")[3];
        const variants = listAt(configuration.props, "productionVariants");
        if (!variants.some((each) => textAt(each, "variantName") === variant))
          report(`${id} names a variant that ${configuration.name} does not have.`, target.urn);
      }),
    );
  }),
};
