import { environmentEntriesMax } from "../../../contract/limits";
import { fromAws, pick, toAws } from "../aws-shapes";
import { arn, choice, fallback, flag, list, map, object, replaces, required, set, tags, text } from "../property";
import { defineResource } from "../resource-type";
import { notFoundAsGone, sagemakerName, sagemakerTagging, sagemakerTags } from "./sagemaker-names";

const modelDataUri = () =>
  text({ maxLength: 1024, pattern: /^(https|s3):\/\/([^/]+)\/?(.*)$/, patternMeans: "s3://bucket/key" });

const container = {
  image: text({ maxLength: 255, pattern: /^\S+$/, patternMeans: "an image without blanks" }),
  environment: map(text({ maxLength: 1024 })),
  modelDataUrl: modelDataUri(),
  modelDataSource: object({
    s3DataSources: required(
      list(
        object({
          s3Uri: required(modelDataUri()),
          s3DataType: required(choice(["S3Prefix", "S3Object"])),
          compressionType: required(choice(["None", "Gzip"])),
        }),
        { minItems: 1, maxItems: 1 },
      ),
    ),
  }),
  mode: fallback("SingleModel", choice(["SingleModel", "MultiModel"])),
  containerHostname: sagemakerName(),
};

const inputs = {
  name: required(replaces(sagemakerName())),
  executionRoleArn: required(replaces(arn("iam"))),
  primaryContainer: replaces(object(container)),
  containers: replaces(list(object(container), { maxItems: 15 })),
  enableNetworkIsolation: replaces(flag()),
  vpcConfig: replaces(
    object({
      securityGroupIds: required(set(text(), { minItems: 1, maxItems: 5 })),
      subnets: required(set(text(), { minItems: 1, maxItems: 16 })),
    }),
  ),
  tags: tags(),
};
const sent = pick(inputs, "executionRoleArn", "primaryContainer", "containers", "enableNetworkIsolation", "vpcConfig");

/** The provider writes a list of one where AWS has the one: `S3DataSources` here, `S3DataSource` there. */
function renamed<Value>(value: Value, from: string, to: string, form: (inner: unknown) => unknown): Value {
  if (Array.isArray(value)) return value.map((each: unknown) => renamed(each, from, to, form)) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === from ? [to, form(inner)] : [key, renamed(inner, from, to, form)],
    ),
  ) as Value;
}

/**
 * A model: an image, its data and its environment. Everything but tags replaces it. Model packages and private
 * registries are not played.
 */
export const sagemakerModel = defineResource({
  token: "aws:sagemaker/model:Model",
  regional: true,
  importForm: "<model name>",
  inputs,
  computed: ["arn"],
  autoname: { property: "name", maxLength: 63 },
  tagging: sagemakerTagging,
  check({ primaryContainer, containers }) {
    const entries = Object.keys(primaryContainer?.environment ?? {}).length;
    const failures = [];
    if (primaryContainer !== undefined && containers !== undefined) {
      failures.push({ property: "", reason: "ASY-562 got primaryContainer and containers, expected one of them" });
    }
    if (entries > environmentEntriesMax) {
      failures.push({
        property: "primaryContainer.environment",
        reason: `ASY-562 got ${entries} entries, expected at most ${environmentEntriesMax}`,
      });
    }
    return failures;
  },
  async create({ aws, exists }, given) {
    await aws.sagemaker.createModel({
      ModelName: given.name,
      ...renamed(
        toAws<Omit<Parameters<typeof aws.sagemaker.createModel>[0], "ModelName">>(sent, given),
        "S3DataSources",
        "S3DataSource",
        (list) => (list as unknown[])[0],
      ),
      Tags: sagemakerTags(given.tags),
    });
    exists(given.name);
    return given.name;
  },
  async read({ aws }, { id }) {
    const model = await notFoundAsGone(() => aws.sagemaker.describeModel({ ModelName: id }));
    return model === undefined
      ? undefined
      : {
          name: model.ModelName,
          arn: model.ModelArn,
          ...fromAws(
            sent,
            renamed(model, "S3DataSource", "S3DataSources", (one) => [one]),
          ),
        };
  },
  async delete({ aws }, { id }) {
    await notFoundAsGone(() => aws.sagemaker.deleteModel({ ModelName: id }));
  },
});
