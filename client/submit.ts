import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { UsageError } from "../contract/errors";
import { inlinePayloadBytesMax } from "../contract/limits";
import { AsyncInvocation } from "./async-invocation";
import type { Connection } from "./connection";
import { emptyPayload, type OpenedPayload, openPayload, type Payload } from "./payload";
import { placeOf } from "./place";
import { mayPass } from "./regions/acceptance";
import { namesFor, type RequestNames } from "./request-key";
import { type RequestOptions, refuseWrongOptions } from "./request-options";
import { claimHoldsMs, type KeptRecord, type RequestRecord, readRecord, writeRecord } from "./request-record";
import { upload } from "./upload";

/** Each of them is three tries of the AWS SDK's own. */
const noteTries = 5;

export interface SubmitOptions extends RequestOptions {
  /**
   * The caller's own name of the request. It makes the request's id and object names, and a second submission of the
   * same key finds the first and sends nothing. Needs the right to read `inputs/requests/`.
   * @default - every submission is a request of its own
   */
  readonly key?: string;
  /** Makes the object names of a `key` ones that nobody can guess. @default - they follow from the key */
  readonly keySecret?: string;
  /**
   * Names the sender of a `key` that may come back after it died, as a batch does: it goes on from its own claim at
   * once, where another sender waits two minutes.
   * @default - no sender is known again
   */
  readonly claimant?: string;
  /** Stops an upload under way. @default - it runs to its end */
  readonly signal?: AbortSignal;
  /** Told as an upload goes on; `totalBytes` is undefined for a stream. @default - nobody is told */
  readonly onProgress?: (sentBytes: number, totalBytes: number | undefined) => void;
  /** The wall clock, milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** A request that SageMaker has accepted. Plain data: it can be kept and waited for by another process. */
export interface Submission {
  readonly region: string;
  readonly inferenceId: string;
  /** Undefined for an object that was in S3 already and may not be looked at. */
  readonly payloadBytes?: number;
  /** `s3://…`, or absent when the payload went within the request. */
  readonly inputLocation?: string;
  readonly outputLocation: string;
  /** Absent when the endpoint has no failure path. */
  readonly failureLocation?: string;
  /** When it was accepted by the sender's clock, milliseconds since the Unix epoch. */
  readonly acceptedAtMs: number;
  /** How long the payload took to S3; 0 within the request. */
  readonly uploadSeconds: number;
  readonly timeToLiveSeconds: number;
  readonly invocationTimeoutSeconds: number;
  /** True when an earlier submission of the same key was found and nothing was sent. */
  readonly repeated?: boolean;
}

/**
 * Sends one request: within the call itself up to 128,000 bytes, through S3 above that, as a multipart stream so that a
 * gigabyte needs no gigabyte of memory.
 *
 * @throws UsageError ASY-301, ASY-302, ASY-306 and ASY-314 for the payload, ASY-303 for options SageMaker would refuse (all at
 *   once, before anything is sent); the AWS SDK's own errors
 */
export async function submit(connection: Connection, payload: Payload, options: SubmitOptions): Promise<Submission> {
  const request = new Request(connection, options);
  refuseWrongOptions({ ...options, inferenceId: request.inferenceId });
  if (options.key === undefined) return request.send(payload);
  return onlyOnce(connection, request, () => request.send(payload));
}

/** Everything about one request that does not depend on its payload. */
class Request {
  readonly names: RequestNames | undefined;
  readonly inferenceId: string;
  readonly now: () => number;
  private readonly limits: { readonly timeToLiveSeconds: number; readonly invocationTimeoutSeconds: number };

  constructor(
    private readonly connection: Connection,
    readonly options: SubmitOptions,
  ) {
    const { requests } = connection.manifest;
    this.names = options.key === undefined ? undefined : namesFor(options.key, options.keySecret);
    this.inferenceId = options.inferenceId ?? this.names?.inferenceId ?? randomUUID();
    this.now = options.now ?? Date.now;
    this.limits = {
      timeToLiveSeconds: options.timeToLiveSeconds ?? requests.timeToLiveSeconds,
      invocationTimeoutSeconds: options.invocationTimeoutSeconds ?? requests.invocationTimeoutSeconds,
    };
  }

  async send(payload: Payload): Promise<Submission> {
    if ("s3Uri" in payload) {
      const bytes = await this.look(payload.s3Uri);
      return this.invoke({ InputLocation: payload.s3Uri }, bytes, 0);
    }
    const opened = await openPayload(payload, this.connection.manifest.requests.payloadBytes);
    try {
      if (opened.bytes !== undefined && opened.bytes <= inlinePayloadBytesMax) {
        return await this.invoke({ Body: await opened.read() }, opened.bytes, 0);
      }
      const beganMs = this.now();
      const { location, bytes } = await this.upload(opened);
      return await this.invoke({ InputLocation: location }, bytes, (this.now() - beganMs) / 1000);
    } finally {
      await opened.close();
    }
  }

  private async upload(payload: OpenedPayload): Promise<{ location: string; bytes: number }> {
    const location = `${this.connection.manifest.inputPrefix}${this.names?.objectName ?? this.inferenceId}`;
    let bytes = payload.bytes ?? 0;
    await upload(this.connection, payload, location, {
      contentType: this.options.contentType,
      signal: this.options.signal,
      resumable: this.names !== undefined,
      onProgress: (sent, total) => {
        bytes = sent;
        this.options.onProgress?.(sent, total);
      },
    });
    return { location, bytes };
  }

  private async invoke(
    input: { readonly Body: Uint8Array } | { readonly InputLocation: string },
    payloadBytes: number | undefined,
    uploadSeconds: number,
  ): Promise<Submission> {
    const { options, limits } = this;
    const { clock, runtime } = this.connection;
    const invocation = new AsyncInvocation(
      {
        EndpointName: this.connection.manifest.endpointName,
        ContentType: options.contentType,
        Accept: options.accept,
        CustomAttributes: options.customAttributes,
        InferenceId: this.inferenceId,
        S3OutputPathExtension: options.outputPathExtension,
        Filename: options.filename ?? this.names?.filename,
        RequestTTLSeconds: limits.timeToLiveSeconds,
        InvocationTimeoutSeconds: limits.invocationTimeoutSeconds,
        ...input,
      },
      ({ date }) => clock.hear(date),
    );
    const answer = await runtime.send(invocation, { abortSignal: options.signal });
    return {
      region: this.connection.manifest.region,
      inferenceId: answer.InferenceId ?? this.inferenceId,
      ...(payloadBytes === undefined ? {} : { payloadBytes }),
      ...("InputLocation" in input ? { inputLocation: input.InputLocation } : {}),
      outputLocation: answer.OutputLocation ?? "",
      ...(answer.FailureLocation === undefined ? {} : { failureLocation: answer.FailureLocation }),
      acceptedAtMs: this.now(),
      uploadSeconds,
      ...limits,
    };
  }

  /** The size of an object that is in S3 already; undefined where the caller may not look and SageMaker perhaps may. */
  private async look(s3Uri: string): Promise<number | undefined> {
    const missing = (got: string): UsageError =>
      new UsageError({ code: "ASY-301", at: s3Uri, got, expected: "an object in S3" });
    if (!/^s3:\/\/[^/]+\/.+/.test(s3Uri)) throw missing("not a location s3://bucket/key");
    const limitBytes = this.connection.manifest.requests.payloadBytes;
    try {
      const { ContentLength: bytes = 0 } = await this.connection.s3.send(new HeadObjectCommand(placeOf(s3Uri)));
      if (bytes === 0) throw emptyPayload(s3Uri);
      if (bytes <= limitBytes) return bytes;
      throw new UsageError({
        code: "ASY-302",
        at: s3Uri,
        got: `${bytes} bytes`,
        expected: `at most ${limitBytes} bytes, as the fleet declares`,
      });
    } catch (cause) {
      const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (status === 404) throw missing("no such object");
      if (status === 403) return undefined;
      throw cause;
    }
  }
}

/**
 * Sends a request with a key once. Its record is claimed before and completed after; who finds it claimed waits for
 * the other sender, and takes over when that one is dead.
 *
 * A request is sent again when nobody can tell whether SageMaker took it: its sender died between the acceptance and its
 * own note of it, or the answer got lost. It then runs again under the same id and writes to the same place.
 */
async function onlyOnce(
  connection: Connection,
  request: Request,
  send: () => Promise<Submission>,
): Promise<Submission> {
  const name = request.names?.objectName ?? "";
  const claimId = randomUUID();
  let isThere = false;
  for (;;) {
    request.options.signal?.throwIfAborted();
    const kept = await readRecord(connection, name, isThere);
    if (kept?.record.submission !== undefined) return { ...kept.record.submission, repeated: true };
    const { claimant } = request.options;
    const own = kept?.record.claimId === claimId || (claimant !== undefined && kept?.record.claimedBy === claimant);
    if (kept !== undefined && !own && request.now() - kept.record.claimedAtMs < claimHoldsMs) {
      await pause(1000, undefined, { signal: request.options.signal });
      continue;
    }
    const claim = {
      version: 1,
      claimedAtMs: request.now(),
      claimId,
      ...(claimant === undefined ? {} : { claimedBy: claimant }),
    } as const;
    const claimed = await writeRecord(connection, name, claim, kept);
    if (claimed === undefined) {
      isThere = true;
      continue;
    }
    return sendClaimed(connection, name, claimed, send);
  }
}

async function sendClaimed(
  connection: Connection,
  name: string,
  claimed: KeptRecord,
  send: () => Promise<Submission>,
): Promise<Submission> {
  let submission: Submission;
  try {
    submission = await send();
  } catch (cause) {
    // Lets go of the claim, so that the next try need not wait for this one to be taken for dead.
    await writeRecord(connection, name, { version: 1, claimedAtMs: 0 }, claimed).catch(() => undefined);
    throw cause;
  }
  await noteSubmission(connection, name, { ...claimed.record, submission }, claimed);
  return submission;
}

/** A note that cannot be written now is no reason to send again what SageMaker has: only a later sender would miss it. */
async function noteSubmission(
  connection: Connection,
  name: string,
  record: RequestRecord,
  claimed: KeptRecord,
): Promise<void> {
  for (let tries = 1; tries <= noteTries; tries++) {
    try {
      await writeRecord(connection, name, record, claimed);
      return;
    } catch (cause) {
      if (!mayPass(cause)) throw cause;
    }
  }
}
