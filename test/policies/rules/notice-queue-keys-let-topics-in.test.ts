import { keyTypes } from "../../../policies/security-resources";
import { a, configuration, named, policy, queue, subscription, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const heard = [named("config", configuration()), topic("ok"), subscription()];
const account = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::123456789012:root" },
  Action: "kms:*",
  Resource: "*",
};
const sns = {
  Effect: "Allow",
  Principal: { Service: "sns.amazonaws.com" },
  Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
  Resource: "*",
};
const keyWith = (statement: object | undefined) =>
  named(
    "key",
    a(keyTypes.key, { region: "eu-west-1", policy: statement === undefined ? undefined : policy(statement) }),
  );
const encrypted = { ...queue({ kmsMasterKeyId: unknown }), dependsOn: { kmsMasterKeyId: ["key"] } };

judgesStack("notice-queue-keys-let-topics-in", [
  ["a key that lets SNS in", [...heard, keyWith(sns), encrypted], "complies"],
  [
    "a policy beside the key",
    [
      ...heard,
      keyWith(undefined),
      named("policy", a(keyTypes.keyPolicy, { keyId: unknown, policy: policy(sns) }), { keyId: ["key"] }),
      encrypted,
    ],
    "complies",
  ],
  [
    "a key for the account alone",
    [...heard, keyWith(account), encrypted],
    /does not allow sns\.amazonaws\.com kms:generatedatakey and kms:decrypt/,
  ],
  [
    "half of the rights",
    [...heard, keyWith({ ...sns, Action: "kms:Decrypt" }), encrypted],
    /sns\.amazonaws\.com kms:generatedatakey: the queue queue/,
  ],
  [
    "a key named by its alias",
    [
      ...heard,
      keyWith(account),
      named("alias", a(keyTypes.alias, { region: "eu-west-1", name: "alias/mine", targetKeyId: unknown }), {
        targetKeyId: ["key"],
      }),
      queue({ kmsMasterKeyId: "alias/mine" }),
    ],
    /does not allow sns/,
  ],
  ["a key from elsewhere", [...heard, queue({ kmsMasterKeyId: "alias/mine" })], "not applicable"],
  ["an unknown policy", [...heard, named("key", a(keyTypes.key, { policy: unknown })), encrypted], "unknown"],
]);
