import { roleTypes } from "../../../policies/security-resources";
import { a, policy } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const of = (statement: object) =>
  a(roleTypes.rolePolicy, {
    role: "r",
    policy: policy({ Effect: "Allow", Resource: "arn:aws:s3:::b/*", ...statement }),
  });

judges("role-policies-name-their-resources", [
  ["a bucket's objects", of({ Action: "s3:GetObject" }), "complies"],
  ["signing in to ECR", of({ Action: "ecr:GetAuthorizationToken", Resource: "*" }), "complies"],
  [
    "network interfaces in a VPC",
    of({ Action: ["ec2:CreateNetworkInterface", "ec2:DescribeSubnets"], Resource: "*" }),
    "complies",
  ],
  [
    "every bucket",
    of({ Action: ["s3:GetObject", "cloudwatch:PutMetricData"], Resource: "*" }),
    /^a statement allows s3:getobject on every resource\.$/,
  ],
  ["everything among names", of({ Action: "s3:GetObject", Resource: ["arn:aws:s3:::b/*", "*"] }), /on every resource/],
  [
    "all but one",
    of({ Action: "s3:GetObject", Resource: undefined, NotResource: "arn:aws:s3:::b/*" }),
    /on every resource/,
  ],
  [
    "another action, allowed by configuration",
    of({ Action: "textract:DetectText", Resource: "*" }),
    "complies",
    { allowed: ["textract:*"] },
  ],
  ["a denial", of({ Effect: "Deny", Action: "s3:*", Resource: "*" }), "complies"],
  ["a role without policies", a(roleTypes.role, {}), "not applicable"],
  ["an unknown policy", a(roleTypes.rolePolicy, { policy: unknown }), "unknown"],
]);
