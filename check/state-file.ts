import { readFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { UsageError } from "../contract/errors";
import type { RecordedResource } from "./record-program";

/** A preview or a stack's state, as its file tells it. */
export interface StateFile {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly RecordedResource[];
  /** The line that a resource begins to be told of, from 1. */
  lineOf(urn: string): number;
}

/** A resource as Pulumi writes it, in a preview and in a state alike. */
interface WrittenResource {
  readonly urn?: unknown;
  readonly type?: unknown;
  readonly custom?: unknown;
  readonly delete?: unknown;
  readonly parent?: unknown;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[] | null;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>> | null;
}

interface Written {
  readonly deployment?: { readonly resources?: readonly WrittenResource[] };
  readonly steps?: ReadonlyArray<{ readonly op?: string; readonly newState?: WrittenResource }>;
  readonly diagnostics?: ReadonlyArray<{ readonly severity?: string; readonly message?: string }>;
}

/** Pulumi's signs of a value that is not known yet, and of a secret. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Reads what `pulumi preview --json` or `pulumi stack export` wrote: which of the two is told by what is in it.
 *
 * @throws UsageError ASY-423 when it cannot be read, ASY-424 when it is neither or is a preview that failed, ASY-403 when
 * it holds no resource
 */
export async function readStateFile(file: string): Promise<StateFile> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw problem("ASY-423", file, cause.message, "a file that can be read");
  });
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (cause) {
    throw problem("ASY-424", file, (cause as Error).message, "JSON");
  }
  const resources = writtenResources(written, file).map((each) => recorded(each, file));
  const [first] = resources.filter(({ custom }) => custom);
  if (first === undefined) throw problem("ASY-403", file, "no resource", "a stack with resources");
  const [, , stack = "", project = ""] = first.urn.split(":").filter((part) => part !== "");
  const lines = lineIndex(text);
  return { project, stack, resources, lineOf: (urn) => lines.get(urn) ?? 1 };
}

/** A file's name as reports show it: relative to the folder of Pulumi.yaml where it lies there. */
export function shownFile(rootDir: string, file: string): string {
  const shown = relative(rootDir, isAbsolute(file) ? file : join(process.cwd(), file));
  return shown.startsWith("..") ? file : shown.replaceAll("\\", "/");
}

function writtenResources(written: unknown, file: string): readonly WrittenResource[] {
  const { deployment, steps, diagnostics } = (
    typeof written === "object" && written !== null ? written : {}
  ) as Written;
  if (Array.isArray(steps)) {
    const failed = (diagnostics ?? []).find(({ severity }) => severity === "error");
    if (failed !== undefined) {
      throw problem(
        "ASY-424",
        file,
        `a preview that failed: ${plain(failed.message)}`,
        "a preview that ran to its end",
      );
    }
    // A replacement is several steps of one resource; the last one that leaves it there counts.
    const byUrn = new Map<unknown, WrittenResource>();
    for (const { newState } of steps as NonNullable<Written["steps"]>) {
      if (newState !== undefined && newState !== null) byUrn.set(newState.urn, newState);
    }
    return [...byUrn.values()];
  }
  if (typeof deployment !== "object" || deployment === null) {
    const keys = typeof written === "object" && written !== null ? Object.keys(written).slice(0, 5).join(", ") : "";
    throw problem("ASY-424", file, keys === "" ? "no object" : `an object with ${keys}`, "steps or a deployment");
  }
  return (deployment.resources ?? []).filter((resource) => resource.delete !== true);
}

function recorded(written: WrittenResource, file: string): RecordedResource {
  const { urn, type } = written;
  if (typeof urn !== "string" || !urn.startsWith("urn:pulumi:") || typeof type !== "string") {
    throw problem("ASY-424", file, `a resource with urn ${JSON.stringify(urn)}`, "resources with a urn and a type");
  }
  return {
    urn,
    type,
    name: urn.split("::").slice(3).join("::"),
    custom: written.custom === true && !type.startsWith("pulumi:"),
    parent: typeof written.parent === "string" ? written.parent : "",
    dependencies: written.dependencies ?? [],
    propertyDependencies: Object.fromEntries(
      Object.entries(written.propertyDependencies ?? {}).map(([property, urns]) => [property, urns ?? []]),
    ),
    inputs: revealed(written.inputs ?? {}) as RecordedResource["inputs"],
    outputs: revealed(written.outputs ?? {}) as RecordedResource["outputs"],
  };
}

/** A secret that is written out is its value; one that is not is a value nobody knows, which no rule may guess. */
function revealed(value: unknown): unknown {
  if (value === "[secret]") return unknownValue;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(revealed);
  const { [signatureKey]: signature, plaintext, value: shown } = value as Record<string, unknown>;
  if (signature === secretSignature) {
    if (typeof plaintext === "string") return revealed(JSON.parse(plaintext));
    return shown === undefined ? unknownValue : revealed(shown);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealed(each)]));
}

function lineIndex(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of text.split("\n").entries()) {
    const urn = /"urn":\s*"([^"]+)"/.exec(line)?.[1];
    if (urn !== undefined && !lines.has(urn)) lines.set(urn, index + 1);
  }
  return lines;
}

/** The first line of the engine's text, without its colour marks. */
function plain(message = ""): string {
  return (
    message
      .replace(/<\{%[^%]*%\}>/g, "")
      .trim()
      .split("\n")[0] ?? ""
  );
}

function problem(code: "ASY-403" | "ASY-423" | "ASY-424", at: string, got: string, expected: string): UsageError {
  return new UsageError({ code, at, got, expected });
}
