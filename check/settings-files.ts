import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from "yaml";
import type { Position, SettingPlace } from "./finding";

const namespace = "async-fleet:";

interface YamlFile {
  readonly file: string;
  readonly config: YAMLMap | undefined;
  position(offset: number): Position;
  /** The line of `config:`. */
  readonly configPlace: Position;
}

/** The two files a stack's settings stand in, with the place of each. */
export class SettingsFiles {
  private constructor(
    /** The project's name. */
    readonly project: string | undefined,
    private readonly stackFile: YamlFile,
    private readonly projectFile: YamlFile,
  ) {}

  static async read(rootDir: string, stack: string): Promise<SettingsFiles> {
    const projectFile = await readYaml(rootDir, "Pulumi.yaml");
    const folder = projectFile.folder ?? ".";
    const stackFile = await readYaml(
      rootDir,
      folder === "." ? `Pulumi.${stack}.yaml` : `${folder}/Pulumi.${stack}.yaml`,
    );
    return new SettingsFiles(projectFile.project, stackFile, projectFile);
  }

  /** The stack's `config:`, where a setting that nobody wrote would be written. */
  get configPlace(): Position {
    return this.stackFile.configPlace;
  }

  /**
   * Where a setting stands: among the region's overrides, in the stack's file, or in the project's; else where it would
   * be written.
   *
   * @param path below `async-fleet:`, e.g. `scaling.max`
   */
  placeOf(path: string, region: string | undefined): SettingPlace {
    const steps = path.split(".");
    const key = `${namespace}${path}`;
    const candidates: Array<readonly [YamlFile, readonly string[]]> = [
      ...(region === undefined ? [] : ([[this.stackFile, [`${namespace}overrides`, region, ...steps]]] as const)),
      [this.stackFile, [`${namespace}${steps[0]}`, ...steps.slice(1)]],
      [this.projectFile, [`${namespace}${steps[0]}`, "default", ...steps.slice(1)]],
    ];
    for (const [index, [file, keys]] of candidates.entries()) {
      const found = deepest(file.config, keys);
      const written = found.steps === keys.length;
      if (written) return { key, ...file.position(found.offset), isWritten: true };
      // A stack's value replaces the project's whole, so what is missing below it is a default.
      if (index === candidates.length - 2 && found.steps > 0) {
        return { key, ...file.position(found.offset), isWritten: false };
      }
    }
    return { key, ...this.stackFile.configPlace, isWritten: false };
  }
}

/** How far down `keys` lead, and where the last of them stands. */
function deepest(from: YAMLMap | undefined, keys: readonly string[]): { steps: number; offset: number } {
  let map = from;
  let offset = 0;
  for (const [steps, key] of keys.entries()) {
    const pair: Pair | undefined = map?.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (pair === undefined) return { steps, offset };
    offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    map = isMap(pair.value) ? pair.value : undefined;
  }
  return { steps: keys.length, offset };
}

async function readYaml(
  rootDir: string,
  file: string,
): Promise<YamlFile & { readonly folder: string | undefined; readonly project: string | undefined }> {
  const lines = new LineCounter();
  const document = parseDocument(await readFile(join(rootDir, file), "utf8"), { lineCounter: lines });
  const root = isMap(document.contents) ? document.contents : undefined;
  const pair = root?.items.find((item) => isScalar(item.key) && item.key.value === "config");
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return {
    file,
    position,
    folder: root?.get("stackConfigDir") as string | undefined,
    project: root?.get("name") as string | undefined,
    config: isMap(pair?.value) ? pair.value : undefined,
    configPlace: position(isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0),
  };
}
