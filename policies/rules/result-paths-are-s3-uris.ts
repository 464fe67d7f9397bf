import { inner, textAt } from "../async-resources";
import { inTurn, looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const resultPathsAreS3Uris: ResourceRule = {
  name: "result-paths-are-s3-uris",
  group: "storage",
  displayName: "Results and failures have a place in S3",
  description: "The paths of an asynchronous endpoint configuration are S3 URIs with a bucket and a prefix.",
  why: "AWS refuses a path that is no S3 URI only after everything else was made; results at the top of a bucket cannot be told from other objects by prefix.",
  notJudged: "Whether the bucket exists, and who may write to it.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Write the paths as s3://<bucket>/<prefix>/.",
  validateResource: looksAtAsyncConfigs((async, report) => {
    const output = inner(async, "outputConfig");
    inTurn(
      (["s3OutputPath", "s3FailurePath"] as const).map((key) => () => {
        const path = textAt(output, key);
        if (path === undefined) {
          if (key === "s3OutputPath") report("outputConfig.s3OutputPath is missing.");
        } else if (!/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/./.test(path))
          report(`${key} is ${path}: not s3://<bucket>/<prefix>/.`);
      }),
    );
  }),
};
