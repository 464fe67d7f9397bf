import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { UsageError } from "../contract/errors";

/** A project and one of its stacks as their files describe them. */
export interface StackConfig {
  readonly project: string;
  readonly stack: string;
  /** Configuration as a program gets it: keys with their namespace, values as text, objects as JSON. */
  readonly config: Readonly<Record<string, string>>;
}

interface ProjectFile {
  readonly name: string;
  readonly stackConfigDir?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/**
 * Reads a stack's configuration without Pulumi: the project's defaults, and the stack's own values over them, key by
 * key.
 *
 * @throws UsageError ASY-602 when there is no such stack, ASY-102 when a file is not YAML
 */
export async function readStackConfig(rootDir: string, stack: string): Promise<StackConfig> {
  const project = (await readYaml(join(rootDir, "Pulumi.yaml"))) as ProjectFile;
  const file = join(project.stackConfigDir ?? ".", `Pulumi.${stack}.yaml`);
  const own = (await readYaml(join(rootDir, file)).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new UsageError({
      code: "ASY-602",
      at: `stack ${stack}`,
      got: `no file ${file}`,
      expected: "a stack that has a file",
    });
  })) as { config?: Readonly<Record<string, unknown>> } | null;
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(project.config ?? {})) {
    const preset = defaultOf(value);
    if (preset !== undefined) config[qualified(project.name, key)] = asText(preset);
  }
  for (const [key, value] of Object.entries(own?.config ?? {})) config[qualified(project.name, key)] = asText(value);
  return { project: project.name, stack, config };
}

/** Every key of the settings' namespace as a program reads it: objects come as JSON text, plain words as they are. */
export function rawSettingsOf(config: Readonly<Record<string, string>>): Record<string, unknown> {
  const namespace = "async-fleet:";
  const raw: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(config)) {
    if (key.startsWith(namespace)) raw[key.slice(namespace.length)] = parsed(text);
  }
  return raw;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function readYaml(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8");
  try {
    return parse(text);
  } catch (cause) {
    throw new UsageError({
      code: "ASY-102",
      at: path,
      got: (cause as Error).message.split("\n")[0] ?? "",
      expected: "a YAML file",
    });
  }
}

/** A project's entry is a declaration with a default or a value, or the value itself. */
function defaultOf(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return entry;
  const { default: preset, value } = entry as { default?: unknown; value?: unknown };
  return value ?? preset;
}

function qualified(project: string, key: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
