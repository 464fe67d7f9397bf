import { s3Types } from "../../../policies/storage-resources";
import { a, bucket, named, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const block = (change: object) =>
  named(
    "block",
    a(s3Types.publicAccessBlock[0], {
      bucket: unknown,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      ...change,
    }),
    { bucket: ["bucket"] },
  );

judgesStack("buckets-are-closed-to-the-public", [
  ["a bucket and its block", [bucket(), block({})], "complies"],
  ["the older name of a bucket", [{ ...bucket(), type: s3Types.bucket[1] }, block({})], "complies"],
  ["a bucket known by name", [bucket(), { ...block({ bucket: "bucket" }), dependsOn: {} }], "complies"],
  ["no block", [bucket()], /^the bucket bucket has no public access block\.$/],
  ["the older name without a block", [{ ...bucket(), type: s3Types.bucket[1] }], /has no public access block/],
  [
    "another bucket's block",
    [bucket(), { ...block({ bucket: "other" }), dependsOn: {} }],
    /has no public access block/,
  ],
  ["a setting off", [bucket(), block({ ignorePublicAcls: false })], /leaves out ignorePublicAcls\.$/],
  [
    "a setting left out",
    [bucket(), block({ restrictPublicBuckets: undefined })],
    /leaves out restrictPublicBuckets\.$/,
  ],
  ["a topic", [topic("ok")], "not applicable"],
  ["an unknown setting", [bucket(), block({ blockPublicAcls: unknown })], "unknown"],
]);
