import { inner, listAt, textAt } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";
import { s3Types } from "../storage-resources";

export const bucketAclsAreOff: ResourceRule = {
  name: "bucket-acls-are-off",
  group: "storage",
  displayName: "Buckets have no access lists",
  description: "No bucket is given an ACL or grants, and ownership controls enforce the bucket owner.",
  why: "ACLs give access beside policies, object by object, where nobody looks for it; an object its writer owns escapes the bucket's policy.",
  notJudged: "Buckets without ownership controls: new ones have ACLs off.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [{ source: "Checkov", ids: ["CKV2_AWS_65"] }],
  remediationSteps: "Remove acl and grants, and set objectOwnership to BucketOwnerEnforced.",
  validateResource: looksAt([...s3Types.bucket, ...s3Types.acl, ...s3Types.ownership], (props, report, args) => {
    if ((s3Types.acl as readonly string[]).includes(args.type))
      return report("a bucket ACL gives access beside policies.");
    if ((s3Types.ownership as readonly string[]).includes(args.type)) {
      const ownership = textAt(inner(props, "rule"), "objectOwnership");
      if (ownership !== "BucketOwnerEnforced") report(`objectOwnership is ${ownership}: ACLs stay in force.`);
      return;
    }
    inTurn([
      () => {
        const acl = textAt(props, "acl");
        if (acl !== undefined && acl !== "private") report(`acl is ${acl}.`);
      },
      () => {
        if (listAt(props, "grants").length > 0) report("grants are set.");
      },
    ]);
  }),
};
