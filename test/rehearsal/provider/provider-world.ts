import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Container, ContainerRuntime } from "../../../rehearsal/containers/container";
import { LocalProvider, type ResourceState } from "../../../rehearsal/provider/local-provider";
import type { Properties } from "../../../rehearsal/provider/property";
import { Clock } from "../../../rehearsal/world/clock";
import { Ids } from "../../../rehearsal/world/ids";
import { World } from "../../../rehearsal/world/world";

export const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/echo:1";

/** Containers that are healthy at once and answer nothing; an image named `broken` never becomes healthy. */
class QuietContainers implements ContainerRuntime {
  knows(): boolean {
    return true;
  }

  async start({ image: started }: { readonly image: string }): Promise<Container> {
    let end = (): void => {};
    const exited = new Promise<{ code: number; signal: null }>((resolve) => {
      end = () => resolve({ code: 0, signal: null });
    });
    return {
      virtual: true,
      ping: async () => (started.includes("broken") ? 500 : 200),
      invoke: async () => ({ statusCode: 200, headers: { "content-length": "0" }, body: Readable.from([]) }),
      stop: async () => end(),
      exited,
    };
  }

  async close(): Promise<void> {}
}

/** A world of its own for one test, with a provider for eu-west-1. */
export interface ProviderWorld {
  readonly world: World;
  readonly provider: LocalProvider;
  readonly folder: string;
  /** Lets virtual time pass until `step` has ended. */
  passing<T>(step: Promise<T>): Promise<T>;
  /** Checks and creates a resource as an engine would, and expects no failure. */
  make(type: string, name: string, inputs: Properties): Promise<ResourceState>;
  close(): Promise<void>;
}

export async function startProviderWorld(): Promise<ProviderWorld> {
  const folder = await mkdtemp(join(tmpdir(), "provider-test-"));
  const clock = new Clock({ kind: "manual" }, Date.UTC(2026, 0, 1));
  const world = new World({ clock, folder, containers: new QuietContainers(), ids: Ids.seeded(7) });
  const provider = new LocalProvider(world, { region: "eu-west-1", defaultTags: { project: "test" } }, folder);
  const passing = async <T>(step: Promise<T>): Promise<T> => {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    step.then(over, over);
    while (!isOver) await clock.advance(10_000);
    return step;
  };
  return {
    world,
    provider,
    folder,
    passing,
    async make(type, name, given) {
      const { inputs, failures } = provider.check({ type, name, news: given, seed: Buffer.from(name) });
      assert.deepEqual(failures, []);
      const { id, outputs } = await passing(provider.create({ type, inputs }));
      return { type, id, inputs, outputs };
    },
    async close() {
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
