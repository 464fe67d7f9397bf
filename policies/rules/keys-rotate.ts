import { textAt } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";
import { keyTypes } from "../security-resources";

export const keysRotate: ResourceRule = {
  name: "keys-rotate",
  group: "security",
  displayName: "Keys rotate",
  description: "A symmetric KMS key has its yearly rotation on.",
  why: "A key that never rotates protects everything ever written with the same material.",
  notJudged:
    "Asymmetric keys, keys with imported material or in a key store, which AWS does not rotate, and keys that are not in the stack.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set enableKeyRotation to true.",
  validateResource: looksAt([keyTypes.key], (props, report, args) => {
    const spec = textAt(props, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
    if (spec !== "SYMMETRIC_DEFAULT" || "customKeyStoreId" in props || "xksKeyId" in props)
      return args.notApplicable("not a key that AWS rotates");
    if (!("enableKeyRotation" in props) || props.enableKeyRotation !== true) report("enableKeyRotation is not true.");
  }),
};
