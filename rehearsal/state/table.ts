import type { Kept } from "../world/keeper";

/**
 * One change: a value put, a key removed (two members), or a whole collection dropped (one member).
 */
export type Row = readonly [collection: string, key?: string, value?: unknown];

/** What the rows of a journal come to. */
export class Table implements Kept {
  private readonly collections = new Map<string, Map<string, unknown>>();
  /** Rows that were applied. */
  rowsSeen = 0;

  apply(rows: readonly Row[]): void {
    for (const [name, key, ...value] of rows) {
      this.rowsSeen++;
      if (key === undefined) {
        this.collections.delete(name);
        continue;
      }
      let collection = this.collections.get(name);
      if (value.length === 0) {
        collection?.delete(key);
        continue;
      }
      if (collection === undefined) {
        collection = new Map();
        this.collections.set(name, collection);
      }
      collection.set(key, value[0]);
    }
  }

  collection(name: string): ReadonlyMap<string, unknown> {
    return this.collections.get(name) ?? new Map();
  }

  names(prefix: string): string[] {
    return [...this.collections.keys()].filter((name) => name.startsWith(prefix));
  }

  /** Rows that still count. */
  get rowsLive(): number {
    return [...this.collections.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** The fewest rows that come to the same. */
  *rows(): Generator<Row> {
    for (const [name, collection] of this.collections) {
      for (const [key, value] of collection) yield [name, key, value];
    }
  }
}
