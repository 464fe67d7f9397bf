import { chmod, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../../contract/errors";
import type { Keeper } from "../world/keeper";
import { MissingFile } from "../world/s3/kept-objects";
import type { World } from "../world/world";
import { lockFolder, unlockFolder } from "./folder-lock";
import { DamagedJournal, encodeBlock, JournalFile, readJournal } from "./journal-file";
import { JournalKeeper } from "./keeper";
import { restoreWorld } from "./restore";
import { Table } from "./table";

/** The form of the journal; another is refused. */
const format = 1;
/** A journal is written anew at start when more than half of its rows count no longer, and there are so many. */
const rowsToCompact = 1000;
const rowsPerBlock = 500;

/** A folder in which a world outlives its process. */
export class StateFolder {
  private readonly journal: JournalKeeper;
  private readonly notes: ReadonlyMap<string, unknown>;
  /** What was read; let go of once a world has it. */
  private table: Table | undefined;

  private constructor(
    private readonly folder: string,
    table: Table,
    /** The last time the world is known to have told anybody. @default - the folder is new */
    readonly lastMs: number | undefined,
    file: JournalFile,
  ) {
    this.journal = new JournalKeeper(file);
    this.table = table;
    this.notes = table.collection("notes");
  }

  /**
   * Opens a folder, makes it where there is none, and takes it for this process.
   *
   * @throws UsageError when another process has it (ASY-570), it is damaged (ASY-571), is no folder for this (ASY-572),
   * or was written by another version (ASY-573)
   */
  static async open(path: string): Promise<StateFolder> {
    const folder = resolve(path);
    await prepare(folder);
    const holder = await lockFolder(folder);
    if (holder !== undefined) {
      throw new UsageError({
        code: "ASY-570",
        at: folder,
        got: `a folder that process ${holder} serves from`,
        expected: "a folder nobody else serves from",
      });
    }
    try {
      return await StateFolder.read(folder);
    } catch (cause) {
      await unlockFolder(folder);
      throw cause instanceof DamagedJournal
        ? damaged(join(folder, "journal"), `damage at byte ${cause.atByte}`)
        : cause;
    }
  }

  private static async read(folder: string): Promise<StateFolder> {
    const path = join(folder, "journal");
    const table = new Table();
    let lastMs: number | undefined;
    const endBytes = await readJournal(path, ({ t, rows }) => {
      table.apply(rows);
      lastMs = Math.max(lastMs ?? 0, t);
    });
    const written = table.collection("format").get("version");
    if (table.rowsSeen > 0 && written !== format) {
      throw new UsageError({
        code: "ASY-573",
        at: path,
        got: `form ${String(written)}`,
        expected: `form ${format}`,
      });
    }
    const live = table.rowsLive;
    const isNew = table.rowsSeen === 0;
    if (isNew) table.apply([["format", "version", format]]);
    const rewrites = isNew || (table.rowsSeen > rowsToCompact && live * 2 < table.rowsSeen);
    const end = rewrites ? await rewrite(folder, table, lastMs ?? 0) : endBytes;
    return new StateFolder(folder, table, isNew ? undefined : lastMs, await JournalFile.open(path, end));
  }

  get keeper(): Keeper {
    return this.journal;
  }

  /** Where the world's files lie. */
  get files(): string {
    return join(this.folder, "files");
  }

  /**
   * Puts what was kept into a fresh world with this folder's keeper, and goes on with it.
   *
   * @throws UsageError ASY-571 when a file of an object is missing
   */
  async restore(world: World): Promise<void> {
    const { table } = this;
    if (table === undefined) throw new Error("what a folder keeps goes into one world");
    this.table = undefined;
    restoreWorld(world, table, this.lastMs ?? world.clock.now());
    try {
      await world.s3.revive(table);
    } catch (cause) {
      throw cause instanceof MissingFile ? damaged(cause.path, `no file, which holds ${cause.of}`) : cause;
    }
    this.journal.attach(world);
    world.resume(table);
  }

  /** What was noted down beside the world. */
  note(key: string): unknown {
    return this.notes.get(key);
  }

  /** Notes something down; it becomes safe with what the world puts meanwhile. */
  putNote(key: string, value: unknown): void {
    this.journal.put("notes", key, value);
  }

  /**
   * All that `work` does to the world is kept, or where it throws nothing is, and nothing any more.
   *
   * @param reason why callers are refused meanwhile
   */
  async asOne<T>(reason: string, work: () => Promise<T>): Promise<T> {
    const release = this.journal.occupy(reason);
    try {
      return await work();
    } catch (cause) {
      this.abandon();
      throw cause;
    } finally {
      release();
    }
  }

  /** From now on nothing is written, not even what is about to be. */
  abandon(): void {
    this.journal.abandon();
  }

  /** Writes what is left, and nothing that happens from now on. @throws what the disk says */
  async freeze(): Promise<void> {
    await this.journal.close();
  }

  /** Gives the folder back, frozen before. */
  async close(): Promise<void> {
    await unlockFolder(this.folder);
  }
}

/** A folder of the owner's alone: keys of play users lie in it, with their secrets. */
async function prepare(folder: string): Promise<void> {
  const refuse = (got: string): UsageError =>
    new UsageError({ code: "ASY-572", at: folder, got, expected: "a folder of its own, empty at first" });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(folder)).filter((name) => !/^(lock|taking)\.[\da-f-]+$/.test(name));
    if (!names.includes("journal")) {
      const others = names.filter((name) => name !== "files" && name !== "journal.new");
      if (others.length > 0) throw refuse(`a folder with ${others[0]} and no journal in it`);
      await (await open(join(folder, "journal"), "a", 0o600)).close();
    }
    await chmod(folder, 0o700);
    await mkdir(join(folder, "files"), { recursive: true, mode: 0o700 });
    // Copies of models belong to instances, and those are gone.
    await rm(join(folder, "files", "models"), { recursive: true, force: true });
    if (!(await stat(join(folder, "journal"))).isFile()) throw refuse("a journal that is no file");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof UsageError || code === undefined) throw cause;
    throw refuse(code === "ENOTDIR" || code === "EEXIST" ? "no folder" : `what the system refuses: ${code}`);
  }
}

/** Writes the fewest rows into a new journal, which takes the old one's place in one step. */
async function rewrite(folder: string, table: Table, lastMs: number): Promise<number> {
  const path = join(folder, "journal.new");
  const handle = await open(path, "w", 0o600);
  let bytes = 0;
  try {
    const write = async (rows: string[]): Promise<void> => {
      const line = encodeBlock(lastMs, rows);
      await handle.appendFile(line);
      bytes += line.length;
    };
    let rows: string[] = [];
    for (const row of table.rows()) {
      if (rows.push(JSON.stringify(row)) < rowsPerBlock) continue;
      await write(rows);
      rows = [];
    }
    await write(rows);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(path, join(folder, "journal"));
  const folderHandle = await open(folder, "r");
  try {
    await folderHandle.sync();
  } finally {
    await folderHandle.close();
  }
  return bytes;
}

function damaged(at: string, got: string): UsageError {
  return new UsageError({ code: "ASY-571", at, got, expected: "what the rehearsal wrote there" });
}
