import { s3Types } from "../../../policies/storage-resources";
import { a, bucket, configuration, named } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const config = named("config", configuration());
const beside = (...rules: readonly object[]) =>
  named("expiry", a(s3Types.lifecycle[0], { bucket: unknown, rules }), { bucket: ["bucket"] });
const on = (prefix: string, days = 30) => ({ status: "Enabled", filter: { prefix }, expiration: { days } });

judgesStack("payloads-expire", [
  ["a rule on each prefix", [config, bucket(), beside(on("results/"), on("failures/"))], "complies"],
  ["one rule on all", [config, bucket(), beside(on(""))], "complies"],
  ["a rule without a filter", [config, bucket(), beside({ status: "Enabled", expiration: { days: 30 } })], "complies"],
  [
    "rules in an old bucket",
    [config, bucket({ lifecycleRules: [{ enabled: true, prefix: "", expiration: { days: 30 } }] })],
    "complies",
  ],
  [
    "the older names",
    [config, { ...bucket(), type: s3Types.bucket[1] }, { ...beside(on("")), type: s3Types.lifecycle[1] }],
    "complies",
  ],
  [
    "a rule on results only",
    [config, bucket(), beside(on("results/"))],
    /^s3FailurePath s3:\/\/bucket\/failures\/: no enabled lifecycle rule/,
  ],
  ["no rules", [config, bucket()], /s3OutputPath .*no enabled lifecycle rule/],
  ["a rule switched off", [config, bucket(), beside({ ...on(""), status: "Disabled" })], /no enabled lifecycle rule/],
  [
    "a rule switched off in an old bucket",
    [config, bucket({ lifecycleRules: [{ enabled: false, expiration: { days: 30 } }] })],
    /no enabled lifecycle rule/,
  ],
  [
    "a rule on tagged objects only",
    [config, bucket(), beside({ ...on(""), filter: { tag: { key: "k", value: "v" } } })],
    /no enabled lifecycle rule/,
  ],
  ["a rule on a prefix below", [config, bucket(), beside(on("results/old/"), on("failures/"))], /s3OutputPath/],
  [
    "a rule that only drops unfinished uploads",
    [config, bucket(), beside({ status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } })],
    /no enabled lifecycle rule/,
  ],
  ["a day too long", [config, bucket(), beside(on("", 367))], /kept 367 days, longer than 366/],
  ["too long by configuration", [config, bucket(), beside(on("", 31))], /longer than 30/, { maxDays: 30 }],
  ["a bucket that is not in the stack", [config], "not applicable"],
  [
    "unknown rules",
    [config, bucket(), named("expiry", a(s3Types.lifecycle[0], { bucket: "bucket", rules: unknown }))],
    "unknown",
  ],
]);
