import type { ResourceValidationPolicy } from "@pulumi/policy";
import { inner, textAt } from "../async-resources";
import { looksAtAsyncConfigs } from "../rule";

/** Without a failure path SageMaker throws the reason of a failure away; within the result path it looks like a result. */
export const failurePathIsNotTheResultPath: ResourceValidationPolicy = {
  name: "failure-path-is-not-the-result-path",
  displayName: "Failures lie apart from results",
  description: "An asynchronous endpoint configuration names a failure path, and neither path lies within the other.",
  severity: "medium",
  enforcementLevel: "mandatory",
  tags: ["storage"],
  remediationSteps: "Set asyncInferenceConfig.outputConfig.s3FailurePath to a prefix beside s3OutputPath.",
  validateResource: looksAtAsyncConfigs((async, report) => {
    const output = inner(async, "outputConfig");
    const results = folder(textAt(output, "s3OutputPath"));
    const failures = folder(textAt(output, "s3FailurePath"));
    if (failures === undefined) report("outputConfig.s3FailurePath is missing: why a request failed is not kept.");
    else if (results !== undefined && (failures.startsWith(results) || results.startsWith(failures))) {
      report("s3FailurePath and s3OutputPath lie within each other.");
    }
  }),
};

function folder(path: string | undefined): string | undefined {
  return path === undefined ? undefined : `${path.replace(/\/+$/, "")}/`;
}
