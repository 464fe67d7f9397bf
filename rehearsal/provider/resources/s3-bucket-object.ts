import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../../../contract/errors";
import { unlessGone } from "../aws-calls";
import {
  asset,
  chosenByAws,
  fallback,
  flag,
  map,
  type Properties,
  replaces,
  required,
  tags,
  text,
  untold,
  type Values,
} from "../property";
import { signatureKey } from "../property-values";
import { defineResource, type StepContext, type Tagging } from "../resource-type";
import { bucketGone } from "./s3-bucket";

const objectGone = [...bucketGone, "NoSuchKey"] as const;

const inputs = {
  bucket: required(replaces(text({ minLength: 3, maxLength: 63 }))),
  key: required(replaces(text({ minLength: 1, maxLength: 1024 }))),
  source: untold(asset()),
  content: untold(text()),
  contentBase64: untold(text()),
  contentType: chosenByAws(text()),
  contentEncoding: text(),
  contentDisposition: text(),
  contentLanguage: text(),
  cacheControl: text(),
  metadata: map(text()),
  kmsKeyId: chosenByAws(text()),
  bucketKeyEnabled: chosenByAws(flag()),
  serverSideEncryption: chosenByAws(text()),
  sourceHash: untold(text()),
  forceDestroy: untold(fallback(false, flag())),
  tags: tags(),
};
type Inputs = Values<typeof inputs>;

const tagging: Tagging = {
  async read({ aws }, { inputs: { bucket, key } }) {
    const answer = await aws.s3.getObjectTagging({ Bucket: String(bucket), Key: String(key) });
    return Object.fromEntries((answer.TagSet ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  },
  async write({ aws }, { inputs: { bucket, key } }, put) {
    const TagSet = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    await aws.s3.putObjectTagging({ Bucket: String(bucket), Key: String(key), Tagging: { TagSet } });
  },
};

/** An object with a content that the program names: text, base64, or a file. */
export const s3BucketObject = defineResource({
  token: "aws:s3/bucketObjectv2:BucketObjectv2",
  regional: true,
  importForm: "<bucket>/<key>",
  inputs,
  computed: ["arn", "etag", "versionId"],
  tagging,
  check(given) {
    const contents = (["source", "content", "contentBase64"] as const).filter((name) => given[name] !== undefined);
    if (contents.length < 2) return [];
    return [{ property: "", reason: `ASY-562 got ${contents.join(" and ")}, expected one of them` }];
  },
  imported(id) {
    const [, bucket, key] = /^(?:s3:\/\/)?([^/]+)\/(.+)$/.exec(id) ?? [];
    return bucket === undefined || key === undefined ? undefined : { id: key, inputs: { bucket, key } };
  },
  async create(context, given) {
    await put(context, given);
    context.exists(given.key);
    return given.key;
  },
  async read({ aws }, { inputs: { bucket, key } }) {
    const Bucket = String(bucket);
    const Key = String(key);
    const head = await unlessGone(objectGone, () => aws.s3.headObject({ Bucket, Key }));
    if (head === undefined) return undefined;
    return {
      bucket,
      key,
      arn: `arn:aws:s3:::${Bucket}/${Key}`,
      etag: head.ETag?.replaceAll('"', ""),
      versionId: head.VersionId,
      contentType: head.ContentType,
      contentEncoding: head.ContentEncoding,
      contentDisposition: head.ContentDisposition,
      contentLanguage: head.ContentLanguage,
      cacheControl: head.CacheControl,
      metadata: head.Metadata,
      kmsKeyId: head.SSEKMSKeyId,
      bucketKeyEnabled: head.BucketKeyEnabled,
      serverSideEncryption: head.ServerSideEncryption,
    };
  },
  async update(context, _prior, given) {
    await put(context, given);
  },
  async delete({ aws }, { inputs: given }) {
    // Without forceDestroy a versioned bucket keeps the older versions behind a delete marker.
    if (given.forceDestroy === true) {
      const answer = await unlessGone(bucketGone, () =>
        aws.s3.listObjectVersions({ Bucket: given.bucket, Prefix: given.key }),
      );
      const versions = [...(answer?.Versions ?? []), ...(answer?.DeleteMarkers ?? [])];
      for (const { Key, VersionId } of versions.filter((each) => each.Key === given.key)) {
        await aws.s3.deleteObject({ Bucket: given.bucket, Key, VersionId });
      }
      return;
    }
    await unlessGone(objectGone, () => aws.s3.deleteObject({ Bucket: given.bucket, Key: given.key }));
  },
});

async function put(context: StepContext, given: Inputs): Promise<void> {
  const { Body, ContentLength } = await bodyOf(context, given);
  const tagText = new URLSearchParams(Object.entries(given.tags ?? {})).toString();
  await context.aws.s3.putObject({
    Bucket: given.bucket,
    Key: given.key,
    Body,
    ContentLength,
    ContentType: given.contentType ?? "application/octet-stream",
    ...(given.contentEncoding === undefined ? {} : { ContentEncoding: given.contentEncoding }),
    ...(given.contentDisposition === undefined ? {} : { ContentDisposition: given.contentDisposition }),
    ...(given.contentLanguage === undefined ? {} : { ContentLanguage: given.contentLanguage }),
    ...(given.cacheControl === undefined ? {} : { CacheControl: given.cacheControl }),
    ...(given.metadata === undefined ? {} : { Metadata: { ...given.metadata } }),
    ...(given.kmsKeyId === undefined ? {} : { SSEKMSKeyId: given.kmsKeyId, ServerSideEncryption: "aws:kms" }),
    ...(given.bucketKeyEnabled === undefined ? {} : { BucketKeyEnabled: given.bucketKeyEnabled }),
    ...(tagText === "" ? {} : { Tagging: tagText }),
  });
}

async function bodyOf({ programFolder }: StepContext, given: Inputs) {
  if (given.source !== undefined) return fileOf(programFolder, given.source);
  const bytes =
    given.contentBase64 === undefined
      ? Buffer.from(given.content ?? "", "utf8")
      : Buffer.from(given.contentBase64, "base64");
  return { Body: bytes, ContentLength: bytes.byteLength };
}

async function fileOf(programFolder: string, source: Properties) {
  if (typeof source.text === "string") {
    const bytes = Buffer.from(source.text, "utf8");
    return { Body: bytes, ContentLength: bytes.byteLength };
  }
  if (typeof source.path !== "string") {
    throw unreadable(`an asset of kind ${String(source[signatureKey])} without a path`, "a file asset or a text asset");
  }
  const path = resolve(programFolder, source.path);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw unreadable(path, "a file that can be read");
  return { Body: createReadStream(path), ContentLength: found.size };
}

function unreadable(got: string, expected: string): UsageError {
  return new UsageError({ code: "ASY-565", at: "source of aws.s3.BucketObjectv2", got, expected });
}
