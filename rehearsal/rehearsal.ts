import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChildContainers } from "./containers/child-containers";
import { ImageStore } from "./containers/images";
import { startProvider } from "./provider/server";
import { startWire } from "./wire/server";
import type { AccountConditions } from "./world/account";
import { Clock, type ClockMode } from "./world/clock";
import { type Timing, World } from "./world/world";

export interface RehearsalOptions {
  /** Folders that hold a `container.json`: the images that can be pulled. */
  readonly imageFolders: readonly string[];
  /** @default fast-forward */
  readonly clock?: ClockMode;
  /** Where the world's calendar begins, milliseconds since the Unix epoch. @default - the wall clock's time now */
  readonly startMs?: number;
  /** Loopback port for AWS SDK clients. @default - any free one */
  readonly port?: number;
  /** @default assumedTiming */
  readonly timing?: Partial<Timing>;
  /** What is true of the account before anything is deployed. @default - nothing stands in the way */
  readonly account?: AccountConditions;
}

/** AWS played on this machine: a world with its two doors. */
export interface Rehearsal {
  readonly world: World;
  /** Where AWS SDK clients find it, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Where a Pulumi engine finds the stand-in for the `aws` provider. */
  readonly providerPort: number;
  /** Ends everything it started: servers, containers, its temporary folder. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a rehearsal. It listens on 127.0.0.1 alone.
 *
 * @throws UsageError when a `container.json` is wrong or the port is taken
 */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const images = await ImageStore.fromFolders(options.imageFolders);
  const folder = await mkdtemp(join(tmpdir(), "async-fleet-rehearsal-"));
  const clock = new Clock(options.clock ?? { kind: "fast-forward" }, options.startMs ?? Date.now());
  const world = new World({
    clock,
    folder,
    containers: new ChildContainers(images),
    ...(options.timing === undefined ? {} : { timing: options.timing }),
    ...(options.account === undefined ? {} : { account: options.account }),
  });
  const started: Array<{ close(): Promise<void> }> = [world];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const part of started.reverse()) await part.close();
      await rm(folder, { recursive: true, force: true });
    })();
    return closing;
  };
  try {
    const wire = await startWire(world, options.port === undefined ? {} : { port: options.port });
    started.push(wire);
    const provider = await startProvider(world);
    started.push(provider);
    return { world, url: wire.url, providerPort: provider.port, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}
