import { noticeTypes } from "../../../policies/notice-resources";
import { a, policy, topic } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const of = (principal: unknown, condition?: object) =>
  a(noticeTypes.topicPolicy, {
    policy: policy({
      Effect: "Allow",
      Principal: principal,
      Action: "sns:Publish",
      Resource: "*",
      Condition: condition,
    }),
  });

judges("topic-policies-are-not-public", [
  ["the account alone", of({ AWS: "arn:aws:iam::123456789012:root" }), "complies"],
  ["everybody", of("*"), /^policy allows everybody sns:publish\.$/],
  ["everybody, said otherwise", of({ AWS: ["*"] }), /allows everybody/],
  [
    "everybody but one",
    a(noticeTypes.topicPolicy, {
      policy: policy({ Effect: "Allow", NotPrincipal: { AWS: "x" }, Action: "sns:Publish" }),
    }),
    /allows everybody/,
  ],
  ["everybody of one account", of("*", { StringEquals: { "aws:SourceOwner": "123456789012" } }), "complies"],
  ["everybody who comes from anywhere", of("*", { StringLike: { "aws:PrincipalArn": "*" } }), /allows everybody/],
  [
    "everybody with a condition that passes without its key",
    of("*", { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } }),
    /allows everybody/,
  ],
  [
    "everybody over TLS, which is still everybody",
    of("*", { Bool: { "aws:SecureTransport": "true" } }),
    /allows everybody/,
  ],
  [
    "a document that is an object",
    a(noticeTypes.topicPolicy, { policy: { Statement: { Effect: "Allow", Principal: "*", Action: "sns:*" } } }),
    /allows everybody sns:\*/,
  ],
  ["everybody among others", of({ AWS: ["arn:aws:iam::123456789012:root", "*"] }), /allows everybody/],
  [
    "everybody from here or from anywhere",
    of("*", { StringLike: { "aws:PrincipalArn": ["arn:aws:iam::123456789012:*", "*"] } }),
    /allows everybody/,
  ],
  ["JSON of nothing", a(noticeTypes.topicPolicy, { policy: "null" }), /no policy document/],
  ["no JSON", a(noticeTypes.topicPolicy, { policy: "allow" }), /no policy document/],
  [
    "a topic's own policy",
    topic("ok", { policy: policy({ Effect: "Allow", Principal: "*", Action: "sns:Subscribe" }) }),
    /sns:subscribe/,
  ],
  ["a topic without one", topic("ok"), "not applicable"],
  ["an unknown policy", a(noticeTypes.topicPolicy, { policy: unknown }), "unknown"],
]);
