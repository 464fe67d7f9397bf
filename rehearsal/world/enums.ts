import { AwsError } from "./aws-error";

/** From the input to the member, as the SDK names them; `[]` stands behind a list. */
type Path = string;
type Refusal = (place: string, value: unknown, values: readonly string[]) => AwsError;

/** Members of one service that take one of a list of values; the lists are the SDK client's own, by the names it gives them. */
interface Enums {
  /** Loaded when such a member is met: a client takes longer to load than a request takes. */
  readonly client: () => object;
  readonly refusal: Refusal;
  readonly members: ReadonlyArray<
    readonly [operations: readonly string[], member: Path, list: string, refusal?: Refusal]
  >;
}

const malformedXml: Refusal = () =>
  new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
const storing = ["putObject", "createMultipartUpload", "copyObject"];
const variants = "ProductionVariants[]";
const blueGreen = "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration";
const deploying = ["createEndpoint", "updateEndpoint"];
const rolling = "DeploymentConfig.RollingUpdatePolicy";

/**
 * Values that the SDK's schemas do not carry and its clients name beside them. S3's words are those of its list of error
 * responses (read 2026-11-25).
 */
export const enums: Readonly<Record<string, Enums>> = {
  cloudwatch: {
    client: () => require("@aws-sdk/client-cloudwatch"),
    refusal: coral("ValidationError"),
    members: [
      [["putMetricAlarm"], "Unit", "StandardUnit"],
      [["putMetricAlarm"], "Metrics[].MetricStat.Unit", "StandardUnit"],
      [["putMetricData"], "MetricData[].Unit", "StandardUnit"],
      [["setAlarmState"], "StateValue", "StateValue"],
      [["describeAlarms"], "StateValue", "StateValue"],
      [["describeAlarms"], "AlarmTypes[]", "AlarmType"],
      [["getMetricData"], "ScanBy", "ScanBy"],
      [["getMetricStatistics"], "Unit", "StandardUnit"],
    ],
  },
  sagemaker: {
    client: () => require("@aws-sdk/client-sagemaker"),
    refusal: coral("ValidationException"),
    members: [
      [["createModel"], "PrimaryContainer.Mode", "ContainerMode"],
      [["createModel"], "Containers[].Mode", "ContainerMode"],
      [["createModel"], "PrimaryContainer.ImageConfig.RepositoryAccessMode", "RepositoryAccessMode"],
      [["createEndpointConfig"], `${variants}.InstanceType`, "ProductionVariantInstanceType"],
      [["createEndpointConfig"], `${variants}.AcceleratorType`, "ProductionVariantAcceleratorType"],
      [deploying, `${blueGreen}.Type`, "TrafficRoutingConfigType"],
      [deploying, `${blueGreen}.CanarySize.Type`, "CapacitySizeType"],
      [deploying, `${blueGreen}.LinearStepSize.Type`, "CapacitySizeType"],
      [deploying, `${rolling}.MaximumBatchSize.Type`, "CapacitySizeType"],
      [deploying, `${rolling}.RollbackMaximumBatchSize.Type`, "CapacitySizeType"],
      [["updateEndpoint"], "ExcludeRetainedVariantProperties[].VariantPropertyType", "VariantPropertyType"],
      [["listModels"], "SortBy", "ModelSortKey"],
      [["listEndpointConfigs"], "SortBy", "EndpointConfigSortKey"],
      [["listEndpoints"], "SortBy", "EndpointSortKey"],
      [["listEndpoints"], "StatusEquals", "EndpointStatus"],
      [["listModels", "listEndpointConfigs", "listEndpoints"], "SortOrder", "OrderKey"],
    ],
  },
  applicationAutoScaling: {
    client: () => require("@aws-sdk/client-application-auto-scaling"),
    refusal: coral("ValidationException"),
    members: [
      [["putScalingPolicy"], "PolicyType", "PolicyType"],
      [["putScalingPolicy"], "StepScalingPolicyConfiguration.AdjustmentType", "AdjustmentType"],
      [["putScalingPolicy"], "StepScalingPolicyConfiguration.MetricAggregationType", "MetricAggregationType"],
      [
        ["putScalingPolicy"],
        "TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Statistic",
        "MetricStatistic",
      ],
    ],
  },
  s3: {
    client: () => require("@aws-sdk/client-s3"),
    refusal: malformedXml,
    members: [
      [
        storing,
        "ServerSideEncryption",
        "ServerSideEncryption",
        () =>
          new AwsError("InvalidEncryptionAlgorithmError", "The encryption request that you specified is not valid."),
      ],
      [
        storing,
        "StorageClass",
        "StorageClass",
        () => new AwsError("InvalidStorageClass", "The storage class that you specified is not valid."),
      ],
      [["putBucketVersioning"], "VersioningConfiguration.Status", "BucketVersioningStatus"],
      [["putBucketOwnershipControls"], "OwnershipControls.Rules[].ObjectOwnership", "ObjectOwnership"],
      [
        ["putBucketEncryption"],
        "ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault.SSEAlgorithm",
        "ServerSideEncryption",
      ],
      [["putBucketLifecycleConfiguration"], "LifecycleConfiguration.Rules[].Status", "ExpirationStatus"],
    ],
  },
  kms: {
    client: () => require("@aws-sdk/client-kms"),
    refusal: coral("ValidationException"),
    members: [
      [["createKey"], "KeyUsage", "KeyUsageType"],
      [["createKey"], "KeySpec", "KeySpec"],
      [["createKey"], "Origin", "OriginType"],
    ],
  },
  ecr: {
    client: () => require("@aws-sdk/client-ecr"),
    refusal: (place, _value, values) =>
      new AwsError(
        "InvalidParameterException",
        `Invalid parameter at '${place}' failed to satisfy constraint: '${valueSet(values)}'`,
      ),
    members: [
      [["createRepository"], "imageTagMutability", "ImageTagMutability"],
      [["createRepository"], "encryptionConfiguration.encryptionType", "EncryptionType"],
    ],
  },
  logs: {
    client: () => require("@aws-sdk/client-cloudwatch-logs"),
    refusal: coral("InvalidParameterException"),
    members: [
      [["createLogGroup"], "logGroupClass", "LogGroupClass"],
      [["describeLogStreams"], "orderBy", "OrderBy"],
    ],
  },
};

const membersOf = new Map<string, Array<{ member: Path; list: string; of: Enums; refusal: Refusal }>>();
for (const [service, of] of Object.entries(enums)) {
  for (const [operations, member, list, refusal = of.refusal] of of.members) {
    for (const operation of operations) {
      const key = `${service}:${operation}`;
      membersOf.set(key, [...(membersOf.get(key) ?? []), { member, list, of, refusal }]);
    }
  }
}

/** @throws AwsError for the first member whose value is none of its list, in its service's words */
export function refuseUnknownValues(service: string, operation: string, input: unknown): void {
  for (const { member, list, of, refusal } of membersOf.get(`${service}:${operation}`) ?? []) {
    for (const { place, value } of valuesAt(input, member.split("."), "")) {
      const values = valuesOf(of, list);
      if (!values.includes(String(value))) throw refusal(place, value, values);
    }
  }
}

/** The values of a list. */
export function valuesOf({ client }: Enums, list: string): readonly string[] {
  return Object.values((client() as Record<string, Record<string, string>>)[list] ?? {});
}

/** What an input has at a path, with the place of each as AWS writes it: `productionVariants.1.member.instanceType`. */
function* valuesAt(
  within: unknown,
  [step = "", ...rest]: readonly string[],
  before: string,
): Generator<{ place: string; value: unknown }> {
  if (within === undefined || within === null) return;
  if (step === "") {
    yield { place: before, value: within };
    return;
  }
  const name = step.replace("[]", "");
  const small = name.charAt(0).toLowerCase() + name.slice(1);
  const place = before === "" ? small : `${before}.${small}`;
  const next = (within as Record<string, unknown>)[name];
  if (!step.endsWith("[]")) yield* valuesAt(next, rest, place);
  else if (Array.isArray(next)) {
    for (const [index, each] of next.entries()) yield* valuesAt(each, rest, `${place}.${index + 1}.member`);
  }
}

function coral(code: string): Refusal {
  return (place, value, values) =>
    new AwsError(
      code,
      `1 validation error detected: Value '${value}' at '${place}' failed to satisfy constraint: ${valueSet(values)}`,
    );
}

function valueSet(values: readonly string[]): string {
  return `Member must satisfy enum value set: [${values.join(", ")}]`;
}
