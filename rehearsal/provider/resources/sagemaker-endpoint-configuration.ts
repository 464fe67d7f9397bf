import { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import {
  containerStartupHealthCheckTimeoutSeconds,
  initialInstanceCountMin,
  maxConcurrentInvocationsPerInstance,
  modelDataDownloadTimeoutSeconds,
  nameLengthMax,
  volumeSizeInGb,
} from "../../../contract/limits";
import { fromAws, pick, toAws } from "../aws-shapes";
import {
  arn,
  choice,
  chosenByAws,
  decimal,
  fallback,
  flag,
  list,
  member,
  object,
  replaces,
  required,
  set,
  tags,
  text,
  whole,
} from "../property";
import { defineResource } from "../resource-type";
import { notFoundAsGone, s3Path, sagemakerName, sagemakerTagging, sagemakerTags } from "./sagemaker-names";

const variant = {
  variantName: chosenByAws(sagemakerName()),
  modelName: sagemakerName(),
  initialInstanceCount: whole({ min: initialInstanceCountMin }),
  instanceType: choice(Object.values(ProductionVariantInstanceType)),
  initialVariantWeight: fallback(1, decimal({ min: 0 })),
  volumeSizeInGb: member("VolumeSizeInGB", chosenByAws(whole(volumeSizeInGb))),
  modelDataDownloadTimeoutInSeconds: whole(modelDataDownloadTimeoutSeconds),
  containerStartupHealthCheckTimeoutInSeconds: whole(containerStartupHealthCheckTimeoutSeconds),
  enableSsmAccess: member("EnableSSMAccess", flag()),
  inferenceAmiVersion: text(),
};

const notificationTopics = ["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"] as const;

const asyncInference = {
  clientConfig: object({
    maxConcurrentInvocationsPerInstance: whole(maxConcurrentInvocationsPerInstance),
  }),
  outputConfig: required(
    object({
      kmsKeyId: arn("kms"),
      notificationConfig: object({
        errorTopic: arn("sns"),
        successTopic: arn("sns"),
        includeInferenceResponseIns: member(
          "IncludeInferenceResponseIn",
          set(choice(notificationTopics), { maxItems: 2 }),
        ),
      }),
      s3FailurePath: s3Path(),
      s3OutputPath: required(s3Path()),
    }),
  ),
};

const captureModes = ["Input", "Output", "InputAndOutput"] as const;

const dataCapture = {
  captureOptions: required(
    list(object({ captureMode: required(choice(captureModes)) }), { minItems: 1, maxItems: 32 }),
  ),
  destinationS3Uri: required(s3Path()),
  enableCapture: flag(),
  initialSamplingPercentage: required(whole({ min: 0, max: 100 })),
  kmsKeyId: arn("kms"),
};

const inputs = {
  name: required(replaces(sagemakerName())),
  namePrefix: replaces(text({ maxLength: nameLengthMax.sagemaker - 26 })),
  productionVariants: required(replaces(list(object(variant), { minItems: 1, maxItems: 10 }))),
  asyncInferenceConfig: replaces(object(asyncInference)),
  dataCaptureConfig: replaces(object(dataCapture)),
  executionRoleArn: replaces(arn("iam")),
  kmsKeyArn: member("KmsKeyId", replaces(text({ maxLength: 2048 }))),
  tags: tags(),
};
const sent = pick(
  inputs,
  "productionVariants",
  "asyncInferenceConfig",
  "dataCaptureConfig",
  "executionRoleArn",
  "kmsKeyArn",
);

/**
 * An endpoint configuration. Everything but tags replaces it. Serverless variants, shadow variants, managed instance
 * scaling and routing are not played: asynchronous inference knows none of them.
 */
export const sagemakerEndpointConfiguration = defineResource({
  token: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  regional: true,
  importForm: "<endpoint configuration name>",
  inputs,
  computed: ["arn"],
  autoname: { property: "name", prefixProperty: "namePrefix", maxLength: nameLengthMax.sagemaker },
  tagging: sagemakerTagging,
  async create({ aws, ids, exists }, given) {
    // AWS demands a name for every variant; the provider makes one up where the program gives none.
    const productionVariants = given.productionVariants.map((each) => ({
      ...each,
      variantName: each.variantName ?? `variant-${ids.hex(26)}`,
    }));
    await aws.sagemaker.createEndpointConfig({
      EndpointConfigName: given.name,
      ...toAws<Omit<Parameters<typeof aws.sagemaker.createEndpointConfig>[0], "EndpointConfigName">>(sent, {
        ...given,
        productionVariants,
      }),
      Tags: sagemakerTags(given.tags),
    });
    exists(given.name);
    return given.name;
  },
  async read({ aws }, { id }) {
    const found = await notFoundAsGone(() => aws.sagemaker.describeEndpointConfig({ EndpointConfigName: id }));
    if (found === undefined) return undefined;
    return { name: found.EndpointConfigName, arn: found.EndpointConfigArn, ...fromAws(sent, found) };
  },
  async delete({ aws }, { id }) {
    await notFoundAsGone(() => aws.sagemaker.deleteEndpointConfig({ EndpointConfigName: id }));
  },
});
