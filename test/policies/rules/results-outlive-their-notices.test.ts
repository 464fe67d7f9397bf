import { s3Types } from "../../../policies/storage-resources";
import {
  a,
  bucket,
  configuration,
  configurationWithOutput,
  named,
  queue,
  subscription,
  topic,
} from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const heard = [named("config", configuration()), topic("ok"), subscription()];
const kept = (days: number) =>
  named("expiry", a(s3Types.lifecycle[0], { bucket: unknown, rules: [{ status: "Enabled", expiration: { days } }] }), {
    bucket: ["bucket"],
  });

judgesStack("results-outlive-their-notices", [
  ["four days of notices, four days of results", [...heard, queue(), bucket(), kept(4)], "complies"],
  ["results that never expire, which another rule judges", [...heard, queue(), bucket()], "complies"],
  [
    "three days of results",
    [...heard, queue(), bucket(), kept(3)],
    /keeps notices 345600 seconds, results are kept 3 days/,
  ],
  [
    "notices a second longer than results",
    [...heard, queue({ messageRetentionSeconds: 604_801 }), bucket(), kept(7)],
    /keeps notices 604801 seconds/,
  ],
  [
    "a queue behind no topic of an endpoint",
    [named("config", configuration()), topic("ok"), queue(), bucket(), kept(1)],
    "not applicable",
  ],
  [
    "another endpoint's results, which the queue does not hear of",
    [
      ...heard,
      queue(),
      bucket(),
      kept(4),
      named(
        "other",
        configurationWithOutput({
          s3OutputPath: "s3://other/r/",
          s3FailurePath: "s3://other/f/",
          notificationConfig: {},
        }),
      ),
      named(
        "other-bucket",
        a(s3Types.bucket[0], {
          region: "eu-west-1",
          bucket: "other",
          lifecycleRules: [{ enabled: true, expiration: { days: 1 } }],
        }),
      ),
    ],
    "complies",
  ],
  ["an unknown retention", [...heard, queue({ messageRetentionSeconds: unknown }), bucket(), kept(1)], "unknown"],
]);
