import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { CreateMultipartUploadCommandInput } from "@aws-sdk/client-s3";
import { includedResponseBytesMax } from "../../../contract/limits";
import type { InvocationReply } from "../../containers/container";
import { AwsError } from "../aws-error";
import type { Call } from "../call";
import type { World } from "../world";
import type { EndpointMetrics } from "./endpoint-metrics";
import { type Instance, wait } from "./instance";
import type { AsyncRequest } from "./request";
import { splitS3 } from "./validation";

/** How an invocation ended. `response` is kept only where a notice may include it. */
export type InvocationEnd =
  | { readonly ok: true; readonly contentType: string | undefined; readonly response: Buffer | undefined }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly body: Buffer;
      readonly timedOut?: true;
      readonly lost?: true;
    };

export interface InvocationContext {
  readonly world: World;
  readonly asRole: Call;
  readonly endpointName: string;
  readonly metrics: EndpointMetrics;
  /** `OutputConfig.KmsKeyId` */
  readonly kmsKeyId: string | undefined;
  readonly keepResponse: boolean;
  /** The instance is lost so long after it was given the request. @default - it is not lost */
  readonly lostAfterMs?: number | undefined;
}

class Failed extends Error {
  constructor(
    readonly reason: string,
    readonly body: Buffer = Buffer.from(reason),
  ) {
    super(reason);
  }
}

/** Brings one request's payload to a container and its answer to S3. Never throws for what a request can cause. */
export async function invoke(
  context: InvocationContext,
  request: AsyncRequest,
  instance: Instance,
): Promise<InvocationEnd> {
  const { clock } = context.world;
  const abort = new AbortController();
  const timer = clock.after(request.invocationTimeoutSeconds * 1000, () => abort.abort());
  let isLost = false;
  const forget = instance.onLoss(() => {
    isLost = true;
    abort.abort();
  });
  const work = new HeldWork(context.world, instance.container?.virtual === true);
  try {
    const calledMs = clock.now();
    const reply = await callContainer(context, request, instance, abort.signal);
    const seconds = Number(reply.headers["x-rehearsal-work-seconds"] ?? 0);
    if (seconds > 0) {
      const playedMs = Math.min(seconds, request.invocationTimeoutSeconds) * 1000;
      await work.away(() => Promise.race([wait(context.world, playedMs), instance.gone]));
      // Played work goes with its instance, as a container's own would.
      if (instance.state === "gone" && clock.now() < calledMs + playedMs) {
        reply.body.destroy();
        throw new Error("the instance was taken away");
      }
    }
    context.metrics.sample("ModelLatency", (clock.now() - calledMs) * 1000);
    if (abort.signal.aborted) {
      reply.body.destroy();
      throw timedOut(request);
    }
    return await storeReply(context, request, reply);
  } catch (cause) {
    if (abort.signal.aborted && !isLost) return { ...failure(timedOut(request)), timedOut: true };
    if (cause instanceof Failed && !isLost) return failure(cause);
    await instance.settled();
    context.metrics.count("Invocation5XXErrors");
    const broken = failure(
      new Failed(`Connection reset by peer for the ${context.endpointName} endpoint. Please retry.`),
    );
    return isLost ? { ...broken, lost: true } : broken;
  } finally {
    timer.cancel();
    forget();
    work.end();
  }
}

async function callContainer(
  context: InvocationContext,
  request: AsyncRequest,
  instance: Instance,
  signal: AbortSignal,
): Promise<InvocationReply> {
  const { clock } = context.world;
  const startedMs = clock.now();
  const input = await openInput(context, request);
  context.metrics.sample("RequestDownloadLatency", (clock.now() - startedMs) * 1000);
  if (instance.container === undefined) throw new Error("the instance has no container");
  const calledMs = clock.now();
  const answer = instance.container.invoke({
    headers: {
      ...(request.contentType === undefined ? {} : { "Content-Type": request.contentType }),
      ...(request.accept === undefined ? {} : { Accept: request.accept }),
      ...(request.customAttributes === undefined
        ? {}
        : { "X-Amzn-SageMaker-Custom-Attributes": request.customAttributes }),
      // AWS says nothing of the kind; only a container that asks for it can tell a second run from a first.
      ...(request.run > 1 ? { "X-Rehearsal-Run": String(request.run) } : {}),
    },
    body: input.body,
    contentLength: input.bytes,
    signal,
  });
  if (context.lostAfterMs === 0) {
    void answer.then(
      ({ body }) => body.destroy(),
      () => undefined,
    );
    instance.lose();
    throw new Error("the instance was lost");
  }
  if (context.lostAfterMs !== undefined) context.world.clock.after(context.lostAfterMs, () => instance.lose());
  const reply = await answer;
  if (reply.statusCode >= 400) {
    const server = reply.statusCode >= 500;
    context.metrics.sample("ModelLatency", (clock.now() - calledMs) * 1000);
    context.metrics.count(server ? "Invocation5XXErrors" : "Invocation4XXErrors");
    const body = await readUpTo(reply.body, context.world.assumed.errorBodyBytesMax);
    throw new Failed(
      `ClientError: Received ${server ? "server" : "client"} error (${reply.statusCode}) from model. See the SageMaker Endpoint logs in your account for more information.`,
      body,
    );
  }
  if (reply.headers["content-length"] === undefined) {
    reply.body.destroy();
    throw new Failed("The response from container primary did not specify the required Content-Length header");
  }
  return reply;
}

async function openInput(
  context: InvocationContext,
  request: AsyncRequest,
): Promise<{ body: Readable; bytes: number }> {
  const { payload } = request;
  if ("bytes" in payload) return { body: Readable.from([payload.bytes]), bytes: payload.bytes.length };
  const { bucket, key } = splitS3(payload.inputLocation);
  try {
    const { Body, ContentLength } = await context.world.s3.getObject(context.asRole, { Bucket: bucket, Key: key });
    return { body: Body as Readable, bytes: ContentLength ?? 0 };
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    context.metrics.count("RequestDownloadFailures");
    throw new Failed(
      `Failed to download the request payload from ${payload.inputLocation}: ${cause.code}: ${cause.message}`,
    );
  }
}

async function storeReply(
  context: InvocationContext,
  request: AsyncRequest,
  reply: InvocationReply,
): Promise<InvocationEnd> {
  const { world, asRole, kmsKeyId } = context;
  const startedMs = world.clock.now();
  const { bucket, key } = splitS3(request.outputLocation);
  const contentType = reply.headers["content-type"];
  const small = Number(reply.headers["content-length"]) <= includedResponseBytesMax;
  const kept = context.keepResponse && small ? await readUpTo(reply.body, includedResponseBytesMax) : undefined;
  const body = kept ?? new PassThrough();
  // A container that breaks off must fail the request, not the stream of somebody else.
  const flow = body instanceof PassThrough ? pipeline(reply.body, body) : Promise.resolve();
  flow.catch(() => undefined);
  try {
    const object = {
      Bucket: bucket,
      Key: key,
      ContentType: contentType,
      ...(kmsKeyId === undefined ? {} : { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKeyId }),
    };
    if (Number(reply.headers["content-length"]) < world.assumed.uploadInPartsFromBytes) {
      await world.s3.putObject(asRole, { ...object, Body: body });
      await flow;
    } else await storeInParts(context, object, body, flow);
  } catch (cause) {
    reply.body.destroy();
    if (!(cause instanceof AwsError)) throw cause;
    context.metrics.count("ResponseUploadFailures");
    throw new Failed(`Failed to upload the response to ${request.outputLocation}: ${cause.code}: ${cause.message}`);
  }
  context.metrics.sample("ResponseUploadLatency", (world.clock.now() - startedMs) * 1000);
  return { ok: true, contentType, response: kept };
}

/** A long result is uploaded in parts, and what there is of it is taken back when the container breaks off. */
async function storeInParts(
  { world, asRole }: InvocationContext,
  object: CreateMultipartUploadCommandInput,
  body: Buffer | Readable,
  flow: Promise<void>,
): Promise<void> {
  const { UploadId } = await world.s3.createMultipartUpload(asRole, object);
  const upload = { Bucket: object.Bucket, Key: object.Key, UploadId };
  try {
    const { ETag } = await world.s3.uploadPart(asRole, { ...upload, PartNumber: 1, Body: body as never });
    await flow;
    await world.s3.completeMultipartUpload(asRole, {
      ...upload,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    });
  } catch (cause) {
    // Without the right to take it back it stays, and is paid for, until the bucket's lifecycle ends it.
    await world.s3.abortMultipartUpload(asRole, upload).catch((refused: unknown) => {
      if (!(refused instanceof AwsError)) throw refused;
    });
    throw cause;
  }
}

/** Holds the clock while real work runs, and lets go of it while the work only waits for virtual time. */
class HeldWork {
  private release: (() => void) | undefined;

  constructor(
    private readonly world: World,
    private readonly virtual: boolean,
  ) {
    this.hold();
  }

  async away(waiting: () => Promise<void>): Promise<void> {
    this.end();
    await waiting();
    this.hold();
  }

  end(): void {
    this.release?.();
    this.release = undefined;
  }

  private hold(): void {
    if (!this.virtual) this.release = this.world.clock.hold();
  }
}

function timedOut(request: AsyncRequest): Failed {
  return new Failed(
    `The model did not answer within the invocation timeout of ${request.invocationTimeoutSeconds} seconds.`,
  );
}

function failure({ reason, body }: Failed): InvocationEnd & { ok: false } {
  return { ok: false, reason, body };
}

async function readUpTo(stream: Readable, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Buffer);
    size += bytes.length;
    chunks.push(bytes);
    if (size > bytesMax) break;
  }
  return Buffer.concat(chunks).subarray(0, bytesMax);
}
