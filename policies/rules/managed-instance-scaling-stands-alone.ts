import { looksAtAsyncEndpoints, scalingOf } from "../async-endpoints";
import { inner, listAt, textAt, types } from "../async-resources";
import type { StackRule } from "../rule";

export const managedInstanceScalingStandsAlone: StackRule = {
  name: "managed-instance-scaling-stands-alone",
  group: "scaling",
  displayName: "One scaler sets the number of instances",
  description:
    "A variant of an asynchronous endpoint with managed instance scaling has no scalable target of Application Auto Scaling.",
  why: "Managed instance scaling is for inference components; beside a scalable target two scalers set one number against each other.",
  notJudged: "Whether AWS takes managed instance scaling on an asynchronous endpoint.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Remove managedInstanceScaling from the variant.",
  validateStack: looksAtAsyncEndpoints("asynchronous endpoint", (each, say, { resources }) => {
    const managed = listAt(each.configuration.props, "productionVariants").some((variant) => {
      const scaling = inner(variant, "managedInstanceScaling");
      return scaling !== undefined && textAt(scaling, "status") !== "DISABLED";
    });
    if (managed && scalingOf(each, resources, types.target).length > 0)
      say("managedInstanceScaling and a scalable target.", each.configuration);
    return true;
  }),
};
