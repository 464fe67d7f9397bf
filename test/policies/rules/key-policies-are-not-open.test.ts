import { keyTypes } from "../../../policies/security-resources";
import { a, policy } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const of = (principal: unknown, condition?: object) =>
  a(keyTypes.key, {
    policy: policy({ Effect: "Allow", Principal: principal, Action: "kms:*", Resource: "*", Condition: condition }),
  });

judges("key-policies-are-not-open", [
  ["the account", of({ AWS: "arn:aws:iam::123456789012:root" }), "complies"],
  ["everybody", of({ AWS: "*" }), /^policy allows everybody kms:\*\.$/],
  ["everybody of the account", of({ AWS: "*" }, { StringEquals: { "kms:CallerAccount": "123456789012" } }), "complies"],
  [
    "everybody who comes through a service",
    of({ AWS: "*" }, { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
    /allows everybody/,
  ],
  [
    "a policy beside the key",
    a(keyTypes.keyPolicy, { policy: policy({ Effect: "Allow", Principal: "*", Action: "kms:Decrypt" }) }),
    /kms:decrypt/,
  ],
  ["no JSON", a(keyTypes.key, { policy: "{" }), /no policy document/],
  ["a key without one", a(keyTypes.key, {}), "not applicable"],
  ["an unknown policy", a(keyTypes.key, { policy: unknown }), "unknown"],
]);
