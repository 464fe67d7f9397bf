import { inner, textAt } from "../async-resources";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const failurePathIsNotTheResultPath: ResourceRule = {
  name: "failure-path-is-not-the-result-path",
  group: "storage",
  displayName: "Failures lie apart from results",
  description: "An asynchronous endpoint configuration names a failure path, and neither path lies within the other.",
  why: "Without a failure path SageMaker throws the reason of a failure away; within the result path a failure looks like a result.",
  notJudged: "Whether the bucket exists, and who may read it.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
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
