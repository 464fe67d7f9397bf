import { randomUUID } from "node:crypto";
import { InvokeEndpointAsyncCommand } from "@aws-sdk/client-sagemaker-runtime";
import { Upload } from "@aws-sdk/lib-storage";
import { type Problem, UsageError } from "../contract/errors";
import { inlinePayloadBytesMax, invocationTimeoutSeconds, type Range, requestTtlSeconds } from "../contract/limits";
import type { Connection } from "./connection";
import { type OpenedPayload, openPayload, type Payload } from "./payload";

export interface SubmitOptions {
  /** The payload's media type, handed to the container. */
  readonly contentType: string;
  /** The media type wanted back. @default - the container chooses */
  readonly accept?: string;
  /** Names the request in notices and logs; 1 to 64 characters. @default - a random UUID */
  readonly inferenceId?: string;
  /** How old the request may become in the queue. @default - what the fleet declares */
  readonly timeToLiveSeconds?: number;
  /** How long the container may work. @default - what the fleet declares */
  readonly invocationTimeoutSeconds?: number;
  /** Passed to the container as it stands. @default - none */
  readonly customAttributes?: string;
  /** Stops an upload under way. @default - it runs to its end */
  readonly signal?: AbortSignal;
}

/** A request that SageMaker has accepted. */
export interface Submission {
  readonly region: string;
  readonly inferenceId: string;
  readonly payloadBytes: number;
  /** `s3://…`, or absent when the payload went within the request. */
  readonly inputLocation?: string;
  readonly outputLocation: string;
  /** Absent when the endpoint has no failure path. */
  readonly failureLocation?: string;
  /** After this many seconds it has an end, whichever it is. */
  readonly endsWithinSeconds: number;
}

/**
 * Sends one request: within the call itself up to 128,000 bytes, through S3 above that, as a multipart stream so that a
 * gigabyte needs no gigabyte of memory.
 *
 * @throws UsageError ASY-301 and ASY-302 for the payload, ASY-303 for an option out of range; the AWS SDK's own errors
 */
export async function submit(connection: Connection, payload: Payload, options: SubmitOptions): Promise<Submission> {
  const declared = connection.manifest.requests;
  const timeToLive = options.timeToLiveSeconds ?? declared.timeToLiveSeconds;
  const timeout = options.invocationTimeoutSeconds ?? declared.invocationTimeoutSeconds;
  const problems = [
    ...outside("timeToLiveSeconds", timeToLive, requestTtlSeconds),
    ...outside("invocationTimeoutSeconds", timeout, invocationTimeoutSeconds),
  ];
  if (problems.length > 0) throw new UsageError(problems);

  const opened = await openPayload(payload, declared.payloadBytes);
  const inferenceId = options.inferenceId ?? randomUUID();
  const inline = opened.bytes <= inlinePayloadBytesMax && opened.bytes > 0;
  const inputLocation = inline ? undefined : await upload(connection, opened, inferenceId, options);
  const answer = await connection.runtime.send(
    new InvokeEndpointAsyncCommand({
      EndpointName: connection.manifest.endpointName,
      ContentType: options.contentType,
      Accept: options.accept,
      CustomAttributes: options.customAttributes,
      InferenceId: inferenceId,
      RequestTTLSeconds: timeToLive,
      InvocationTimeoutSeconds: timeout,
      ...(inputLocation === undefined ? { Body: await opened.read() } : { InputLocation: inputLocation }),
    }),
    { abortSignal: options.signal },
  );
  return {
    region: connection.manifest.region,
    inferenceId: answer.InferenceId ?? inferenceId,
    payloadBytes: opened.bytes,
    ...(inputLocation === undefined ? {} : { inputLocation }),
    outputLocation: answer.OutputLocation ?? "",
    ...(answer.FailureLocation === undefined ? {} : { failureLocation: answer.FailureLocation }),
    endsWithinSeconds: timeToLive + timeout,
  };
}

async function upload(
  connection: Connection,
  payload: OpenedPayload,
  inferenceId: string,
  options: SubmitOptions,
): Promise<string> {
  const inputLocation = `${connection.manifest.inputPrefix}${inferenceId}`;
  const { hostname, pathname } = new URL(inputLocation);
  const sending = new Upload({
    client: connection.s3,
    params: {
      Bucket: hostname,
      Key: pathname.slice(1),
      Body: payload.stream(),
      ContentType: options.contentType,
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: connection.manifest.kmsKeyArn,
    },
    // 1 GB in 60 parts; four parts under way hold 64 MiB.
    partSize: 16 * 1024 * 1024,
    queueSize: 4,
  });
  const stop = (): void => void sending.abort();
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    await sending.done();
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
  return inputLocation;
}

function outside(option: string, value: number, range: Range): Problem[] {
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return [];
  return [
    { code: "ASY-303", at: option, got: String(value), expected: `a whole number from ${range.min} to ${range.max}` },
  ];
}
