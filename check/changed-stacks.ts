import { execFile } from "node:child_process";
import { relative } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../contract/errors";
import { readStackConfig } from "../stacks/stack-config";

export interface ChangedOptions {
  /** The folder of Pulumi.yaml. */
  readonly rootDir: string;
  /** What is compared with: since it and `HEAD` parted, and what is not committed yet. */
  readonly revision: string;
  /** The stacks there are. */
  readonly stacks: readonly string[];
  /** Other files that every verdict hangs on, e.g. a policy configuration. @default - none */
  readonly alsoInputs?: readonly string[];
}

const run = promisify(execFile);

/** What every stack is made of and judged by, relative to the folder of Pulumi.yaml. */
const common =
  /^(Pulumi\.yaml|index\.ts|package\.json|package-lock\.json|tsconfig[^/]*\.json|stacks\/.*\.ts|(contract|components|policies|check)\/.*)$/;

/**
 * The stacks whose inputs changed since a git revision: their own file, local files of their models, or what all of them
 * share.
 *
 * @throws UsageError ASY-425 when there is no git repository or no such revision
 */
export async function changedStacks(options: ChangedOptions): Promise<readonly string[]> {
  const files = await changedFiles(options.rootDir, options.revision);
  const alsoInputs = (options.alsoInputs ?? []).map((file) => relative(options.rootDir, file));
  if (files.some((file) => common.test(file) || alsoInputs.includes(file))) return options.stacks;
  const isChanged = await Promise.all(options.stacks.map((stack) => touches(options.rootDir, stack, files)));
  return options.stacks.filter((_, index) => isChanged[index]);
}

async function touches(rootDir: string, stack: string, files: readonly string[]): Promise<boolean> {
  if (files.some((file) => file === `Pulumi.${stack}.yaml` || file.endsWith(`/Pulumi.${stack}.yaml`))) return true;
  const { config } = await readStackConfig(rootDir, stack).catch(() => ({ config: {} as Record<string, string> }));
  const paths = modelPaths(config);
  return files.some((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)));
}

/** Local files and folders that a stack uploads: of the model, and of any region's own. */
function modelPaths(config: Readonly<Record<string, string>>): readonly string[] {
  const models = [
    parsed(config["async-fleet:model"]),
    ...Object.values(parsed(config["async-fleet:overrides"])).map((region) => (region as { model?: unknown }).model),
  ];
  return models.flatMap((model) => {
    const { data } = (typeof model === "object" && model !== null ? model : {}) as { data?: unknown };
    if (typeof data !== "string" || data.startsWith("s3://")) return [];
    return [data.replace(/^\.\//, "").replace(/\/$/, "")];
  });
}

/** A setting that is no JSON object is told when its stack is judged. */
function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text ?? "{}") ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Files that differ between here and where `revision` and `HEAD` parted, relative to `rootDir`. */
async function changedFiles(rootDir: string, revision: string): Promise<readonly string[]> {
  const git = async (...args: string[]): Promise<string> =>
    (await run("git", args, { cwd: rootDir, maxBuffer: 2 ** 26 })).stdout;
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`).catch(
    (cause: Error & { stderr?: string; code?: unknown }) => {
      const said = cause.stderr?.trim().split("\n")[0] ?? "";
      const got = said !== "" ? said : cause.code === "ENOENT" ? "no git program" : "no such revision";
      throw new UsageError({
        code: "ASY-425",
        at: `--changed ${revision}`,
        got,
        expected: "a revision of this git repository",
      });
    },
  );
  // Two histories without a common commit, as in a shallow clone, are compared as they stand.
  const base = await git("merge-base", commit.trim(), "HEAD").catch(() => commit);
  const [tracked, untracked] = await Promise.all([
    git("diff", "--name-only", "--no-renames", "--relative", "-z", base.trim(), "--", "."),
    git("ls-files", "--others", "--exclude-standard", "-z", "--", "."),
  ]);
  return `${tracked}${untracked}`.split("\0").filter((file) => file !== "");
}
