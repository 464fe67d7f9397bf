import { s3Types } from "../../../policies/storage-resources";
import { a, bucket, named, policy, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const both = '["arn:aws:s3:::bucket","arn:aws:s3:::bucket/*"]';
const refuses = policy({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
const beside = (document: unknown) =>
  named("policy", a(s3Types.policy[0], { bucket: unknown, policy: document }), { bucket: ["bucket"] });

judgesStack("buckets-refuse-plain-http", [
  ["a policy beside the bucket", [bucket(), beside(refuses)], "complies"],
  ["a policy in the bucket", [bucket({ policy: refuses })], "complies"],
  ["a document that is an object", [bucket(), beside(JSON.parse(refuses))], "complies"],
  ["any resource", [bucket(), beside(refuses.replace(both, '"*"'))], "complies"],
  ["no policy", [bucket()], /^no policy of the bucket bucket refuses calls without TLS/],
  ["objects only", [bucket(), beside(refuses.replace(both, '"arn:aws:s3:::bucket/*"'))], /on it and on its objects/],
  ["the bucket only", [bucket(), beside(refuses.replace(both, '"arn:aws:s3:::bucket"'))], /on it and on its objects/],
  ["reading only", [bucket(), beside(refuses.replace("s3:*", "s3:GetObject"))], /refuses calls without TLS/],
  [
    "a condition that is never met",
    [bucket(), beside(refuses.replace('"false"', '"true"'))],
    /refuses calls without TLS/,
  ],
  ["a topic", [topic("ok")], "not applicable"],
  ["an unknown policy", [bucket(), beside(unknown)], "unknown"],
]);
