import { configuration, configurationWithOutput, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("failure-path-is-not-the-result-path", [
  ["two prefixes", configuration(), "complies"],
  ["no failure path", configurationWithOutput({ s3FailurePath: undefined }), /s3FailurePath is missing/],
  [
    "failures within results",
    configurationWithOutput({ s3FailurePath: "s3://bucket/results/failed" }),
    /within each other/,
  ],
  ["names that only begin alike", configurationWithOutput({ s3FailurePath: "s3://bucket/results-failed" }), "complies"],
  ["an unknown path", configurationWithOutput({ s3FailurePath: unknown }), "unknown"],
  ["a real-time endpoint", realTime, "not applicable"],
]);
