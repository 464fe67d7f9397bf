import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { lookup } from "mime-types";
import { glob } from "tinyglobby";
import { type Problem, UsageError } from "../../contract/errors";
import type { Payload } from "../payload";

/** One request of a batch. */
export interface BatchItem {
  /** Names it in journal and results, unique in the batch: a relative path, or what its manifest line says. */
  readonly name: string;
  readonly payload: Extract<Payload, { path: string } | { s3Uri: string }>;
  readonly contentType: string;
}

export interface ItemOptions {
  /** @default - by the file name's ending, else application/octet-stream */
  readonly contentType?: string;
  /** What relative paths and patterns start from. @default - the working folder */
  readonly folder?: string;
}

/**
 * The items of a folder (every file under it), a pattern such as `scans/*.png`, or a manifest `*.jsonl`; `-` reads a
 * manifest from `input`. A manifest's line is `{"payload": path or s3://…, "name"?: text, "contentType"?: text}`.
 *
 * @throws UsageError ASY-310 with everything wrong with a manifest; ASY-301 when there is nothing
 */
export async function itemsOf(source: string, input: Readable, options: ItemOptions = {}): Promise<BatchItem[]> {
  const folder = options.folder ?? process.cwd();
  const found =
    source === "-"
      ? await fromManifest(input, "standard input", folder, options)
      : await fromPath(source, folder, options);
  if (found.length === 0) {
    throw new UsageError({
      code: "ASY-301",
      at: source === "-" ? "standard input" : source,
      got: "nothing to send",
      expected: "a folder with files, a pattern that fits some, or a manifest with lines",
    });
  }
  return found;
}

async function fromPath(source: string, folder: string, options: ItemOptions): Promise<BatchItem[]> {
  const path = resolve(folder, source);
  const known = await stat(path).catch(() => undefined);
  if (known?.isFile()) {
    if (path.endsWith(".jsonl")) return fromManifest(createReadStream(path), source, folder, options);
    return [fileItem(path, basename(path), options)];
  }
  const [pattern, cwd] = known?.isDirectory() ? ["**", path] : [source, folder];
  const files = await glob(pattern, { cwd, onlyFiles: true, dot: false, expandDirectories: false, absolute: true });
  return files
    .map((file) => fileItem(file, relative(cwd, file).split(sep).join("/"), options))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function fileItem(path: string, name: string, options: ItemOptions): BatchItem {
  return { name, payload: { path }, contentType: options.contentType ?? typeOf(path) };
}

async function fromManifest(input: Readable, at: string, folder: string, options: ItemOptions): Promise<BatchItem[]> {
  const items: BatchItem[] = [];
  const problems: Problem[] = [];
  const names = new Map<string, number>();
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === "") continue;
    const wrong = (got: string, expected: string): void =>
      void problems.push({ code: "ASY-310", at: `${at} line ${number}`, got, expected });
    const said = parsed(line);
    if (said === undefined) {
      wrong(line.slice(0, 80), '{"payload": "path or s3://…", "name": "text", "contentType": "text"}');
      continue;
    }
    const name = said.name ?? nameOf(said.payload);
    const before = names.get(name);
    if (before !== undefined) wrong(`the name ${name} a second time, after line ${before}`, "a name of its own");
    else if (!isSafe(said.name ?? "x")) wrong(`the name ${name}`, "a relative path without ..");
    names.set(name, number);
    const { payload } = said;
    items.push({
      name,
      payload: /^s3:\/\//.test(payload)
        ? { s3Uri: payload }
        : { path: isAbsolute(payload) ? payload : join(folder, payload) },
      contentType: said.contentType ?? options.contentType ?? typeOf(payload),
    });
  }
  if (problems.length > 0) throw new UsageError(problems);
  return items;
}

function parsed(line: string): { payload: string; name?: string; contentType?: string } | undefined {
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    const texts = [value.name, value.contentType].every((each) => each === undefined || typeof each === "string");
    return typeof value.payload === "string" && value.payload !== "" && texts ? (value as never) : undefined;
  } catch {
    return undefined;
  }
}

/** A payload's place as a relative path: what comes before its first folder, and steps up, are left out. */
function nameOf(payload: string): string {
  const steps = payload.replace(/^s3:\/\//, "").split(/[\\/]/);
  return steps.filter((step) => step !== "" && step !== "." && step !== "..").join("/");
}

/** Result files are named after items and must lie in the results folder. */
function isSafe(name: string): boolean {
  return name !== "" && !isAbsolute(name) && !name.split(/[\\/]/).includes("..") && !name.includes("\0");
}

function typeOf(path: string): string {
  return lookup(path) || "application/octet-stream";
}
