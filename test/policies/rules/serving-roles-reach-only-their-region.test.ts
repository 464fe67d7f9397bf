import { roleTypes } from "../../../policies/security-resources";
import { a, bucket, model, named, policy, successArn } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const role = named("role", a(roleTypes.role, { name: "serving" }));
const served = { ...named("model", model({ executionRoleArn: unknown })), dependsOn: { executionRoleArn: ["role"] } };
const may = (Action: unknown, Resource: unknown) =>
  named("rights", a(roleTypes.rolePolicy, { role: unknown, policy: policy({ Effect: "Allow", Action, Resource }) }), {
    role: ["role"],
  });

judgesStack("serving-roles-reach-only-their-region", [
  ["a bucket of the region", [role, served, bucket(), may("s3:GetObject", "arn:aws:s3:::bucket/*")], "complies"],
  ["a topic of the region", [role, served, may("sns:Publish", successArn)], "complies"],
  [
    "a topic elsewhere",
    [role, served, may("sns:Publish", successArn.replace("eu-west-1", "us-east-1"))],
    /^role serves eu-west-1 and may use arn:aws:sns:us-east-1/,
  ],
  [
    "topics of every region",
    [role, served, may("sns:Publish", "arn:aws:sns:*:123456789012:ok")],
    /may use arn:aws:sns:\*/,
  ],
  [
    "a bucket elsewhere",
    [role, served, bucket({ region: "us-east-1" }), may("s3:GetObject", "arn:aws:s3:::bucket/*")],
    /may use the bucket bucket in us-east-1/,
  ],
  [
    "a family of buckets, one of them elsewhere",
    [role, served, bucket({ region: "us-east-1" }), may("s3:GetObject", "arn:aws:s3:::buck*")],
    /may use the bucket bucket in us-east-1/,
  ],
  [
    "a bucket elsewhere by a managed policy",
    [
      role,
      served,
      bucket({ region: "us-east-1" }),
      named(
        "managed",
        a(roleTypes.policy, {
          policy: policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*" }),
        }),
      ),
      named("attachment", a(roleTypes.attachment, { role: unknown, policyArn: unknown }), {
        role: ["role"],
        policyArn: ["managed"],
      }),
    ],
    /in us-east-1/,
  ],
  [
    "a denial elsewhere",
    [
      role,
      served,
      named(
        "rights",
        a(roleTypes.rolePolicy, {
          role: "serving",
          policy: policy({ Effect: "Deny", Action: "sns:Publish", Resource: "arn:aws:sns:us-east-1:123456789012:x" }),
        }),
      ),
    ],
    "complies",
  ],
  [
    "a role no model runs with",
    [
      role,
      may("sns:Publish", "arn:aws:sns:us-east-1:123456789012:x"),
      named("model", model({ executionRoleArn: "arn:aws:iam::123456789012:role/other" })),
    ],
    "not applicable",
  ],
  [
    "unknown rights",
    [role, served, named("rights", a(roleTypes.rolePolicy, { role: unknown, policy: unknown }), { role: ["role"] })],
    "unknown",
  ],
]);
