import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ContainerDefinition } from "@aws-sdk/client-sagemaker";
import { AwsError } from "../aws-error";
import type { Call } from "../call";
import { everyPage } from "../paging";
import type { World } from "../world";
import { roleArnOf } from "./role-rights";
import { splitS3 } from "./validation";

/** Where a container's model data lies and how it is packed; undefined when it has none. */
export function modelSource(container: ContainerDefinition): { uri: string; packed: boolean } | undefined {
  const source = container.ModelDataSource?.S3DataSource;
  if (source?.S3Uri !== undefined) return { uri: source.S3Uri, packed: source.CompressionType === "Gzip" };
  return container.ModelDataUrl === undefined ? undefined : { uri: container.ModelDataUrl, packed: true };
}

/**
 * Brings the model's data into `folder`, as the role.
 *
 * @throws AwsError as S3 refuses; ValidationException when there is nothing or the archive is broken
 */
export async function downloadModel(
  world: World,
  asRole: Call,
  source: { uri: string; packed: boolean },
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  try {
    await fetchModel(world, asRole, source, folder);
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.code === "ValidationException") throw cause;
    throw new AwsError(
      "ValidationException",
      `Could not access model data at ${source.uri}. Please ensure that the role "${roleArnOf(asRole)}" exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the object is located in ${asRole.region}.`,
    );
  }
}

async function fetchModel(
  world: World,
  asRole: Call,
  source: { uri: string; packed: boolean },
  folder: string,
): Promise<void> {
  const { bucket, key } = splitS3(source.uri);
  if (source.packed) {
    const { Body } = await world.s3.getObject(asRole, { Bucket: bucket, Key: key });
    await unpack(Body as Readable, folder);
    return;
  }
  const found = await everyPage(async (ContinuationToken) => {
    const page = await world.s3.listObjectsV2(asRole, { Bucket: bucket, Prefix: key, ContinuationToken });
    return { items: page.Contents, next: page.NextContinuationToken };
  });
  if (found.length === 0) {
    throw new AwsError(
      "ValidationException",
      `Could not find model data at ${source.uri}. Please ensure that there are objects at the prefix.`,
    );
  }
  for (const object of found) {
    const path = resolve(
      folder,
      (object.Key ?? "").slice(key.length).replace(/^\/+/, "") || (object.Key ?? "").split("/").at(-1) || "model",
    );
    if (!path.startsWith(folder + sep))
      throw new AwsError("ValidationException", `Model data ${object.Key} would lie outside the model's folder.`);
    await mkdir(dirname(path), { recursive: true });
    const { Body } = await world.s3.getObject(asRole, { Bucket: bucket, Key: object.Key });
    await pipeline(Body as Readable, createWriteStream(path));
  }
}

/** SageMaker takes a tar archive compressed with gzip. */
async function unpack(archive: Readable, folder: string): Promise<void> {
  const child = spawn("tar", ["-xzf", "-", "-C", folder, "--no-same-owner"], { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number>((done, reject) => {
    child.once("close", (code) => done(code ?? 1));
    child.once("error", reject);
  });
  await pipeline(archive, child.stdin).catch(() => undefined);
  if ((await ended) !== 0) {
    throw new AwsError(
      "ValidationException",
      `Failed to extract the model data archive: ${said.trim().split("\n")[0] ?? ""}`,
    );
  }
}

/** Removes an instance's copy of the model. */
export async function discardModel(folder: string): Promise<void> {
  await rm(dirname(folder), { recursive: true, force: true });
}

/** The folder of an instance's copy: `model`, in a folder of the instance's own that stands for /opt/ml. */
export function modelFolder(world: World, instanceId: string): string {
  return join(world.folder, "models", instanceId, "model");
}
