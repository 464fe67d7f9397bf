import type * as sdk from "@aws-sdk/client-s3";
import { AwsError } from "../aws-error";
import type { StoredPart, UploadState } from "./bucket-state";
import {
  type Algorithm,
  algorithms,
  type Checksums,
  checksumsIn,
  composite,
  isCrc,
  joined,
  oneOf,
  type Summed,
} from "./checksums";
import { badDigest } from "./disk";

/** Every part but the last (S3 user guide, qfacts, read 2026-11-25). */
const partBytesMin = 5 * 1024 * 1024;

export function noSuchUpload(): AwsError {
  return new AwsError(
    "NoSuchUpload",
    "The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
  );
}

/** What an upload's parts are to be summed with. @throws AwsError InvalidRequest */
export function summingOf(
  input: Pick<sdk.CreateMultipartUploadCommandInput, "ChecksumAlgorithm" | "ChecksumType">,
): UploadState["summing"] {
  const algorithm = algorithms.find((each) => each === input.ChecksumAlgorithm);
  if (algorithm === undefined) {
    if (input.ChecksumType === undefined) return undefined;
    throw new AwsError(
      "InvalidRequest",
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    );
  }
  const type = input.ChecksumType ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  if (type === "FULL_OBJECT" ? !isCrc(algorithm) : algorithm === "CRC64NVME") {
    throw new AwsError(
      "InvalidRequest",
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type };
}

/** @throws AwsError InvalidRequest for a part that is summed with something else than its upload was begun with */
export function refuseOtherSum(expected: Algorithm | undefined, checksums: Checksums): void {
  const actual = oneOf(checksums)?.algorithm;
  if (expected === undefined || actual === expected) return;
  throw new AwsError(
    "InvalidRequest",
    `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${actual?.toLowerCase() ?? "null"}`,
  );
}

/** The parts a caller completes an upload with. @throws AwsError MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall, InvalidRequest */
export function partsNamed(upload: UploadState, named: readonly sdk.CompletedPart[]): StoredPart[] {
  if (named.length === 0) throw new AwsError("MalformedXML", "You must specify at least one part");
  const isOrdered = named.every(
    ({ PartNumber = 0 }, index) => index === 0 || (named[index - 1]?.PartNumber ?? 0) < PartNumber,
  );
  if (!isOrdered) {
    throw new AwsError(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
    );
  }
  return named.map((given, index) => {
    const { PartNumber = 0, ETag } = given;
    const part = upload.parts.get(PartNumber);
    const isTheSame = Object.entries(checksumsIn(given)).every(
      ([name, value]) => part?.checksums[name as keyof Checksums] === value,
    );
    if (part === undefined || part.md5 !== ETag?.replaceAll('"', "") || !isTheSame) {
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      );
    }
    if (upload.summing?.type === "COMPOSITE" && oneOf(checksumsIn(given)) === undefined) {
      throw new AwsError(
        "InvalidRequest",
        `The upload was created using a ${upload.summing.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${PartNumber} in the request.`,
      );
    }
    if (index < named.length - 1 && part.bytes < partBytesMin) {
      throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400, {
        ProposedSize: String(part.bytes),
        MinSizeAllowed: String(partBytesMin),
        PartNumber: String(PartNumber),
        ETag: part.md5,
      });
    }
    return part;
  });
}

/** The checksum of an object of parts, where its upload was begun with one. */
export async function sumOfParts({ summing }: UploadState, parts: readonly StoredPart[]): Promise<Summed | undefined> {
  if (summing === undefined) return undefined;
  const { algorithm, type: ChecksumType } = summing;
  const values = parts.map(({ checksums, bytes }) => ({ value: checksums[`Checksum${algorithm}`] ?? "", bytes }));
  const value =
    ChecksumType === "FULL_OBJECT"
      ? joined(algorithm, values)
      : await composite(
          algorithm,
          values.map((each) => each.value),
        );
  return { [`Checksum${algorithm}`]: value, ChecksumType };
}

/** @throws AwsError BadDigest when the caller says another checksum of the whole object */
export function refuseWrongSum(given: Checksums, found: Summed | undefined): void {
  const said = oneOf(given);
  const actual = said === undefined ? undefined : found?.[`Checksum${said.algorithm}`];
  // A checksum of checksums may be said without the number of parts.
  if (said === undefined || actual === said.value || actual?.replace(/-\d+$/, "") === said.value) return;
  throw badDigest(said.algorithm);
}
