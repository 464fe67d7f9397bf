import type * as sdk from "@aws-sdk/client-sagemaker";
import {
  containerStartupHealthCheckTimeoutSeconds,
  initialInstanceCountMin,
  maxConcurrentInvocationsPerInstance,
  modelDataDownloadTimeoutSeconds,
  volumeSizeInGb,
} from "../../../contract/limits";
import { namePattern, s3UriPattern, Validation } from "./validation";

const code = "ValidationException";
const topicPattern = /^arn:aws[a-z-]*:sns:[a-z0-9-]*:[0-9]{12}:[a-zA-Z0-9_.-]+$/;

/** @throws AwsError ValidationException with everything SageMaker refuses in an endpoint configuration */
export function checkEndpointConfig(input: sdk.CreateEndpointConfigCommandInput): void {
  const checks = new Validation()
    .required("endpointConfigName", input.EndpointConfigName)
    .pattern("endpointConfigName", input.EndpointConfigName, namePattern, 63)
    .required("productionVariants", input.ProductionVariants?.length === 0 ? undefined : input.ProductionVariants);
  (input.ProductionVariants ?? []).forEach((variant, index) => {
    const at = `productionVariants.${index + 1}.member`;
    checks
      .pattern(`${at}.variantName`, variant.VariantName, namePattern, 63)
      .range(`${at}.initialInstanceCount`, variant.InitialInstanceCount, {
        min: initialInstanceCountMin,
        max: Number.MAX_SAFE_INTEGER,
      })
      .range(`${at}.volumeSizeInGB`, variant.VolumeSizeInGB, volumeSizeInGb)
      .range(
        `${at}.containerStartupHealthCheckTimeoutInSeconds`,
        variant.ContainerStartupHealthCheckTimeoutInSeconds,
        containerStartupHealthCheckTimeoutSeconds,
      )
      .range(
        `${at}.modelDataDownloadTimeoutInSeconds`,
        variant.ModelDataDownloadTimeoutInSeconds,
        modelDataDownloadTimeoutSeconds,
      );
  });
  const { OutputConfig: output, ClientConfig: client } = input.AsyncInferenceConfig ?? {};
  checks
    .range(
      "asyncInferenceConfig.clientConfig.maxConcurrentInvocationsPerInstance",
      client?.MaxConcurrentInvocationsPerInstance,
      maxConcurrentInvocationsPerInstance,
    )
    .pattern("asyncInferenceConfig.outputConfig.s3OutputPath", output?.S3OutputPath, s3UriPattern, 512)
    .pattern("asyncInferenceConfig.outputConfig.s3FailurePath", output?.S3FailurePath, s3UriPattern, 512)
    .pattern(
      "asyncInferenceConfig.outputConfig.notificationConfig.successTopic",
      output?.NotificationConfig?.SuccessTopic,
      topicPattern,
      2048,
    )
    .pattern(
      "asyncInferenceConfig.outputConfig.notificationConfig.errorTopic",
      output?.NotificationConfig?.ErrorTopic,
      topicPattern,
      2048,
    )
    .pattern("asyncInferenceConfig.outputConfig.kmsKeyId", output?.KmsKeyId, /^[a-zA-Z0-9:/_-]*$/, 2048);
  const included = output?.NotificationConfig?.IncludeInferenceResponseIn ?? [];
  checks.range("asyncInferenceConfig.outputConfig.notificationConfig.includeInferenceResponseIn", included.length, {
    min: 0,
    max: 2,
  });
  included.forEach((topic, index) => {
    checks.pattern(
      `asyncInferenceConfig.outputConfig.notificationConfig.includeInferenceResponseIn.${index + 1}.member`,
      topic,
      /^(SUCCESS|ERROR)_NOTIFICATION_TOPIC$/,
      64,
    );
  });
  checks.end(code);
}
