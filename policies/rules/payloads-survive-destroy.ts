import { isOneOf } from "../patterns";
import { productionDefault, stackOf } from "../production";
import { looksAt, type ResourceRule } from "../rule";
import { s3Types } from "../storage-resources";

export const payloadsSurviveDestroy: ResourceRule = {
  name: "payloads-survive-destroy",
  group: "storage",
  displayName: "Production buckets are not emptied by destroy",
  description: "In a production stack no bucket has forceDestroy.",
  why: "With forceDestroy a destroy, or a replacement of the bucket, deletes every payload and result in it without asking.",
  notJudged: "Stacks whose name the parameter production does not match.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set forceDestroy to false, or empty the bucket by hand before you destroy it.",
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
  validateResource: looksAt(s3Types.bucket, (props, report, args) => {
    const production = args.getConfig<{ production?: readonly string[] }>().production ?? productionDefault;
    if (!isOneOf(stackOf(args.urn), production)) return args.notApplicable("not a production stack");
    if ("forceDestroy" in props && props.forceDestroy === true)
      report("forceDestroy is true: destroying the stack deletes every payload and result.");
  }),
};
