import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";

/** The installer fetches a script and an archive; where the host cannot be reached it must not keep anybody waiting. */
const connectMs = 5_000;

/**
 * Puts the official release at `target` through the Automation API's own installer. All of it or nothing is there
 * afterwards.
 *
 * @throws Error in one short sentence when the release's host cannot be reached
 */
export async function installRelease(version: string, target: string, signal: AbortSignal): Promise<void> {
  await reachable(signal);
  await mkdir(dirname(dirname(target)), { recursive: true });
  const scratch = await mkdtemp(`${dirname(target)}.release-`);
  try {
    await PulumiCommand.install({ version: new SemVer(version), root: scratch });
    signal.throwIfAborted();
    await mkdir(dirname(target), { recursive: true });
    const whole = `${target}.${process.pid}`;
    await copyFile(join(scratch, "bin", "pulumi"), whole);
    await chmod(whole, 0o755);
    await rename(whole, target);
  } catch (cause) {
    throw new Error(String((cause as Error).message).split("\n")[0]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Asks the release's host for a sign of life before an installer without a time limit is started. */
async function reachable(signal: AbortSignal): Promise<void> {
  try {
    await fetch("https://get.pulumi.com/install.sh", {
      method: "HEAD",
      signal: AbortSignal.any([signal, AbortSignal.timeout(connectMs)]),
    });
  } catch {
    throw new Error("its host does not answer");
  }
}
