import { AwsError } from "../world/aws-error";
import {
  members,
  type Operation,
  requiredMembers,
  type ServiceKey,
  type ServiceModel,
  type Shape,
  trait,
} from "./schemas";

/** How far inside an input something is: members' names, places in a list from one, keys of a map. */
type Path = ReadonlyArray<string | number>;

/** How a service says that required members are missing; the first of them is there. */
type Refusal = (missing: readonly [Path, ...Path[]], shape: Shape) => AwsError;

/**
 * Each service in its own words. The constraint's sentence is AWS's own where a code stands with it in recorded replies
 * (CloudWatch, CloudWatch Logs, SQS, SageMaker); the others' code is that of their list of common errors, read on
 * 2026-11-25, with the same sentence.
 */
const refusals: Readonly<Record<ServiceKey, Refusal>> = {
  sagemaker: constraint("ValidationException"),
  sagemakerRuntime: constraint("ValidationError"),
  applicationAutoScaling: constraint("ValidationException"),
  kms: constraint("ValidationException"),
  serviceQuotas: constraint("ValidationException"),
  logs: constraint("InvalidParameterException"),
  iam: constraint("ValidationError"),
  sts: constraint("ValidationError"),
  sns: constraint("ValidationError"),
  ecr: ([path]) =>
    new AwsError(
      "InvalidParameterException",
      `Invalid parameter at '${constrained(path)}' failed to satisfy constraint: 'must not be null'`,
    ),
  cloudwatch: (missing) =>
    new AwsError("MissingParameter", missing.map((path) => `The parameter ${asQuery(path)} is required.`).join("\n")),
  sqs: ([path]) => new AwsError("MissingParameter", `The request must contain the parameter ${asQuery(path)}.`),
  ec2: ([path]) => new AwsError("MissingParameter", `The request must contain the parameter ${path.join(".")}`),
  s3: ([path], shape) => missingFromS3(path, shape),
};

/**
 * Refuses an input in which a member is missing that the SDK's own schema says must be there, at any depth.
 *
 * @throws AwsError as the service says it
 */
export function refuseIncomplete(model: ServiceModel, operation: Operation, input: Record<string, unknown>): void {
  const [first, ...more] = missingIn(operation.input, input, []);
  if (first !== undefined) throw refusals[model.key]([first, ...more], operation.input);
}

function missingIn(shape: Shape, value: unknown, path: Path): Path[] {
  if (value === undefined || value === null) return [path];
  if (shape.isStructSchema()) {
    const required = requiredMembers(shape);
    return members(shape).flatMap(([name, member]) => {
      const inner = (value as Record<string, unknown>)[name];
      return inner === undefined && !required.includes(name) ? [] : missingIn(member, inner, [...path, name]);
    });
  }
  // Streams and bytes have no members.
  if (shape.isListSchema() && Array.isArray(value))
    return value.flatMap((each, index) => missingIn(shape.getValueSchema(), each, [...path, index + 1]));
  if (shape.isMapSchema())
    return Object.entries(value).flatMap(([key, each]) => missingIn(shape.getValueSchema(), each, [...path, key]));
  return [];
}

function constraint(code: string): Refusal {
  return (missing) => {
    const all = missing.map(
      (path) => `Value null at '${constrained(path)}' failed to satisfy constraint: Member must not be null`,
    );
    return new AwsError(
      code,
      `${all.length} validation error${all.length === 1 ? "" : "s"} detected: ${all.join("; ")}`,
    );
  };
}

/** `productionVariants.1.member.variantName`: names begin small, and what lies in a list is its member. */
function constrained(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `${step}.member` : step.charAt(0).toLowerCase() + step.slice(1)))
    .join(".");
}

/** `MetricData.member.1.MetricName`. */
function asQuery(path: Path): string {
  return path.map((step) => (typeof step === "number" ? `member.${step}` : step)).join(".");
}

function missingFromS3([name, ...inner]: Path, shape: Shape): AwsError {
  const member = members(shape).find(([each]) => each === name)?.[1];
  const header = member === undefined ? undefined : trait(member, "httpHeader");
  const query = member === undefined ? undefined : trait(member, "httpQuery");
  if (header !== undefined)
    return new AwsError("InvalidRequest", `Missing required header for this request: ${header}`);
  if (query !== undefined)
    return new AwsError("InvalidRequest", `Missing required parameter for this request: ${query}`);
  if (inner.length === 0) return new AwsError("MissingRequestBodyError", "Request Body is empty");
  return new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}
