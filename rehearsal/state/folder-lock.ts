import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Who holds a folder. */
interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same number. */
  readonly started: string;
}

const namePattern = /^lock\.(\d+)$/;

/**
 * Takes a folder for this process. The lock of a process that is gone counts no longer, however it went, so that a
 * restart after a crash need not wait. Locks are numbered: taking over is making the next number, which one alone can.
 *
 * @returns the process that holds it, or undefined when this one now does
 */
export async function lockFolder(folder: string): Promise<number | undefined> {
  const own = join(folder, `taking.${randomUUID()}`);
  await writeFile(own, JSON.stringify(describe(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      const numbers = (await readdir(folder)).flatMap((name) => namePattern.exec(name)?.[1] ?? []).map(Number);
      const newest = Math.max(0, ...numbers);
      const holder = newest === 0 ? undefined : await readHolder(join(folder, `lock.${newest}`));
      if (holder !== undefined && isAlive(holder)) return holder.pid;
      try {
        await link(own, join(folder, `lock.${newest + 1}`));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === "EEXIST") continue;
        throw cause;
      }
      for (const number of numbers) await rm(join(folder, `lock.${number}`), { force: true });
      return undefined;
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Gives the folder back; the number stays, so that nobody who was slow can take an older one. */
export async function unlockFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!namePattern.test(name)) continue;
    if ((await readHolder(join(folder, name)))?.pid === process.pid) await writeFile(join(folder, name), "{}");
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, "utf8")) as Partial<Holder>;
    return holder.pid === undefined ? undefined : { pid: holder.pid, started: holder.started ?? "" };
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return describe(pid).started === started;
}

/** Where the system tells when a process began, by that; elsewhere a number that is in use counts as the same process. */
function describe(pid: number): Holder {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    // One that was killed and whose parent has not asked after it yet is gone all the same.
    if (fields[0] === "Z" || fields[0] === "X") return { pid, started: "ended" };
    return { pid, started: `${boot}/${fields[19]}` };
  } catch {
    return { pid, started: "" };
  }
}
