import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { UsageError } from "../contract/errors";
import { fillTemplate, prefixes, s3Uri } from "../contract/requests";
import type { RegionSettings } from "../contract/settings";
import { childOf, type RegionContext } from "./context";

/** A model's files on this machine, read once for all regions. */
export interface LocalModel {
  /** SHA-256 over every file's path and content: changed bytes under the same name give another. */
  readonly digest: string;
  readonly files: ReadonlyArray<{ readonly path: string; readonly key: string }>;
}

/** Where a region's model lies, and what must exist before SageMaker reads it. */
export interface PlacedModel {
  /** An S3 prefix ending in a slash, or an object's URI. */
  readonly uri: string;
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Reads a local model: one file, or a folder with everything under it.
 *
 * @param path relative to `rootDir`
 * @throws UsageError ASY-201 when there is nothing to read
 */
export function readLocalModel(path: string, rootDir: string): LocalModel {
  const whole = resolve(rootDir, path);
  const files = filesUnder(whole, path);
  const hash = createHash("sha256");
  for (const { path: file, key } of files) hash.update(`${key}\0`).update(readFileSync(file)).update("\0");
  return { digest: hash.digest("hex"), files };
}

function filesUnder(whole: string, path: string): LocalModel["files"] {
  const nothing = (got: string): UsageError =>
    new UsageError({
      code: "ASY-201",
      at: "async-fleet:model.data",
      got: `${path}: ${got}`,
      expected: "a file or a folder with files, or an S3 URI",
    });
  const found = statSync(whole, { throwIfNoEntry: false });
  if (found === undefined) throw nothing("no such file or folder");
  if (found.isFile()) return [{ path: whole, key: whole.split(sep).at(-1) ?? "model" }];
  const files = readdirSync(whole, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file, key: relative(whole, file).split(sep).join("/") }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  if (files.length === 0) throw nothing("a folder without files");
  return files;
}

type ModelData = RegionSettings["model"]["data"];

/** The path on this machine, when that is where the model's data lies. */
export function localPath(data: ModelData): string | undefined {
  return typeof data === "string" && !data.startsWith("s3://") ? data : undefined;
}

/** Puts a local model into the region's bucket, under its digest, so that changed bytes are another model. */
export class ModelUpload extends pulumi.ComponentResource implements PlacedModel {
  readonly uri: string;
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: {
      context: RegionContext;
      model: LocalModel;
      bucketName: string;
      keyArn: pulumi.Input<string>;
      after: pulumi.Resource[];
    },
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("asyncinference:components:ModelUpload", name, {}, opts);
    const { context, model, bucketName } = args;
    const folder = `${prefixes.model}${model.digest.slice(0, 16)}/`;
    const [only, ...others] = model.files;
    const isArchive = others.length === 0 && only?.key.endsWith(".tar.gz") === true;
    this.uri = s3Uri(bucketName, isArchive ? `${folder}${only.key}` : folder);
    this.ready = model.files.map(
      ({ path, key }) =>
        new aws.s3.BucketObjectv2(
          `${name}-${key}`,
          {
            region: context.region,
            bucket: bucketName,
            key: `${folder}${key}`,
            source: new pulumi.asset.FileAsset(path),
            serverSideEncryption: "aws:kms",
            kmsKeyId: args.keyArn,
            tags: context.tags,
          },
          childOf(this, { dependsOn: args.after }),
        ),
    );
    this.registerOutputs({ uri: this.uri });
  }
}

/**
 * A model that lies in S3 already: its URI for this region.
 *
 * @throws UsageError ASY-217 when none is named for the region
 */
export function givenModel(data: NonNullable<ModelData>, context: RegionContext): PlacedModel {
  const own = typeof data === "string" ? data : data[context.region];
  if (own !== undefined) return { uri: fillTemplate(own, context), ready: [] };
  throw new UsageError({
    code: "ASY-217",
    at: `async-fleet:model.data in stack ${context.stack}`,
    got: `data for ${Object.keys(data).join(", ")}`,
    expected: `data for ${context.region}, too`,
  });
}
