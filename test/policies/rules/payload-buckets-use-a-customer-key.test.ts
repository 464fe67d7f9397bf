import { s3Types } from "../../../policies/storage-resources";
import { a, bucket, configuration, configurationWithOutput, named, topic } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const key = "arn:aws:kms:eu-west-1:123456789012:key/k";
const by = (applyServerSideEncryptionByDefault: object) => ({ applyServerSideEncryptionByDefault });
const kms = { ...by({ sseAlgorithm: "aws:kms", kmsMasterKeyId: key }), bucketKeyEnabled: true };
const config = named("config", configuration());
const beside = (rule: object) =>
  named("encryption", a(s3Types.encryption[0], { bucket: unknown, rules: [rule] }), { bucket: ["bucket"] });

judgesStack("payload-buckets-use-a-customer-key", [
  ["encryption beside the bucket", [config, bucket(), beside(kms)], "complies"],
  [
    "the same by its older names",
    [config, { ...bucket(), type: s3Types.bucket[1] }, { ...beside(kms), type: s3Types.encryption[1] }],
    "complies",
  ],
  ["encryption in an old bucket", [config, bucket({ serverSideEncryptionConfiguration: { rule: kms } })], "complies"],
  [
    "encryption in a bucket of the second version",
    [
      config,
      {
        ...bucket({
          serverSideEncryptionConfigurations: [
            {
              rules: [
                {
                  applyServerSideEncryptionByDefaults: [kms.applyServerSideEncryptionByDefault],
                  bucketKeyEnabled: true,
                },
              ],
            },
          ],
        }),
        type: s3Types.bucket[1],
      },
    ],
    "complies",
  ],
  [
    "double encryption, which knows no bucket key",
    [config, bucket(), beside(by({ sseAlgorithm: "aws:kms:dsse", kmsMasterKeyId: key }))],
    "complies",
  ],
  [
    "a bucket that is named by dependency",
    [
      {
        ...named("config", configurationWithOutput({ s3OutputPath: unknown, s3FailurePath: unknown })),
        dependsOn: { asyncInferenceConfig: ["bucket"] },
      },
      bucket({ bucket: unknown }),
    ],
    /names no encryption/,
  ],
  [
    "a bucket among other things the paths depend on",
    [
      {
        ...named("config", configurationWithOutput({ s3OutputPath: unknown, s3FailurePath: unknown })),
        dependsOn: { asyncInferenceConfig: ["ok", "bucket"] },
      },
      topic("ok"),
      bucket({ bucket: unknown }),
    ],
    /names no encryption/,
  ],
  [
    "a bucket for results only, beside an endpoint that writes elsewhere",
    [
      named("config", configurationWithOutput({ s3FailurePath: "s3://other/f/" })),
      named("elsewhere", configurationWithOutput({ s3OutputPath: "s3://other/r/", s3FailurePath: "s3://other/g/" })),
      bucket(),
    ],
    /names no encryption/,
  ],
  ["none", [config, bucket()], /^the bucket bucket names no encryption/],
  ["S3's own key", [config, bucket(), beside(by({ sseAlgorithm: "AES256" }))], /encrypts with AES256/],
  [
    "S3's own key in an old bucket",
    [config, bucket({ serverSideEncryptionConfiguration: { rule: by({ sseAlgorithm: "AES256" }) } })],
    /encrypts with AES256/,
  ],
  ["KMS without a key", [config, bucket(), beside(by({ sseAlgorithm: "aws:kms" }))], /names no customer key/],
  [
    "the AWS managed key",
    [config, bucket(), beside(by({ sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/aws/s3" }))],
    /names no customer key/,
  ],
  ["no bucket key", [config, bucket(), beside({ ...kms, bucketKeyEnabled: false })], /has no bucket key/],
  ["a bucket no endpoint writes to", [config, bucket({ bucket: "logs" })], "not applicable"],
  [
    "an unknown key, which is a key",
    [config, bucket(), beside({ ...by({ sseAlgorithm: "aws:kms", kmsMasterKeyId: unknown }), bucketKeyEnabled: true })],
    "complies",
  ],
  ["an unknown algorithm", [config, bucket(), beside(by({ sseAlgorithm: unknown }))], "unknown"],
]);
