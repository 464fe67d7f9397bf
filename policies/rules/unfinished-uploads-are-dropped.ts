import { types } from "../async-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { lifecyclesOf, payloadBucketsOf } from "../storage-resources";

export const unfinishedUploadsAreDropped: StackRule = {
  name: "unfinished-uploads-are-dropped",
  group: "storage",
  displayName: "Unfinished uploads are dropped",
  description:
    "Each bucket an asynchronous endpoint writes to has an enabled lifecycle rule on the whole bucket that aborts unfinished multipart uploads.",
  why: "Parts of an upload that broke off are paid for, and hold content, until somebody aborts it; no listing of objects shows them.",
  notJudged: "Buckets that are not in the stack, and how many days are given.",
  severity: "low",
  enforcementLevel: "mandatory",
  controls: [{ source: "Checkov", ids: ["CKV_AWS_300"] }],
  remediationSteps: "Add a lifecycle rule without prefix with abortIncompleteMultipartUpload.daysAfterInitiation.",
  validateStack: looksAtStacksWith([types.endpointConfiguration], (resources, report, args) => {
    const buckets = payloadBucketsOf(resources);
    if (buckets.length === 0)
      return args.notApplicable("no bucket of the stack that an asynchronous endpoint writes to");
    inTurn(
      buckets.map((bucket) => () => {
        if (
          !lifecyclesOf(bucket, resources).some(
            (rule) => rule.dropsUnfinishedUploads && !rule.narrowed && rule.prefix === "",
          )
        )
          report(
            `no lifecycle rule on all of the bucket ${bucket.name} aborts unfinished multipart uploads.`,
            bucket.urn,
          );
      }),
    );
  }),
};
