import { AwsError } from "../world/aws-error";
import type { Call } from "../world/call";
import type { AccessRequest } from "../world/iam/evaluate";
import type { World } from "../world/world";
import type { ServiceKey } from "./schemas";

type Input = Readonly<Record<string, unknown>>;

/** Operations that ask for themselves, because they know their resource's own policy or are called by the service, too. */
const judgedWithin: Partial<Record<ServiceKey, readonly string[]>> = {
  s3: [
    "PutObject",
    "GetObject",
    "HeadObject",
    "CopyObject",
    "DeleteObject",
    "DeleteObjects",
    "ListObjects",
    "ListObjectsV2",
    "GetObjectAttributes",
    "GetObjectTagging",
    "PutObjectTagging",
    "CreateMultipartUpload",
    "UploadPart",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
    "ListMultipartUploads",
    "ListParts",
  ],
  sqs: [
    "SendMessage",
    "SendMessageBatch",
    "ReceiveMessage",
    "DeleteMessage",
    "DeleteMessageBatch",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
  ],
  sns: ["Publish"],
  logs: ["CreateLogGroup", "CreateLogStream", "PutLogEvents", "DescribeLogStreams"],
  cloudwatch: ["PutMetricData"],
  sagemakerRuntime: ["InvokeEndpointAsync"],
  sts: ["GetCallerIdentity", "AssumeRole"],
};

/** S3's actions that are not called as their operation is. */
const s3Actions: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  ListBuckets: "ListAllMyBuckets",
  ListObjectVersions: "ListBucketVersions",
  GetBucketEncryption: "GetEncryptionConfiguration",
  PutBucketEncryption: "PutEncryptionConfiguration",
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  DeleteBucketTagging: "PutBucketTagging",
};

/**
 * Refuses an operation that a user or a role's session has no right to. The administrator passes, as does everything an
 * operation judges itself.
 *
 * @throws AwsError as the service says it
 */
export function judge(world: World, service: ServiceKey, operation: string, call: Call, input: Input): void {
  if (call.principal.kind !== "user" && call.principal.kind !== "role") return;
  if (judgedWithin[service]?.includes(operation) === true) return;
  const [code, status] = refusals[service] ?? ["AccessDeniedException", 400];
  const key = input.KeyId ?? input.TargetKeyId;
  if (service === "kms" && key !== undefined) world.kms.authorizeControl(call, `kms:${operation}`, String(key));
  else world.iam.require(call, rightFor(service, operation, call, input), code, status);
  if (input.ExecutionRoleArn !== undefined)
    world.iam.require(call, { action: "iam:PassRole", resource: String(input.ExecutionRoleArn) }, code, status);
}

const refusals: Partial<Record<ServiceKey, [code: string, status: number]>> = {
  s3: ["AccessDenied", 403],
  sqs: ["AccessDenied", 403],
  sns: ["AuthorizationError", 403],
  iam: ["AccessDenied", 403],
  cloudwatch: ["AccessDenied", 403],
  sagemakerRuntime: ["AccessDeniedException", 403],
};

function rightFor(service: ServiceKey, operation: string, call: Call, input: Input): AccessRequest {
  const arn = (of: string, resource: string): string => `arn:aws:${of}:${call.region}:${call.accountId}:${resource}`;
  const named = (member: string): string | undefined =>
    input[member] === undefined ? undefined : String(input[member]);
  const singular = operation.replace(/Batch$/, "");
  switch (service) {
    case "s3": {
      const path = [named("Bucket"), named("Key")].filter((part) => part !== undefined).join("/");
      return {
        action: `s3:${s3Actions[operation] ?? operation}`,
        resource: path === "" ? "*" : `arn:aws:s3:::${path}`,
      };
    }
    case "sqs": {
      const name = named("QueueUrl")?.split("/").at(-1) ?? named("QueueName");
      return { action: `sqs:${singular}`, resource: name === undefined ? "*" : arn("sqs", name) };
    }
    case "sns": {
      const subscribed = named("SubscriptionArn")?.split(":").slice(0, 6).join(":");
      return { action: `sns:${singular}`, resource: named("TopicArn") ?? subscribed ?? named("ResourceArn") ?? "*" };
    }
    case "logs": {
      const group = named("logGroupName") ?? "";
      return {
        action: `logs:${operation}`,
        resource: arn("logs", `log-group:${group}:log-stream:${named("logStreamName") ?? ""}`),
      };
    }
    case "cloudwatch": {
      const [alarm] = (input.AlarmNames as string[] | undefined) ?? [named("AlarmName")];
      return {
        action: `cloudwatch:${operation}`,
        resource: alarm === undefined ? "*" : arn("cloudwatch", `alarm:${alarm}`),
      };
    }
    case "applicationAutoScaling": {
      const asks = operation.startsWith("Describe");
      return {
        action: `application-autoscaling:${operation}`,
        resource: asks ? "*" : arn("application-autoscaling", "scalable-target/*"),
      };
    }
    case "sagemaker":
    case "sagemakerRuntime": {
      const kinds = { EndpointName: "endpoint", EndpointConfigName: "endpoint-config", ModelName: "model" } as const;
      const [member, kind] = Object.entries(kinds).find(([each]) => named(each) !== undefined) ?? [];
      const own = member === undefined ? undefined : arn("sagemaker", `${kind}/${named(member)?.toLowerCase()}`);
      return { action: `sagemaker:${operation}`, resource: own ?? named("ResourceArn") ?? "*" };
    }
    case "iam": {
      const of = (kind: string, name: string): string => `arn:aws:iam::${call.accountId}:${kind}/${name}`;
      const [role, user] = [named("RoleName"), named("UserName")];
      const own = role === undefined ? (user === undefined ? undefined : of("user", user)) : of("role", role);
      return { action: `iam:${operation}`, resource: own ?? named("PolicyArn") ?? "*" };
    }
    default:
      return { action: `${service}:${operation}`, resource: "*" };
  }
}

/**
 * Whom a request comes from, by the access key of its signature, which is judged before: see `checkAuthorization`.
 *
 * @throws AwsError as the service refuses a key that was taken back or has ended
 */
export function callerOf(
  world: World,
  service: ServiceKey,
  accessKeyId: string,
  sessionToken: string | undefined,
): Call["principal"] {
  const found = world.iam.principalOf(accessKeyId, sessionToken);
  if (typeof found !== "string") return found;
  if (found === "expired") {
    throw new AwsError(
      service === "s3" ? "ExpiredToken" : "ExpiredTokenException",
      "The security token included in the request is expired",
      service === "s3" ? 400 : 403,
    );
  }
  if (service === "s3")
    throw new AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403);
  throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403);
}
