import { roleTypes } from "../../../policies/security-resources";
import { a } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const attached = (policyArn: string) => a(roleTypes.attachment, { role: "r", policyArn });

judges("roles-have-no-full-access", [
  ["a narrow policy", attached("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"), "complies"],
  [
    "full access to SageMaker",
    attached("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"),
    /^AmazonSageMakerFullAccess is attached\.$/,
  ],
  ["administration", attached("arn:aws:iam::aws:policy/AdministratorAccess"), /^AdministratorAccess is attached/],
  [
    "full access on the role itself",
    a(roleTypes.role, { managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"] }),
    /^AmazonS3FullAccess is attached/,
  ],
  [
    "full access beside an unknown policy",
    a(roleTypes.role, { managedPolicyArns: [unknown, "arn:aws:iam::aws:policy/AmazonS3FullAccess"] }),
    /^AmazonS3FullAccess is attached/,
  ],
  [
    "full access for several",
    a(roleTypes.attachments, { policyArn: "arn:aws:iam::aws:policy/PowerUserAccess" }),
    /^PowerUserAccess is attached/,
  ],
  ["a role that has none here", a(roleTypes.role, {}), "not applicable"],
  ["an unknown policy", attached(unknown), "unknown"],
]);
