import { s3Types } from "../../../policies/storage-resources";
import { a, bucket, configuration, named } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const config = named("config", configuration());
const beside = (...rules: readonly object[]) =>
  named("expiry", a(s3Types.lifecycle[0], { bucket: unknown, rules }), { bucket: ["bucket"] });
const drops = { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } };

judgesStack("unfinished-uploads-are-dropped", [
  ["a rule on the whole bucket", [config, bucket(), beside(drops)], "complies"],
  [
    "a rule in an old bucket",
    [config, bucket({ lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 1 }] })],
    "complies",
  ],
  ["no rule", [config, bucket()], /^no lifecycle rule on all of the bucket bucket/],
  [
    "a rule on one prefix",
    [config, bucket(), beside({ ...drops, filter: { prefix: "inputs/" } })],
    /aborts unfinished/,
  ],
  ["a rule switched off", [config, bucket(), beside({ ...drops, status: "Disabled" })], /aborts unfinished/],
  [
    "a rule that expires only",
    [config, bucket(), beside({ status: "Enabled", expiration: { days: 1 } })],
    /aborts unfinished/,
  ],
  ["a bucket no endpoint writes to", [config, bucket({ bucket: "logs" })], "not applicable"],
  ["an unknown status", [config, bucket(), beside({ ...drops, status: unknown })], "unknown"],
]);
