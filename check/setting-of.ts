import { limitTags } from "../contract/manifest";

interface Origin {
  /** The rules it holds for. @default - every rule */
  readonly rules?: RegExp;
  /** The resource's type. @default - every type */
  readonly type?: RegExp;
  /** The property, as far as it is known. @default - any property, or none */
  readonly property?: RegExp;
  /** A path of settings below `async-fleet:`; `undefined` where no setting decides. */
  readonly setting: string | undefined;
}

const tag = (name: string): RegExp => new RegExp(`"${name.replaceAll(/[.:]/g, "\\$&")}"`);

/** Which setting a finding comes from; the first that fits. A test holds every setting against the schema. */
export const origins: readonly Origin[] = [
  { property: tag(limitTags.payloadBytes), setting: "requests.payloadBytes" },
  { property: tag(limitTags.invocationTimeoutSeconds), setting: "requests.invocationTimeoutSeconds" },
  { property: tag(limitTags.timeToLiveSeconds), setting: "requests.timeToLiveSeconds" },
  { rules: /^container-/, setting: "model.environment" },
  { rules: /^time-to-live-/, setting: "requests.timeToLiveSeconds" },
  { rules: /^invocation-timeout-/, setting: "requests.invocationTimeoutSeconds" },
  { rules: /payload/, setting: "requests.payloadBytes" },
  { rules: /^region-is-supported$/, setting: "regions" },
  { rules: /^every-resource-names-its-region$/, setting: undefined },
  { property: /^tags\b/, setting: "tags" },

  { type: /sagemaker\/model:/, property: /enableNetworkIsolation/, setting: "model.networkIsolation" },
  { type: /sagemaker\/model:/, property: /environment/, setting: "model.environment" },
  { type: /sagemaker\/model:/, property: /image|containers/i, setting: "model.image" },
  { type: /sagemaker\/model:/, property: /modelData/, setting: "model.data" },
  { type: /sagemaker\/model:/, property: /vpcConfig/, setting: "network" },
  { rules: /vpc|network-interface|subnet/, setting: "network" },
  { rules: /image/, setting: "model.image" },
  { rules: /isolat/, setting: "model.networkIsolation" },

  { property: /instanceType/, setting: "endpoint.instanceType" },
  { property: /volumeSizeInGb/, setting: "endpoint.volumeGb" },
  { property: /maxConcurrentInvocationsPerInstance/, setting: "endpoint.concurrencyPerInstance" },
  { property: /containerStartupHealthCheckTimeout/, setting: "endpoint.startupTimeoutSeconds" },
  { property: /modelDataDownloadTimeout/, setting: "endpoint.downloadTimeoutSeconds" },
  { property: /includeInferenceResponseIns/, setting: "notifications.includeResponseIn" },
  { property: /kms|encrypt/i, type: /sagemaker|s3\/|sns\/|sqs\/|cloudwatch\/logGroup/, setting: "storage.keyArn" },
  { property: /forceDestroy/, setting: "storage.forceDestroy" },
  { rules: /concurrency/, setting: "endpoint.concurrencyPerInstance" },
  { rules: /instance-type|instance-is-offered/, setting: "endpoint.instanceType" },

  { type: /appautoscaling\/target:/, property: /minCapacity/, setting: "scaling.min" },
  { type: /appautoscaling\/target:/, property: /maxCapacity/, setting: "scaling.max" },
  { type: /appautoscaling\/policy:/, property: /[cC]ooldown/, setting: "scaling.scaleInCooldownSeconds" },
  { type: /appautoscaling\/policy:/, property: /targetValue/, setting: "scaling.backlogPerInstance" },
  { rules: /leave-zero|wake/, setting: "scaling.wake" },
  { rules: /^scal/, setting: "scaling" },
  { type: /appautoscaling\//, setting: "scaling" },

  { type: /s3\/bucketLifecycle/, setting: "storage.retentionDays" },
  { type: /sqs\/queue:/, property: /messageRetentionSeconds/, setting: "notifications.retentionDays" },
  { rules: /alarm/, setting: "alarms" },
  { type: /cloudwatch\/(metricAlarm|compositeAlarm|dashboard):/, setting: "alarms" },
];

/** The setting, below `async-fleet:`, that decides what a finding is about; undefined where none does. */
export function settingOf(finding: {
  policy: string;
  type: string;
  property?: string | undefined;
}): string | undefined {
  return origins.find(
    ({ rules, type, property }) =>
      (rules === undefined || rules.test(finding.policy)) &&
      (type === undefined || type.test(finding.type)) &&
      (property === undefined || (finding.property !== undefined && property.test(finding.property))),
  )?.setting;
}
