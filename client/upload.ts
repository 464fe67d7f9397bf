import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  paginateListParts,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { Connection } from "./connection";
import type { OpenedPayload, Part } from "./payload";
import { type Place, placeOf } from "./place";

/** 1 GB in 60 parts; four parts under way hold 64 MiB. */
const partBytes = 16 * 1024 * 1024;
const partsAtOnce = 4;

export interface UploadOptions {
  readonly contentType: string;
  /** Stops the upload. @default - it runs to its end */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether an upload that stops is left for the next one to the same place, which sends only what is missing. Left
   * behind, it goes with the bucket's rule for unfinished uploads.
   * @default false
   */
  readonly resumable?: boolean;
  /** Told as bytes have arrived; `totalBytes` is undefined for a stream. @default - nobody is told */
  readonly onProgress?: ((sentBytes: number, totalBytes: number | undefined) => void) | undefined;
}

/**
 * Puts a payload into S3 under the fleet's key: whole when it is small, else in parts of 16 MiB, each with its CRC-32,
 * which S3 compares with what has arrived.
 */
export async function upload(
  connection: Connection,
  payload: OpenedPayload,
  location: string,
  options: UploadOptions,
): Promise<void> {
  const at = placeOf(location);
  if (payload.bytes !== undefined && payload.bytes <= partBytes) {
    const bytes = await payload.read();
    await connection.s3.send(
      new PutObjectCommand({
        ...at,
        ...encrypted(connection, options),
        Body: bytes,
        ChecksumCRC32: checksumOf(bytes),
      }),
      { abortSignal: options.signal },
    );
    options.onProgress?.(payload.bytes, payload.bytes);
    return;
  }
  const found = options.resumable && payload.rereadable ? await unfinished(connection, at) : undefined;
  const parts = new PartsUpload(connection, at, options, payload.bytes, found);
  await parts.run(payload);
}

interface Unfinished {
  readonly uploadId: string;
  /** By number. */
  readonly parts: ReadonlyMap<number, CompletedPart>;
}

class PartsUpload {
  private readonly done: CompletedPart[] = [];
  private readonly stop = new AbortController();
  private uploadId: string | undefined;
  private sentBytes = 0;

  constructor(
    private readonly connection: Connection,
    private readonly at: Place,
    private readonly options: UploadOptions,
    private readonly totalBytes: number | undefined,
    private readonly found: Unfinished | undefined,
  ) {
    this.uploadId = found?.uploadId;
  }

  async run(payload: OpenedPayload): Promise<void> {
    const abort = (): void => this.stop.abort(this.options.signal?.reason);
    this.options.signal?.throwIfAborted();
    this.options.signal?.addEventListener("abort", abort, { once: true });
    try {
      this.uploadId ??= await this.begin();
      // An async generator gives each of its readers the next part.
      const parts = payload.parts(partBytes);
      const worker = async (): Promise<void> => {
        for await (const part of { [Symbol.asyncIterator]: () => ({ next: () => parts.next() }) }) {
          this.stop.signal.throwIfAborted();
          await this.send(part);
        }
      };
      const workers = await Promise.allSettled(
        Array.from({ length: partsAtOnce }, () =>
          worker().catch((cause: unknown) => {
            this.stop.abort(cause);
            throw cause;
          }),
        ),
      );
      const failed = workers.find((each) => each.status === "rejected");
      if (failed !== undefined) throw this.stop.signal.reason ?? failed.reason;
      await this.complete();
    } catch (cause) {
      await this.abandon(payload.rereadable);
      throw cause;
    } finally {
      this.options.signal?.removeEventListener("abort", abort);
    }
  }

  private async begin(): Promise<string> {
    const { UploadId } = await this.connection.s3.send(
      new CreateMultipartUploadCommand({
        ...this.at,
        ...encrypted(this.connection, this.options),
        ChecksumAlgorithm: "CRC32",
        ChecksumType: "COMPOSITE",
      }),
      { abortSignal: this.stop.signal },
    );
    if (UploadId === undefined) throw new Error("S3 gave the upload no id");
    return UploadId;
  }

  private async send({ number, bytes, release }: Part): Promise<void> {
    const checksum = checksumOf(bytes);
    const there = this.found?.parts.get(number);
    if (there?.ChecksumCRC32 === checksum) this.done.push(there);
    else {
      const { ETag } = await this.connection.s3.send(
        withoutDigest(
          new UploadPartCommand({
            ...this.at,
            UploadId: this.uploadId,
            PartNumber: number,
            Body: bytes,
            ChecksumCRC32: checksum,
          }),
        ),
        { abortSignal: this.stop.signal },
      );
      this.done.push({ PartNumber: number, ETag, ChecksumCRC32: checksum });
    }
    this.sentBytes += bytes.byteLength;
    // S3 has answered, so all of them have been sent.
    release?.();
    this.options.onProgress?.(this.sentBytes, this.totalBytes);
  }

  private async complete(): Promise<void> {
    await this.connection.s3.send(
      new CompleteMultipartUploadCommand({
        ...this.at,
        UploadId: this.uploadId,
        MultipartUpload: {
          Parts: this.done.toSorted((left, right) => (left.PartNumber ?? 0) - (right.PartNumber ?? 0)),
        },
      }),
      { abortSignal: this.stop.signal },
    );
  }

  private async abandon(rereadable: boolean): Promise<void> {
    if (this.uploadId === undefined || (this.options.resumable && rereadable)) return;
    // The failure that led here is what the caller must hear of, not a failure to clean up after it.
    await this.connection.s3
      .send(new AbortMultipartUploadCommand({ ...this.at, UploadId: this.uploadId }))
      .catch(() => undefined);
  }
}

/**
 * Signs a part without a SHA-256 of its bytes, as boto3 does: TLS keeps them from being changed, S3 compares their CRC-32
 * with what has arrived, and the digest would take longer than everything else.
 */
function withoutDigest(command: UploadPartCommand): UploadPartCommand {
  command.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
      return next(args);
    },
    { step: "build", name: "withoutDigest" },
  );
  return command;
}

/** The newest unfinished upload to a place, with the parts that have arrived. */
async function unfinished(connection: Connection, at: Place): Promise<Unfinished | undefined> {
  const { Uploads = [] } = await connection.s3.send(
    new ListMultipartUploadsCommand({ Bucket: at.Bucket, Prefix: at.Key }),
  );
  const [newest] = Uploads.filter(({ Key }) => Key === at.Key).sort(
    (left, right) => (right.Initiated?.getTime() ?? 0) - (left.Initiated?.getTime() ?? 0),
  );
  if (newest?.UploadId === undefined) return undefined;
  const parts = new Map<number, CompletedPart>();
  for await (const page of paginateListParts({ client: connection.s3 }, { ...at, UploadId: newest.UploadId })) {
    for (const { PartNumber, ETag, ChecksumCRC32 } of page.Parts ?? []) {
      if (PartNumber !== undefined) parts.set(PartNumber, { PartNumber, ETag, ChecksumCRC32 });
    }
  }
  return { uploadId: newest.UploadId, parts };
}

function encrypted(connection: Connection, { contentType }: UploadOptions) {
  return {
    ContentType: contentType,
    ServerSideEncryption: "aws:kms" as const,
    SSEKMSKeyId: connection.manifest.kmsKeyArn,
  };
}

/** As S3 writes it: the checksum's four bytes in base64. */
function checksumOf(bytes: Uint8Array): string {
  const four = Buffer.allocUnsafe(4);
  four.writeUInt32BE(crc32(bytes));
  return four.toString("base64");
}
