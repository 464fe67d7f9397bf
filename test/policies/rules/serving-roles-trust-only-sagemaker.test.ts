import { roleTypes } from "../../../policies/security-resources";
import { a, policy } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const source = { StringEquals: { "aws:SourceAccount": "123456789012" } };
const allow = (principal: unknown, condition: object) => ({
  Effect: "Allow",
  Principal: principal,
  Action: "sts:AssumeRole",
  Condition: condition,
});
const trusting = (principal: unknown, condition: object = source) =>
  a(roleTypes.role, { assumeRolePolicy: policy(allow(principal, condition)) });

judges("serving-roles-trust-only-sagemaker", [
  ["SageMaker for one account", trusting({ Service: "sagemaker.amazonaws.com" }), "complies"],
  ["SageMaker for any account", trusting({ Service: "sagemaker.amazonaws.com" }, {}), /on behalf of any account/],
  [
    "SageMaker for any account but of a date",
    trusting({ Service: "sagemaker.amazonaws.com" }, { DateLessThan: { "aws:CurrentTime": "2030-01-01" } }),
    /on behalf of any account/,
  ],
  [
    "a second service",
    trusting({ Service: ["sagemaker.amazonaws.com", "lambda.amazonaws.com"] }),
    /trusts Service:lambda\.amazonaws\.com, too/,
  ],
  ["an account", trusting({ Service: "sagemaker.amazonaws.com", AWS: "123456789012" }), /trusts AWS:123456789012, too/],
  [
    "everybody, and SageMaker",
    a(roleTypes.role, {
      assumeRolePolicy: policy(allow({ Service: "sagemaker.amazonaws.com" }, source), allow("*", source)),
    }),
    /trusts \*, too/,
  ],
  ["another service's role", trusting({ Service: "lambda.amazonaws.com" }), "not applicable"],
  ["no JSON", a(roleTypes.role, { assumeRolePolicy: "sagemaker" }), /no policy document/],
  ["an unknown trust", a(roleTypes.role, { assumeRolePolicy: unknown }), "unknown"],
]);
