import { but, named } from "../../support/hand-written";
import {
  endpoint,
  realTimeStack,
  servedModel,
  settings,
  stackWith,
  stackWithEach,
  stackWithout,
  wholeStack,
} from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const bucket = (region: string, name: string) =>
  named("store", { type: "aws:s3/bucket:Bucket", props: { region, bucket: name } });
const withData = (modelDataUrl: unknown) => stackWith("model", { primaryContainer: { image: "i", modelDataUrl } });
const withSource = (s3Uri: string) =>
  stackWith("model", { primaryContainer: { image: "i", modelDataSource: { s3DataSources: [{ s3Uri }] } } });

judgesStack("endpoint-and-its-parts-share-a-region", [
  ["one region", [...withData("s3://models/m.tar.gz"), bucket("eu-west-1", "models")], "complies"],
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
  ["a bucket of another name in another", [...withData("s3://models/m"), bucket("us-east-1", "models2")], "complies"],
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
  [
    "unknown data beside a model in another",
    withData(unknown).map((each) => (each.name === "model" ? but(each, { region: "us-east-1" }) : each)),
    /its model model is in us-east-1/,
  ],
  ["unknown data", [...withData(unknown), bucket("eu-west-1", "models")], "unknown"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  [
    "a model in another, by dependency",
    [
      ...stackWithEach({ model: { region: "us-east-1", name: unknown } }).filter(({ name }) => name !== "settings"),
      { ...settings, dependsOn: { productionVariants: ["model"] } },
    ],
    /its model model is in us-east-1/,
  ],
  [
    "unknown names that may be any",
    stackWithEach({
      endpoint: { region: "us-east-1", endpointConfigName: unknown },
      settings: { name: unknown, productionVariants: [{ modelName: unknown }] },
      model: { region: "us-east-1", name: unknown },
    }),
    "complies",
  ],
  [
    "unknown data before data in another",
    [
      ...stackWith("model", {
        primaryContainer: {
          modelDataUrl: unknown,
          modelDataSource: { s3DataSources: [{ s3Uri: "s3://models/m/" }] },
        },
      }),
      bucket("us-east-1", "models"),
    ],
    /its data's bucket store is in us-east-1/,
  ],
  [
    "unknown data before another configuration whose model is in another",
    [
      ...withData(unknown),
      but({ ...settings, name: "second" }, { name: "d", productionVariants: [{ modelName: "n" }] }),
      but({ ...servedModel, name: "second-model" }, { name: "n", region: "us-east-1" }),
    ],
    /its model second-model is in us-east-1/,
  ],
]);
