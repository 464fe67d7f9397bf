import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { UsageError } from "../../contract/errors";
import type { Manifest } from "../../contract/manifest";

export interface ManifestSource {
  /** A file written with `pulumi stack output manifest --json`. */
  readonly manifest?: string;
  /** The stack to ask Pulumi for. */
  readonly stack?: string;
}

const howToWriteOne =
  "Write one with `pulumi stack output manifest --json > manifest.json`; a rehearsal writes one with `fleet serve --deploy dev --write-manifest manifest.json`.";

/**
 * The manifest of the fleet that is to be driven: a file (named, or by ASYNC_FLEET_MANIFEST), or a stack's output.
 *
 * @throws UsageError ASY-304 when there is none, or it is not one
 */
export async function readManifest(source: ManifestSource, env: NodeJS.ProcessEnv = process.env): Promise<Manifest> {
  const path = source.manifest ?? (source.stack === undefined ? env.ASYNC_FLEET_MANIFEST : undefined);
  if (path !== undefined) return parseManifest(await textOf(path), path);
  if (source.stack !== undefined) return parseManifest(await stackOutput(source.stack), `stack ${source.stack}`);
  throw new UsageError({
    code: "ASY-304",
    at: "--manifest",
    got: "no manifest named",
    expected: "--manifest FILE, --stack NAME, or the environment variable ASYNC_FLEET_MANIFEST",
    fix: howToWriteOne,
  });
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError({
      code: "ASY-304",
      at: path,
      got: cause.code === "ENOENT" ? "no such file" : (cause.code ?? cause.message),
      expected: "a manifest file that can be read",
      fix: howToWriteOne,
    });
  });
}

async function stackOutput(stack: string): Promise<string> {
  try {
    const args = ["stack", "output", "manifest", "--json", "--stack", stack, "--non-interactive"];
    return (await promisify(execFile)("pulumi", args, { timeout: 60_000 })).stdout;
  } catch (cause) {
    const { code, stderr } = cause as NodeJS.ErrnoException & { stderr?: string };
    throw new UsageError({
      code: "ASY-304",
      at: `--stack ${stack}`,
      got: code === "ENOENT" ? "no pulumi on PATH" : (stderr?.trim().split("\n")[0] ?? String(cause)),
      expected: "a deployed stack with an output manifest",
      fix: "Deploy the stack first (`pulumi up`), or name a manifest's file with --manifest.",
    });
  }
}

function parseManifest(text: string, at: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError({ code: "ASY-304", at, got: "no JSON", expected: "a manifest", fix: howToWriteOne });
  }
  // A stack's outputs in one object are taken as well as the one output.
  const inner = (value as { manifest?: unknown } | null)?.manifest;
  const manifest = (inner ?? value) as Manifest;
  if (
    typeof manifest !== "object" ||
    manifest === null ||
    typeof manifest.regions !== "object" ||
    manifest.regions === null
  ) {
    throw new UsageError({
      code: "ASY-304",
      at,
      got: "JSON that is no manifest",
      expected: "a manifest",
      fix: howToWriteOne,
    });
  }
  refuseParts(manifest, at);
  return manifest;
}

const places = ["endpointName", "inputPrefix", "outputPrefix", "kmsKeyArn", "noticeQueueUrl"] as const;

/** A manifest that was cut or edited: told now, and not as a fault in the middle of an upload. */
function refuseParts({ version, regions }: Manifest, at: string): void {
  // What another version holds is not for this one to judge; the client refuses it.
  if (version !== 1) return;
  const problems = Object.entries(regions).flatMap(([code, region]) => {
    const missing: string[] = places.filter((name) => typeof region?.[name] !== "string");
    if (region?.region !== code) missing.unshift("region");
    if (typeof region?.requests !== "object" || region.requests === null) missing.push("requests");
    if (typeof region?.scaling !== "object" || region.scaling === null) missing.push("scaling");
    return missing.length === 0 ? [] : [{ code, missing }];
  });
  if (problems.length === 0) return;
  throw new UsageError(
    problems.map(({ code, missing }) => ({
      code: "ASY-304",
      at: `${at}: regions.${code}`,
      got: `no ${missing.join(", no ")}`,
      expected: "a region as a deployment wrote it",
      fix: howToWriteOne,
    })),
  );
}
