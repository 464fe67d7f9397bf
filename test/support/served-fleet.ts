import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "../../contract/manifest";
import { type Finished, FleetProcess, rootDir } from "./fleet-process";

/** Nothing of the machine's own credentials, profiles or proxies. */
export const bare: Readonly<Record<string, string>> = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_PROFILE: "",
};

/** `fleet serve --deploy dev` in a process and a folder of its own, and `fleet` beside it as a user runs it. */
export class ServedFleet {
  private constructor(
    readonly folder: string,
    readonly url: string,
    readonly manifestPath: string,
    readonly manifest: Manifest,
    private readonly serving: FleetProcess,
  ) {}

  static async open(): Promise<ServedFleet> {
    const folder = await mkdtemp(join(tmpdir(), "served-fleet-"));
    const manifestPath = join(folder, "manifest.json");
    const serving = await FleetProcess.start(
      ["serve", "--deploy", "dev", "--port", "0", "--write-manifest", manifestPath],
      bare,
    );
    const url = (await serving.said(/AWS is played at (\S+)/))[1] ?? "";
    const manifest = JSON.parse(await readFile(manifestPath, "utf8")) as Manifest;
    return new ServedFleet(folder, url, manifestPath, manifest, serving);
  }

  /** Starts a command against it. */
  start(args: readonly string[], input?: string | Buffer): Promise<FleetProcess> {
    return FleetProcess.start(
      [...args, "--rehearsal", this.url],
      { ...bare, ASYNC_FLEET_MANIFEST: this.manifestPath },
      input,
    );
  }

  /** Runs a command against it to its end. */
  async run(...args: readonly string[]): Promise<Finished> {
    return (await this.start(args)).finished();
  }

  async close(): Promise<void> {
    this.serving.interrupt();
    await this.serving.finished();
    await rm(this.folder, { recursive: true });
  }
}

/** An example's payload. */
export function digits(name: "seven.pgm" | "three.pgm" | "broken.pgm"): string {
  return join(rootDir, "examples/digits/payloads", name);
}
