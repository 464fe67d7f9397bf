import { Transform, type TransformCallback } from "node:stream";
import { AwsError } from "../world/aws-error";
import { type Algorithm, algorithms, type Checksums, type Digest, digests } from "../world/s3/checksums";
import { type Attested, badDigest } from "../world/s3/disk";

const lineBytesMax = 16 * 1024;

/**
 * Takes the framing off an `aws-chunked` body as it passes: sizes, signatures and trailers go, the bytes stay. A checksum
 * of those S3 knows that is given in a trailer is checked; chunks' signatures are not.
 */
export class AwsChunkedDecoder extends Transform implements Attested {
  private state: "size" | "data" | "data-end" | "trailer" | "done" = "size";
  private line = Buffer.alloc(0);
  private left = 0;
  private bytes = 0;
  private readonly digests: Array<{ name: Algorithm; header: string; digest: Digest }>;
  readonly holdsClock = true;
  private readonly attested: Record<string, string> = {};
  private readonly trailers = new Map<string, string>();

  /**
   * @param trailerNames the request's `x-amz-trailer`
   * @param decodedLength the request's `x-amz-decoded-content-length` @default - not asked for
   */
  constructor(
    trailerNames: string,
    private readonly decodedLength?: number,
  ) {
    super({ highWaterMark: 1024 * 1024 });
    const named = trailerNames.toLowerCase().split(/\s*,\s*/);
    this.digests = algorithms
      .map((name) => ({ name, header: `x-amz-checksum-${name.toLowerCase()}` }))
      .filter(({ header }) => named.includes(header))
      .map((each) => ({ ...each, digest: digests[each.name]() }));
  }

  get trailing(): Checksums {
    return this.attested;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      let rest = chunk;
      while (rest.length > 0) rest = this.consume(rest);
      done();
    } catch (cause) {
      done(cause as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    const isShort = this.decodedLength !== undefined && this.decodedLength !== this.bytes;
    if ((this.state !== "done" && this.state !== "trailer") || isShort) {
      done(new AwsError("IncompleteBody", "The request body terminated unexpectedly"));
      return;
    }
    this.compare().then(
      () => done(),
      (cause: Error) => done(cause),
    );
  }

  private async compare(): Promise<void> {
    for (const { name, header, digest } of this.digests) {
      const given = this.trailers.get(header);
      if (given === undefined) {
        throw new AwsError(
          "MalformedTrailerError",
          "The request contained trailing data that was not well-formed or did not conform to our published schema.",
        );
      }
      const found = await digest.base64();
      if (found !== given) throw badDigest(name);
      this.attested[`Checksum${name}`] = found;
    }
  }

  private consume(bytes: Buffer): Buffer {
    if (this.state === "data") {
      const data = bytes.subarray(0, this.left);
      for (const { digest } of this.digests) digest.update(data);
      this.push(data);
      this.bytes += data.length;
      this.left -= data.length;
      if (this.left === 0) this.state = "data-end";
      return bytes.subarray(data.length);
    }
    if (this.state === "done") return Buffer.alloc(0);
    const end = bytes.indexOf(0x0a);
    const part = end < 0 ? bytes : bytes.subarray(0, end + 1);
    this.line = Buffer.concat([this.line, part]);
    if (this.line.length > lineBytesMax)
      throw new AwsError("InvalidRequest", "A line of the aws-chunked framing is too long");
    if (end >= 0) {
      const line = this.line.toString("latin1").trim();
      this.line = Buffer.alloc(0);
      this.onLine(line);
    }
    return bytes.subarray(part.length);
  }

  private onLine(line: string): void {
    if (this.state === "data-end") {
      if (line !== "") throw new AwsError("InvalidRequest", "A chunk is longer than its size");
      this.state = "size";
    } else if (this.state === "size") {
      const size = /^([0-9a-fA-F]+)(;.*)?$/.exec(line)?.[1];
      if (size === undefined) throw new AwsError("InvalidRequest", "A chunk has no size");
      this.left = Number.parseInt(size, 16);
      this.state = this.left === 0 ? "trailer" : "data";
    } else if (line === "") this.state = "done";
    else {
      const colon = line.indexOf(":");
      if (colon > 0) this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  }
}
