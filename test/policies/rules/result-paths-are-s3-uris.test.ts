import { configuration, configurationWithOutput, realTime } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("result-paths-are-s3-uris", [
  ["two prefixes", configuration(), "complies"],
  ["a word", configurationWithOutput({ s3OutputPath: "success" }), /^s3OutputPath is success/],
  [
    "an address of the web",
    configurationWithOutput({ s3FailurePath: "https://bucket.s3.amazonaws.com/f/" }),
    /^s3FailurePath is https/,
  ],
  [
    "a bucket without a prefix",
    configurationWithOutput({ s3OutputPath: "s3://bucket/" }),
    /not s3:\/\/<bucket>\/<prefix>/,
  ],
  ["no output path", configurationWithOutput({ s3OutputPath: undefined }), /s3OutputPath is missing/],
  ["no failure path, which another rule judges", configurationWithOutput({ s3FailurePath: undefined }), "complies"],
  [
    "a word beside an unknown path",
    configurationWithOutput({ s3OutputPath: unknown, s3FailurePath: "failure" }),
    /^s3FailurePath is failure/,
  ],
  ["a real-time endpoint", realTime, "not applicable"],
  ["an unknown path", configurationWithOutput({ s3OutputPath: unknown }), "unknown"],
]);
