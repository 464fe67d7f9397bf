import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Connection } from "./connection";
import { placeOf } from "./place";
import type { Submission } from "./submit";

/** What is kept of a request with a key, beside the inputs: who sends it, and how it was accepted. */
export interface RequestRecord {
  readonly version: 1;
  /** Set once SageMaker has accepted the request. */
  readonly submission?: Submission;
  /** When the sender claimed the request, milliseconds since the Unix epoch. */
  readonly claimedAtMs: number;
  /** Who claimed it, where that one may come back, as a batch does. */
  readonly claimedBy?: string;
  /** Names the one try that claimed it, so that it knows its own claim when the answer to it got lost. */
  readonly claimId?: string;
}

/** A record as it lies in S3, with the mark that tells this version of it from any other. */
export interface KeptRecord {
  readonly record: RequestRecord;
  readonly etag: string;
}

/** A sender that has claimed a request and said nothing more for so long is taken for dead. */
export const claimHoldsMs = 120_000;

/**
 * @param isThere whether S3 has just said so: a refusal is then one for want of rights, and no way to say that it is
 *   missing
 */
export async function readRecord(
  connection: Connection,
  objectName: string,
  isThere = false,
): Promise<KeptRecord | undefined> {
  try {
    const { Body, ETag = "" } = await connection.s3.send(new GetObjectCommand(at(connection, objectName)));
    const record = JSON.parse((await Body?.transformToString()) ?? "") as RequestRecord;
    return record.version === 1 ? { record, etag: ETag } : undefined;
  } catch (cause) {
    const denied = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 403;
    if (isMissing(cause) && !(denied && isThere)) return undefined;
    throw cause;
  }
}

/**
 * Writes a record where none is, or in place of the version just read.
 *
 * @returns the mark of what was written; undefined when another sender was quicker
 */
export async function writeRecord(
  connection: Connection,
  objectName: string,
  record: RequestRecord,
  instead?: KeptRecord,
): Promise<KeptRecord | undefined> {
  try {
    const { ETag = "" } = await connection.s3.send(
      new PutObjectCommand({
        ...at(connection, objectName),
        Body: JSON.stringify(record),
        ContentType: "application/json",
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: connection.manifest.kmsKeyArn,
        ...(instead === undefined ? { IfNoneMatch: "*" } : { IfMatch: instead.etag }),
      }),
    );
    return { record, etag: ETag };
  } catch (cause) {
    // 412: it is there, or another version is. 409: both wrote at once.
    const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 412 || status === 409) return undefined;
    throw cause;
  }
}

function at(connection: Connection, objectName: string) {
  return placeOf(`${connection.manifest.inputPrefix}requests/${objectName}.json`);
}

function isMissing(cause: unknown): boolean {
  // 403: missing, seen by a caller who may not list.
  const { name, $metadata } = cause as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === "NoSuchKey" || $metadata?.httpStatusCode === 404 || $metadata?.httpStatusCode === 403;
}
