import { listAt, textAt } from "../async-resources";
import { inTurn, looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const instanceTypeIsOffered: ResourceRule = {
  name: "instance-type-is-offered",
  group: "regions",
  displayName: "The instance type is offered in the region",
  description:
    "The instance type of an asynchronous endpoint configuration is one that this rule's parameters name for the region.",
  why: "A type that a region does not offer, or that the account has no quota for there, stops the deployment of that region after everything else was made.",
  notJudged:
    "Regions that the parameters do not name: AWS publishes no list, so only a list of the team's own, such as its quotas, can be compared with.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Choose a type of the list by async-fleet:overrides.<region>.endpoint.instanceType, or add it to the list once its quota is there.",
  configSchema: {
    properties: {
      offered: {
        type: "object",
        additionalProperties: { type: "array", items: { type: "string", pattern: "^ml\\." } },
        default: {},
        description: "Instance types by region code.",
      },
    },
  },
  validateResource: looksAtAsyncConfigs((_async, report, args, props) => {
    const { offered = {} } = args.getConfig<{ offered?: Record<string, string[]> }>();
    if (Object.keys(offered).length === 0) return args.notApplicable("no instance types are listed");
    const region = textAt(props, "region") ?? "";
    const types = offered[region];
    if (types === undefined) return args.notApplicable(`no instance types are listed for ${region}`);
    inTurn(
      listAt(props, "productionVariants").map((variant) => () => {
        const type = textAt(variant, "instanceType");
        if (type !== undefined && !types.includes(type)) report(`${type} is not listed for ${region}.`);
      }),
    );
  }),
};
