import { regionInfo, supportedRegions } from "../../contract/regions";
import { textAt, types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";

/**
 * Asynchronous inference was announced for every commercial region with SageMaker but Osaka, Milan and Cape Town. AWS's
 * list of 2026 has those too, so a team may allow them, with a reason.
 */
export const regionIsSupported: ResourceRule = {
  name: "region-is-supported",
  group: "regions",
  displayName: "The region is supported",
  description:
    "An asynchronous endpoint configuration is in a supported commercial region, or in one allowed with a reason.",
  why: "In a region without asynchronous inference the endpoint is refused after everything else was made.",
  notJudged: "Whether the account has opted in to the region, and whether the instance type is offered there.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Deploy to a region that `npx fleet regions` lists, or allow the region in this policy's configuration with a reason.",
  configSchema: {
    properties: {
      allowed: {
        type: "object",
        additionalProperties: { type: "string", minLength: 10 },
        default: {},
        description: "Why a region that is not supported by default may be used, by its code.",
      },
    },
  },
  validateResource: looksAt([types.endpointConfiguration], (props, report, args) => {
    if (!("asyncInferenceConfig" in props)) return args.notApplicable("not an asynchronous endpoint");
    const region = textAt(props, "region");
    if (region === undefined) return report("region is missing: the endpoint would land in the provider's own region.");
    const allowed = args.getConfig<{ allowed?: Record<string, string> }>().allowed ?? {};
    if (supportedRegions.includes(region) || (allowed[region] ?? "").trim().length >= 10) return;
    report(
      regionInfo(region) === undefined
        ? `${region} is not a commercial region with SageMaker.`
        : `${region} is excluded by default: the announcement of 2021 left it out.`,
    );
  }),
};
