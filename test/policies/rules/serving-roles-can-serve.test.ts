import { roleTypes } from "../../../policies/security-resources";
import {
  a,
  configuration,
  configurationWithVariant,
  errorArn,
  model,
  named,
  policy,
  successArn,
} from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const publish = { Effect: "Allow", Action: "sns:Publish", Resource: [successArn, errorArn] };
const write = {
  Effect: "Allow",
  Action: ["s3:PutObject"],
  Resource: ["arn:aws:s3:::bucket/results/*", "arn:aws:s3:::bucket/failures/*"],
};
const config = { ...named("config", configuration()), dependsOn: { productionVariants: ["model"] } };
const served = [
  config,
  named("role", a(roleTypes.role, { name: "serving" })),
  { ...named("model", model({ executionRoleArn: unknown })), dependsOn: { executionRoleArn: ["role"] } },
];
const rights = (...statements: readonly object[]) =>
  named("rights", a(roleTypes.rolePolicy, { role: unknown, policy: policy(...statements) }), { role: ["role"] });

judgesStack("serving-roles-can-serve", [
  ["a role that may", [...served, rights(publish, write)], "complies"],
  [
    "a role that may by wildcards",
    [...served, rights({ ...publish, Action: "sns:*", Resource: "*" }, { ...write, Resource: "arn:aws:s3:::buck*" })],
    "complies",
  ],
  [
    "a role that may not publish",
    [...served, rights(write)],
    /^role may not sns:publish on arn:aws:sns:eu-west-1:123456789012:ok\.\nrole may not sns:publish on .*:bad\.$/,
  ],
  [
    "a role that may not write failures",
    [...served, rights(publish, { ...write, Resource: "arn:aws:s3:::bucket/results/*" })],
    /^role may not s3:putobject on arn:aws:s3:::bucket\/failures\/\.$/,
  ],
  [
    "a role that is denied everything",
    [...served, rights({ ...publish, Effect: "Deny" }, write)],
    /may not sns:publish/,
  ],
  [
    "a role with a policy from elsewhere",
    [
      ...served,
      rights(write),
      named("attachment", a(roleTypes.attachment, { role: unknown, policyArn: "arn:aws:iam::123456789012:policy/p" }), {
        role: ["role"],
      }),
    ],
    "not applicable",
  ],
  [
    "a role that is not in the stack",
    [config, named("model", model({ executionRoleArn: "arn:aws:iam::123456789012:role/other" }))],
    "not applicable",
  ],
  [
    "a role with a policy that is shared with others",
    [...served, rights(write), named("shared", a(roleTypes.attachments, { roles: ["serving"], policyArn: "arn:p" }))],
    "not applicable",
  ],
  [
    "a model of the same name in another region, whose role may less",
    [
      named("config", configurationWithVariant({ modelName: "m" })),
      named("here", model({ name: "m", executionRoleArn: "arn:aws:iam::123456789012:role/here" })),
      named("role-here", a(roleTypes.role, { name: "here" })),
      named("rights-here", a(roleTypes.rolePolicy, { role: "here", policy: policy(publish, write) })),
      named(
        "there",
        model({ name: "m", region: "us-east-1", executionRoleArn: "arn:aws:iam::123456789012:role/there" }),
      ),
      named("role-there", a(roleTypes.role, { name: "there" })),
    ],
    "complies",
  ],
  [
    "unknown rights",
    [...served, named("rights", a(roleTypes.rolePolicy, { role: unknown, policy: unknown }), { role: ["role"] })],
    "unknown",
  ],
]);
