import { bucket, configuration, configurationWithOutput, named } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const config = named("config", configuration());

judgesStack("payload-buckets-are-in-the-endpoints-region", [
  ["a bucket of the region", [config, bucket()], "complies"],
  [
    "a bucket elsewhere",
    [config, bucket({ region: "us-east-1" })],
    /^writes to the bucket bucket in us-east-1, the endpoint is in eu-west-1\.$/,
  ],
  [
    "a bucket elsewhere, named by dependency",
    [
      {
        ...named("config", configurationWithOutput({ s3OutputPath: unknown })),
        dependsOn: { asyncInferenceConfig: ["bucket"] },
      },
      bucket({ region: "us-east-1", bucket: unknown }),
    ],
    /in us-east-1/,
  ],
  ["a bucket no endpoint writes to", [config, bucket({ region: "us-east-1", bucket: "logs" })], "not applicable"],
  ["an unknown region", [config, bucket({ region: unknown })], "unknown"],
]);
