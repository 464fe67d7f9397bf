import { AwsError } from "../aws-error";
import type { Subscription } from "./deliveries";
import { BadFilterPolicy, parseFilterPolicy } from "./filter-policy";

const known = [
  "RawMessageDelivery",
  "FilterPolicy",
  "FilterPolicyScope",
  "DeliveryPolicy",
  "RedrivePolicy",
  "SubscriptionRoleArn",
];
const protocols = ["sqs", "lambda", "http", "https", "email", "email-json", "sms", "application", "firehose"];
/** Protocols that can be handed the bare message. */
const rawProtocols = ["sqs", "http", "https", "firehose"];
const queueArn = /^arn:aws:sqs:[a-z0-9-]+:\d{12}:.+$/;

/** SNS's refusal of a parameter. */
export function invalid(what: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${what}`);
}

/** @throws AwsError InvalidParameter for an endpoint that does not fit its protocol */
export function checkSubscriber(protocol: string, endpoint: string): void {
  if (!protocols.includes(protocol)) throw invalid(`Does not support this protocol string: ${protocol}`);
  if (protocol === "sqs" && !queueArn.test(endpoint)) throw invalid("SQS endpoint ARN");
  if (protocol === "lambda" && !/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:.+$/.test(endpoint))
    throw invalid("Lambda endpoint ARN");
  if (/^https?$/.test(protocol) && !endpoint.startsWith(`${protocol}://`))
    throw invalid("Endpoint must match the specified protocol");
  if (protocol.startsWith("email") && !/^[^\s@]+@[^\s@]+$/.test(endpoint)) throw invalid("Email address");
}

/**
 * Gives a subscription an attribute; an empty one takes it away.
 *
 * @throws AwsError InvalidParameter for an attribute or value SNS would refuse
 */
export function setSubscriptionAttribute(subscription: Subscription, key: string, value: string | undefined): void {
  if (!known.includes(key)) throw invalid("AttributeName");
  const { attributes, protocol } = subscription;
  if (value === undefined || value === "") {
    attributes.delete(key);
    return;
  }
  if (key === "FilterPolicy") {
    try {
      parseFilterPolicy(value, attributes.get("FilterPolicyScope") ?? "MessageAttributes");
    } catch (cause) {
      if (cause instanceof BadFilterPolicy) throw invalid(cause.message);
      throw cause;
    }
  }
  if (key === "FilterPolicyScope" && !["MessageAttributes", "MessageBody"].includes(value))
    throw invalid("FilterPolicyScope: Invalid value. Please use either MessageBody or MessageAttributes");
  if (key === "RawMessageDelivery" && value === "true" && !rawProtocols.includes(protocol))
    throw invalid(`Delivery protocol [${protocol}] does not support raw message delivery.`);
  if (key === "RedrivePolicy") checkRedrive(subscription, value);
  attributes.set(key, value);
}

/** A dead-letter queue lies in the subscription's own region. */
function checkRedrive({ topicArn }: Subscription, value: string): void {
  let target: unknown;
  try {
    target = (JSON.parse(value) as { deadLetterTargetArn?: unknown }).deadLetterTargetArn;
  } catch {
    throw invalid("RedrivePolicy: failed to parse JSON.");
  }
  if (typeof target !== "string" || !queueArn.test(target))
    throw invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn");
  if (target.split(":")[3] !== topicArn.split(":")[3])
    throw invalid("RedrivePolicy: must use SQS queues from the same region as the topic");
}
