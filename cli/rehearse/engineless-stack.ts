import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { recordProgram } from "../../check/record-program";
import { UsageError } from "../../contract/errors";
import { LocalProvider, type ResourceState } from "../../rehearsal/provider/local-provider";
import { assetSignature, signatureKey } from "../../rehearsal/provider/property-values";
import type { World } from "../../rehearsal/world/world";
import { readStackConfig } from "../../stacks/stack-config";

export interface EnginelessOptions {
  readonly world: World;
  readonly stack: string;
  readonly rootDir: string;
  readonly program: () => Promise<Record<string, unknown>>;
  /** Settings by their whole key, as JSON, that stand over the stack's own. @default - none */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** A stack without an engine: each resource is made as the program registers it, and destroyed in the opposite order. */
export class EnginelessStack {
  private readonly made: ResourceState[] = [];
  private provider: LocalProvider | undefined;

  constructor(private readonly options: EnginelessOptions) {}

  /** @throws UsageError ASY-401 naming what could not be made */
  async up(): Promise<{ readonly outputs: Readonly<Record<string, unknown>>; readonly resources: number }> {
    const { world, stack, rootDir, program } = this.options;
    const { config: ofStack } = await readStackConfig(rootDir, stack);
    const config = { ...ofStack, ...this.options.overrides };
    const provider = new LocalProvider(world, { region: config["aws:region"] ?? "us-east-1" }, rootDir);
    this.provider = provider;
    const { outputs, resources } = await recordProgram({
      rootDir,
      stack,
      program,
      timeoutSeconds: 300,
      // AWS does not delete a bucket with payloads in it, unless the stack says that it may.
      overrides: {
        ...this.options.overrides,
        "async-fleet:storage": JSON.stringify({
          ...(JSON.parse(config["async-fleet:storage"] ?? "{}") as object),
          forceDestroy: true,
          protect: false,
          retainOnDelete: false,
        }),
      },
      stand: {
        create: async ({ type, name, inputs }) => {
          // What the engine keeps for itself is nothing of AWS's.
          if (type.startsWith("pulumi:")) return { id: name, outputs: {} };
          const seed = createHash("sha256").update(`${stack}/${type}/${name}`).digest();
          const checked = provider.check({ type, name, news: await asWritten(inputs), seed });
          if (checked.failures.length > 0) {
            throw new UsageError(
              checked.failures.map(({ property, reason }) => ({
                code: "ASY-401" as const,
                at: `${name}.${property}`,
                got: reason,
                expected: "inputs AWS takes",
              })),
            );
          }
          const { id, outputs: attributes } = await provider.create({ type, inputs: checked.inputs });
          this.made.push({ type, id, inputs: checked.inputs, outputs: attributes });
          return { id, outputs: { ...attributes } };
        },
        invoke: async (token, args) => ({ ...(await provider.invoke(token, args)).value }),
      },
    });
    return { outputs, resources: resources.filter(({ custom }) => custom).length };
  }

  /** @returns how many resources were deleted */
  async destroy(): Promise<number> {
    const doomed = this.made.splice(0).reverse();
    for (const resource of doomed) await this.provider?.delete(resource);
    return doomed.length;
  }
}

/** Files are handed over as the engine would write them. */
async function asWritten(inputs: Record<string, unknown>): Promise<Record<string, unknown>> {
  const written = Object.entries(inputs).map(async ([key, value]) => [
    key,
    value instanceof pulumi.asset.FileAsset ? { [signatureKey]: assetSignature, path: await value.path } : value,
  ]);
  return Object.fromEntries(await Promise.all(written));
}
