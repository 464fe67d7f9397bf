import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const bucket = (props: object) => ({ type: "aws:s3/bucket:Bucket", props });

judges("every-resource-names-its-region", [
  ["a bucket with its region", bucket({ region: "eu-west-1" }), "complies"],
  ["a bucket without", bucket({}), /region is missing/],
  ["a role", { type: "aws:iam/role:Role", props: {} }, "not applicable"],
  ["an unknown region, which is a region", bucket({ region: unknown }), "complies"],
]);
