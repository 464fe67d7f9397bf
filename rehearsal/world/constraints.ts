import { logRetentionDays, messageRetentionSeconds, nameLengthMax, type Range } from "../../contract/limits";
import { AwsError } from "./aws-error";
import { refuseUnknownValues } from "./enums";

/** What the SDK's schemas do not say of a member, and the services do not look at themselves. */
interface Constraint {
  readonly service: string;
  readonly operations: readonly string[];
  /** From the input to the member, as the SDK names them. */
  readonly member: string;
  /** What is wrong with a value, or undefined: in the words of the constraint. */
  readonly fault: (value: unknown) => string | undefined;
  readonly refusal: (member: string, value: unknown, fault: string) => AwsError;
}

const repositoryName = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const dashboardName = /^[A-Za-z0-9_-]+$/;
/** Only the API reference's text has them (PutMetricAlarm, read 2026-11-25). */
const missingDataTreatments = ["breaching", "notBreaching", "ignore", "missing"];
const queueOperations = ["createQueue", "setQueueAttributes"];

/**
 * Lengths, patterns, ranges and values that stand in AWS's models (those of 2026-10-01, see contract/limits.ts) and
 * references (SQS API reference, CreateQueue; ECR API reference, CreateRepository; CloudWatch API reference, PutDashboard;
 * read 2026-11-25). Names of SageMaker, IAM, S3, SNS, KMS and of queues are judged by their services.
 */
export const constraints: readonly Constraint[] = [
  {
    service: "cloudwatch",
    operations: ["putMetricAlarm"],
    member: "AlarmName",
    fault: atMost(nameLengthMax.cloudwatchAlarm),
    refusal: coral("ValidationError"),
  },
  {
    service: "cloudwatch",
    operations: ["putMetricAlarm"],
    member: "TreatMissingData",
    fault: (value) =>
      missingDataTreatments.includes(String(value))
        ? undefined
        : `Member must satisfy enum value set: [${missingDataTreatments.join(", ")}]`,
    refusal: coral("ValidationError"),
  },
  {
    service: "cloudwatch",
    operations: ["putDashboard"],
    member: "DashboardName",
    fault: (value) =>
      dashboardName.test(String(value)) && String(value).length <= nameLengthMax.dashboard
        ? undefined
        : `must be at most ${nameLengthMax.dashboard} letters, digits, hyphens and underscores`,
    refusal: (member, value, fault) => new AwsError("InvalidParameterValue", `The ${member} ${value} ${fault}.`),
  },
  {
    service: "applicationAutoScaling",
    operations: ["putScalingPolicy"],
    member: "PolicyName",
    fault: atMost(nameLengthMax.scalingPolicy),
    refusal: coral("ValidationException"),
  },
  {
    service: "applicationAutoScaling",
    operations: ["putScheduledAction"],
    member: "ScheduledActionName",
    fault: atMost(nameLengthMax.scheduledAction),
    refusal: coral("ValidationException"),
  },
  {
    service: "ecr",
    operations: ["createRepository"],
    member: "repositoryName",
    fault: (value) =>
      repositoryName.test(String(value)) && String(value).length >= 2 && String(value).length <= 256
        ? undefined
        : `must satisfy regular expression '${repositoryName.source.slice(1, -1).replaceAll("\\/", "/")}'`,
    refusal: (member, _value, fault) =>
      new AwsError(
        "InvalidParameterException",
        `Invalid parameter at '${member}' failed to satisfy constraint: '${fault}'`,
      ),
  },
  {
    service: "logs",
    operations: ["putRetentionPolicy"],
    member: "retentionInDays",
    fault: (value) =>
      (logRetentionDays as readonly unknown[]).includes(value)
        ? undefined
        : `Member must satisfy enum value set: [${logRetentionDays.join(", ")}]`,
    refusal: coral("InvalidParameterException"),
  },
  attribute("MessageRetentionPeriod", messageRetentionSeconds),
  attribute("VisibilityTimeout", { min: 0, max: 43_200 }),
  attribute("DelaySeconds", { min: 0, max: 900 }),
  attribute("ReceiveMessageWaitTimeSeconds", { min: 0, max: 20 }),
];

/**
 * @throws AwsError for the first constraint that an input does not satisfy, or the first value that is none of its list
 *   (enums.ts), in its service's words
 */
export function constrain(service: string, operation: string, input: unknown): void {
  for (const { service: of, operations, member, fault, refusal } of constraints) {
    if (of !== service || !operations.includes(operation)) continue;
    const value = member
      .split(".")
      .reduce<unknown>((within, name) => (within as Record<string, unknown> | undefined)?.[name], input);
    const wrong = value === undefined ? undefined : fault(value);
    if (wrong !== undefined) throw refusal(member, value, wrong);
  }
  refuseUnknownValues(service, operation, input);
}

function atMost(longest: number): Constraint["fault"] {
  return (value) =>
    String(value).length > longest ? `Member must have length less than or equal to ${longest}` : undefined;
}

function coral(code: string): Constraint["refusal"] {
  return (member, value, fault) => {
    const small = member.charAt(0).toLowerCase() + member.slice(1);
    const text = `1 validation error detected: Value '${value}' at '${small}' failed to satisfy constraint: ${fault}`;
    return new AwsError(code, text);
  };
}

/** A queue's attribute, which is a whole number written as text. */
function attribute(name: string, { min, max }: Range): Constraint {
  return {
    service: "sqs",
    operations: queueOperations,
    member: `Attributes.${name}`,
    fault: (value) => {
      const isWhole = /^\d+$/.test(String(value));
      return isWhole && Number(value) >= min && Number(value) <= max ? undefined : "is out of range";
    },
    refusal: () => new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`),
  };
}
