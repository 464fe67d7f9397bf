import { AwsError } from "../aws-error";
import type { BucketState, ObjectHeaders, StoredObject } from "./bucket-state";
import { algorithms, type Checksums, checksumsIn, refuseOdd } from "./checksums";
import type { Expected } from "./disk";

/** Bytes of a key, and of the names and values of an object's own metadata (S3 user guide, object-keys and UsingMetadata, read 2026-11-25). */
const keyBytesMax = 1024;
const metadataBytesMax = 2048;
/** Most bytes of one upload, whole or part (S3 user guide, qfacts, read 2026-11-25). */
const uploadBytesMax = 5 * 1024 ** 3;

export function validKey(key: string | undefined): string {
  if (key === undefined || key === "") throw new AwsError("InvalidRequest", "A key must be specified.");
  if (Buffer.byteLength(key) > keyBytesMax) throw new AwsError("KeyTooLongError", "Your key is too long");
  if (leadsOut(key)) throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  return key;
}

/** Whether a key's `..` outnumber, read from the left, the parts that they take back (S3 user guide, object-keys). */
function leadsOut(key: string): boolean {
  let depth = 0;
  return key.split("/").some((part) => {
    depth += part === ".." ? -1 : 1;
    return depth < 0;
  });
}

/** @throws AwsError MetadataTooLarge */
export function validMetadata(metadata: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const bytes = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  if (bytes > metadataBytesMax) {
    throw new AwsError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", 400, {
      Size: String(bytes),
      MaxSizeAllowed: String(metadataBytesMax),
    });
  }
  return metadata;
}

export function rangeOf(range: string | undefined, bytes: number): { from: number; to: number; partial: boolean } {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  const whole = { from: 0, to: bytes - 1, partial: false };
  if (match === null || (match[1] === "" && match[2] === "")) return whole;
  const [, first = "", last = ""] = match;
  const from = first === "" ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === "" || last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (from >= bytes || from > to) throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416);
  return { from, to, partial: true };
}

/** What the caller says of the bytes to come. @throws AwsError InvalidDigest, InvalidRequest, EntityTooLarge */
export function expectedOf(
  input: Checksums & {
    readonly ContentMD5?: string | undefined;
    readonly ContentLength?: number | undefined;
    readonly ChecksumAlgorithm?: string | undefined;
  },
): Expected {
  const { ContentMD5: md5, ContentLength: bytes = 0, ChecksumAlgorithm: named } = input;
  if (md5 !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(md5))
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.");
  refuseOdd(input);
  if (bytes > uploadBytesMax) {
    throw new AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400, {
      ProposedSize: String(bytes),
      MaxSizeAllowed: String(uploadBytesMax),
    });
  }
  const algorithm = algorithms.find((each) => each === named);
  return { md5, checksums: checksumsIn(input), ...(algorithm === undefined ? {} : { algorithm }) };
}

export function encryptionOf({ ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled }: ObjectHeaders) {
  return {
    ServerSideEncryption,
    ...(SSEKMSKeyId === undefined ? {} : { SSEKMSKeyId, BucketKeyEnabled }),
  };
}

export function putContext(input: {
  ServerSideEncryption?: string | undefined;
  SSEKMSKeyId?: string | undefined;
  SSECustomerAlgorithm?: string | undefined;
}): Record<string, string> {
  return {
    ...(input.SSECustomerAlgorithm === undefined
      ? {}
      : { "s3:x-amz-server-side-encryption-customer-algorithm": input.SSECustomerAlgorithm }),
    ...(input.ServerSideEncryption === undefined
      ? {}
      : { "s3:x-amz-server-side-encryption": input.ServerSideEncryption }),
    ...(input.SSEKMSKeyId === undefined ? {} : { "s3:x-amz-server-side-encryption-aws-kms-key-id": input.SSEKMSKeyId }),
  };
}

/** Conditional writes: only where nothing is, or only in place of the version that the caller has read. */
export function refuseUnlessAsExpected(
  input: { IfNoneMatch?: string | undefined; IfMatch?: string | undefined },
  there: StoredObject | undefined,
): void {
  if (input.IfNoneMatch === "*" && there !== undefined) throw preconditionFailed();
  if (input.IfMatch === undefined) return;
  if (there === undefined) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
  if (there.etag.replaceAll('"', "") !== input.IfMatch.replaceAll('"', "")) throw preconditionFailed();
}

/** Versions are told of only where they are kept. */
export function versionShown(bucket: BucketState, VersionId: string): { VersionId?: string } {
  return bucket.versioning === "Enabled" ? { VersionId } : {};
}

export function preconditionFailed(): AwsError {
  return new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
}
