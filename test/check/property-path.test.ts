import assert from "node:assert/strict";
import { propertyIn } from "../../check/property-path";

const configuration = {
  region: "eu-west-1",
  asyncInferenceConfig: { outputConfig: { s3OutputPath: "s3://a/b", notificationConfig: {} } },
  productionVariants: [{ instanceType: "ml.m5.large" }],
  tags: {},
};

describe("the property a message is about", () => {
  const rows: ReadonlyArray<readonly [string, string, string | undefined]> = [
    [
      "is found by its last steps",
      "s3OutputPath lies within the inputs.",
      "asyncInferenceConfig.outputConfig.s3OutputPath",
    ],
    [
      "is found where it is missing but its parent is there",
      "outputConfig.s3FailurePath is missing: why a request failed is not kept.",
      "asyncInferenceConfig.outputConfig.s3FailurePath",
    ],
    [
      "is found below what is missing with its parent",
      "asyncInferenceConfig.clientConfig.maxConcurrentInvocationsPerInstance is missing.",
      "asyncInferenceConfig.clientConfig",
    ],
    ["is found in a list", "instanceType ml.m5.large is not offered.", "productionVariants[0].instanceType"],
    ["is a tag by its name", "tag async-fleet:max-payload-bytes is missing.", 'tags["async-fleet:max-payload-bytes"]'],
    ["is a plain word only where it begins the message", "region is unsupported.", "region"],
    ["is not guessed from words in passing", "The endpoint is in another region.", undefined],
    ["is not guessed where the resource has none of its steps", "vpcConfig.subnets is empty.", undefined],
  ];
  for (const [name, message, expected] of rows)
    it(name, () => assert.equal(propertyIn(message, configuration), expected));
});
