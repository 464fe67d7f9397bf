import { s3Types } from "../../../policies/storage-resources";
import { a, bucket, topic } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("bucket-acls-are-off", [
  ["a bucket without", bucket(), "complies"],
  ["an owner enforced", a(s3Types.ownership[0], { rule: { objectOwnership: "BucketOwnerEnforced" } }), "complies"],
  [
    "an owner preferred",
    a(s3Types.ownership[0], { rule: { objectOwnership: "BucketOwnerPreferred" } }),
    /objectOwnership is BucketOwnerPreferred/,
  ],
  ["a public bucket", bucket({ acl: "public-read" }), /^acl is public-read\.$/],
  ["a bucket with grants", bucket({ grants: [{ permissions: ["READ"], type: "Group" }] }), /^grants are set\.$/],
  ["grants beside an unknown acl", bucket({ acl: unknown, grants: [{ permissions: ["READ"] }] }), /^grants are set\.$/],
  ["an ACL beside the bucket", a(s3Types.acl[0], { acl: "private" }), /gives access beside policies/],
  ["the same by its older name", a(s3Types.acl[1], { acl: "private" }), /gives access beside policies/],
  ["a topic", topic("ok"), "not applicable"],
  ["an unknown acl", bucket({ acl: unknown }), "unknown"],
]);
