import { types } from "../../../policies/async-resources";
import { but, named } from "../../support/hand-written";
import {
  endpoint,
  realTimeStack,
  servedModel,
  settings,
  stackWith,
  stackWithout,
  wholeStack,
} from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const bucket = (region: string, name = "bucket") =>
  named("store", { type: types.bucket, props: { region, bucket: name } });
const withData = (modelDataUrl: unknown) => stackWith("model", { primaryContainer: { image: "i", modelDataUrl } });
const withSource = (s3Uri: string) =>
  stackWith("model", { primaryContainer: { image: "i", modelDataSource: { s3DataSources: [{ s3Uri }] } } });

judgesStack("endpoint-and-its-parts-share-a-region", [
  ["one region", [...wholeStack, bucket("eu-west-1")], "complies"],
  [
    "a configuration in another",
    stackWith("endpoint", { region: "us-east-1" }),
    /^its configuration settings is in eu-west-1, endpoint in us-east-1\.$/,
  ],
  [
    "a model in another",
    stackWith("model", { region: "us-east-1" }),
    /^its model model is in us-east-1, settings in eu-west-1\.$/,
  ],
  [
    "a model of that name in both",
    [...wholeStack, but({ ...servedModel, name: "far" }, { region: "us-east-1" })],
    "complies",
  ],
  [
    "a configuration of that name in both",
    [
      ...wholeStack,
      but({ ...settings, name: "far" }, { region: "us-east-1" }),
      but({ ...servedModel, name: "far-model" }, { region: "us-east-1" }),
    ],
    "complies",
  ],
  [
    "a configuration in another, by dependency",
    [
      ...stackWithout("endpoint"),
      {
        ...but(endpoint, { region: "us-east-1", endpointConfigName: unknown }),
        dependsOn: { endpointConfigName: ["settings"] },
      },
    ],
    /its configuration settings is in eu-west-1/,
  ],
  [
    "a bucket for results in another",
    [...wholeStack, bucket("us-east-1")],
    /s3OutputPath's bucket store is in us-east-1, settings in eu-west-1\.\ns3FailurePath's bucket store is in us-east-1/,
  ],
  ["a bucket of another name in another", [...wholeStack, bucket("us-east-1", "bucket2")], "complies"],
  [
    "a bucket for the model's data in another",
    [...withData("s3://models/m.tar.gz"), bucket("us-east-1", "models")],
    /its data's bucket store is in us-east-1, model in eu-west-1/,
  ],
  [
    "the same by data source",
    [...withSource("s3://models/m/"), bucket("us-east-1", "models")],
    /its data's bucket store is in us-east-1/,
  ],
  ["unknown data beside results in another", [...withData(unknown), bucket("us-east-1")], /s3OutputPath's bucket/],
  ["unknown data", [...withData(unknown), bucket("eu-west-1")], "unknown"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
]);
