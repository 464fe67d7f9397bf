import { includedResponseBytesMax } from "../../../contract/limits";
import type { Assumed } from "../assumptions";
import { AwsError } from "../aws-error";
import type { Call } from "../call";
import type { World } from "../world";
import type { AsyncRequest } from "./request";

/** Sent to both topics when an endpoint is created, updated or scaled (developer guide, async-inference-create-endpoint). */
const testNotification = JSON.stringify({
  eventVersion: "1.0",
  eventSource: "aws:sagemaker",
  eventName: "TestNotification",
});

/** Tries an endpoint's topics. @returns how many refused the role */
export async function testTopics(
  world: World,
  asRole: Call,
  topics: ReadonlyArray<string | undefined>,
): Promise<number> {
  let refused = 0;
  for (const TopicArn of topics) {
    if (TopicArn === undefined) continue;
    try {
      await world.sns.publish(asRole, { TopicArn, Message: testNotification });
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      refused++;
    }
  }
  return refused;
}

export interface NoticeFacts {
  readonly region: string;
  readonly endpointName: string;
  readonly request: AsyncRequest;
  readonly nowMs: number;
  readonly assumed: Assumed;
}

/** The document of a completed request, members in AWS's order (developer guide, async-inference-check-predictions). */
export function successDocument(facts: NoticeFacts, contentType: string | undefined, response?: Buffer): string {
  return JSON.stringify({
    ...times(facts),
    invocationStatus: "Completed",
    requestParameters: requestParameters(facts),
    responseParameters: {
      ...(contentType === undefined ? {} : { contentType }),
      outputLocation: facts.request.outputLocation,
    },
    ...responseBody(facts, response),
    ...tail(facts),
  });
}

/** The document of a failed request. Whether AWS's carries responseParameters could not be settled: see the assumptions. */
export function failureDocument(facts: NoticeFacts, failureReason: string, response?: Buffer): string {
  return JSON.stringify({
    ...times(facts),
    invocationStatus: "Failed",
    failureReason,
    requestParameters: requestParameters(facts),
    ...failureLocation(facts),
    ...responseBody(facts, response),
    ...tail(facts),
  });
}

function times({ region, request, nowMs }: NoticeFacts) {
  return {
    awsRegion: region,
    eventTime: new Date(nowMs).toISOString(),
    receivedTime: new Date(request.acceptedMs).toISOString(),
  };
}

function requestParameters({ endpointName, request }: NoticeFacts) {
  return {
    ...(request.accept === undefined ? {} : { accept: request.accept }),
    ...(request.contentType === undefined ? {} : { contentType: request.contentType }),
    endpointName,
    ...("inputLocation" in request.payload ? { inputLocation: request.payload.inputLocation } : {}),
  };
}

function failureLocation({ request, assumed }: NoticeFacts) {
  if (assumed.failureNotice === "withoutLocations" || request.failureLocation === undefined) return {};
  return { responseParameters: { failureLocation: request.failureLocation } };
}

function responseBody({ assumed }: NoticeFacts, response: Buffer | undefined) {
  if (response === undefined || response.length > includedResponseBytesMax) return {};
  const encoding = assumed.includedEncoding === "absent" ? {} : { encoding: assumed.includedEncoding };
  return { responseBody: { content: response.toString("base64"), ...encoding } };
}

function tail({ request }: NoticeFacts) {
  return {
    inferenceId: request.inferenceId,
    eventVersion: "1.0",
    eventSource: "aws:sagemaker",
    eventName: "InferenceResult",
  };
}
