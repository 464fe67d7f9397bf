import { roleTypes } from "../../../policies/security-resources";
import { a, policy } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const of = (statement: object) =>
  a(roleTypes.rolePolicy, {
    role: "r",
    policy: policy({ Effect: "Allow", Resource: "arn:aws:s3:::b/*", ...statement }),
  });

judges("role-policies-name-their-actions", [
  ["two actions", of({ Action: ["s3:GetObject", "s3:PutObject"] }), "complies"],
  ["everything", of({ Action: "*" }), /^a statement allows \*\.$/],
  ["everything of a service", of({ Action: ["s3:GetObject", "S3:*"] }), /^a statement allows s3:\*\.$/],
  ["a family of actions", of({ Action: "kms:GenerateDataKey*" }), "complies"],
  ["all but one", of({ NotAction: "iam:*" }), /NotAction/],
  ["a denial of everything", of({ Effect: "Deny", Action: "*" }), "complies"],
  [
    "a managed policy of the stack",
    a(roleTypes.policy, { policy: policy({ Effect: "Allow", Action: "sns:*", Resource: "*" }) }),
    /allows sns:\*/,
  ],
  [
    "a policy within the role",
    a(roleTypes.role, { inlinePolicies: [{ name: "p", policy: policy({ Effect: "Allow", Action: "*" }) }] }),
    /allows \*/,
  ],
  ["no JSON", a(roleTypes.rolePolicy, { policy: "all" }), /no policy document/],
  ["a role without policies", a(roleTypes.role, {}), "not applicable"],
  ["an unknown policy", a(roleTypes.rolePolicy, { policy: unknown }), "unknown"],
]);
