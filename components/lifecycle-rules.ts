import type * as aws from "@pulumi/aws";
import { prefixes } from "../contract/requests";
import type { RegionSettings } from "../contract/settings";

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** Days after which the parts of an upload that was never finished are deleted. They are paid for and seen by nobody. */
const unfinishedUploadDays = 1;

/**
 * When what lies in the bucket is deleted: payloads, results and failures by their own ages, unfinished uploads after a
 * day. The model's files have no age: they go with the deployment that put them there.
 *
 * In a versioned bucket expiry only hides, so what is hidden is deleted after `noncurrentDays` more, under every prefix,
 * and so are markers that hide nothing any more.
 */
export function lifecycleRules({ retentionDays, versioning }: RegionSettings["storage"]): Rule[] {
  const expiring = (["inputs", "results", "failures"] as const).map((kind) => ({
    id: kind,
    status: "Enabled",
    filter: { prefix: prefixes[kind] },
    expiration: { days: retentionDays[kind] },
  }));
  const unfinished = {
    id: "unfinished-uploads",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: unfinishedUploadDays },
  };
  if (versioning === false) return [...expiring, unfinished];
  return [
    ...expiring,
    unfinished,
    {
      id: "hidden-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: versioning.noncurrentDays },
      expiration: { expiredObjectDeleteMarker: true },
    },
  ];
}
