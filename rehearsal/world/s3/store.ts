import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AwsError } from "../aws-error";
import type { Call } from "../call";
import type { Kept } from "../keeper";
import type { KeyUse } from "../kms/service";
import type { World } from "../world";
import { BucketSettings } from "./bucket-settings";
import type { BucketState, ObjectHeaders, StoredObject } from "./bucket-state";
import { type Body, type Expected, type Segment, writeBody } from "./disk";
import { ObjectRows } from "./kept-objects";
import { makeCurrent, nullVersion } from "./versions";

/** Buckets and their bytes on disk, and who may touch them: what every group of operations stands on. */
export abstract class S3Store extends BucketSettings {
  protected readonly buckets = new Map<string, BucketState>();
  protected readonly rows: ObjectRows | undefined;
  private readonly folder: string;

  constructor(protected readonly world: World) {
    super();
    this.folder = join(world.folder, "s3");
    mkdirSync(this.folder, { recursive: true });
    this.rows = world.keeper === undefined ? undefined : new ObjectRows(world.keeper, this.folder);
  }

  /** The region of a bucket, for requests whose signature names none. */
  regionOf(bucket: string): string | undefined {
    return this.buckets.get(bucket)?.region;
  }

  protected override bucket(call: Call, name: string | undefined): BucketState {
    const bucket = this.buckets.get(name ?? "");
    if (bucket === undefined || bucket.accountId !== call.accountId) {
      throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
    }
    if (bucket.region !== call.region) {
      throw new AwsError(
        "PermanentRedirect",
        `The bucket you are attempting to access must be addressed using the specified endpoint. It is in ${bucket.region}.`,
        301,
        { Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name, Region: bucket.region },
      );
    }
    return bucket;
  }

  /** @throws AwsError NoSuchBucket when the bucket is no longer there, or another of its name */
  protected refuseIfGone(call: Call, bucket: BucketState): void {
    if (this.bucket(call, bucket.name) !== bucket)
      throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
  }

  protected async write(body: Body, expected: Expected) {
    const { keeper, clock, ids } = this.world;
    const path = join(this.folder, ids.hex(32));
    const work = () => writeBody(path, body, expected, keeper !== undefined);
    const written = await (holdsClock(body) ? work() : clock.holding(work));
    keeper?.wroteInto(this.folder);
    return written;
  }

  protected async store(call: Call, bucket: BucketState, object: StoredObject): Promise<void> {
    call.together?.();
    const gone = makeCurrent(bucket, object);
    this.rows?.object(bucket, object.key);
    await this.removeAll(gone);
  }

  protected newVersionId(bucket: BucketState): string {
    return bucket.versioning === "Enabled" ? this.world.ids.hex(32) : nullVersion;
  }

  protected async removeAll(objects: readonly StoredObject[]): Promise<void> {
    await this.remove(objects.flatMap(({ segments }) => segments));
  }

  protected async remove(segments: readonly Segment[]): Promise<void> {
    const remove = () => Promise.all(segments.map(({ path }) => rm(path, { force: true })));
    const { keeper } = this.world;
    if (keeper === undefined) await this.world.clock.holding(remove);
    // Until it is safe that nobody needs them, a crash must find them.
    else if (segments.length > 0) void keeper.safe().then(async (isSafe) => (isSafe ? remove() : undefined));
  }

  /** Objects and uploads an earlier process left, into buckets that were revived before; other files are swept out. */
  async revive(kept: Kept): Promise<void> {
    await this.rows?.revive(this.buckets, kept);
  }

  /** What was said of the object, and the bucket's own encryption where nothing was said of that. */
  protected headersFor(call: Call, bucket: BucketState, input: ObjectHeaders): ObjectHeaders {
    const rule = bucket.encryption?.Rules?.[0];
    const byDefault = rule?.ApplyServerSideEncryptionByDefault;
    const encryption = input.ServerSideEncryption ?? byDefault?.SSEAlgorithm ?? "AES256";
    const key =
      input.SSEKMSKeyId ??
      (encryption === "aws:kms"
        ? // An algorithm named without a key takes S3's own key, whatever the bucket's default says.
          ((input.ServerSideEncryption === undefined ? byDefault?.KMSMasterKeyID : undefined) ??
          `arn:aws:kms:${call.region}:${call.accountId}:alias/aws/s3`)
        : undefined);
    return {
      ContentType: input.ContentType ?? "application/octet-stream",
      ...(input.ContentEncoding === undefined ? {} : { ContentEncoding: input.ContentEncoding }),
      ...(input.ContentDisposition === undefined ? {} : { ContentDisposition: input.ContentDisposition }),
      ...(input.ContentLanguage === undefined ? {} : { ContentLanguage: input.ContentLanguage }),
      ...(input.CacheControl === undefined ? {} : { CacheControl: input.CacheControl }),
      ServerSideEncryption: encryption,
      ...(key === undefined
        ? {}
        : { SSEKMSKeyId: key, BucketKeyEnabled: input.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false }),
    };
  }

  /** With a bucket key the ciphertext is bound to the bucket, without one to the object. */
  protected useKey(call: Call, bucket: BucketState, key: string, headers: ObjectHeaders, action: KeyUse): void {
    if (headers.ServerSideEncryption !== "aws:kms" || headers.SSEKMSKeyId === undefined) return;
    const arn = `arn:aws:s3:::${bucket.name}${headers.BucketKeyEnabled === true ? "" : `/${key}`}`;
    this.world.kms.authorizeUse(call, headers.SSEKMSKeyId, action, {
      via: "s3",
      encryptionContext: { "aws:s3:arn": arn },
    });
  }

  protected authorize(
    call: Call,
    bucket: BucketState,
    action: string,
    key?: string,
    context: Record<string, string> = {},
  ): void {
    const resource = `arn:aws:s3:::${bucket.name}${key === undefined ? "" : `/${key}`}`;
    // Loopback stands for TLS: the wire has no certificate a client would trust.
    const request = { action, resource, context: { "s3:TlsVersion": "1.3", ...context } };
    const decision = this.world.iam.isAllowed(call, { ...request, resourcePolicy: bucket.policy });
    if (!decision.allowed) throw new AwsError("AccessDenied", this.world.iam.refusal(call, request, decision), 403);
  }
}

function holdsClock(body: Body): boolean {
  return typeof body === "object" && "holdsClock" in body && body.holdsClock === true;
}
