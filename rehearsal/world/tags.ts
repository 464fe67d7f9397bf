/** Tags of anything that has them, by its ARN or name. */
export class TagStore {
  private readonly tags = new Map<string, Map<string, string>>();

  /** The tags of every owner, themselves. */
  get all(): Map<string, Map<string, string>> {
    return this.tags;
  }

  put(owner: string, tags: Readonly<Record<string, string>>): void {
    const own = this.tags.get(owner) ?? new Map<string, string>();
    for (const [key, value] of Object.entries(tags)) own.set(key, value);
    this.tags.set(owner, own);
  }

  remove(owner: string, keys: readonly string[]): void {
    for (const key of keys) this.tags.get(owner)?.delete(key);
  }

  of(owner: string): Record<string, string> {
    return Object.fromEntries(this.tags.get(owner) ?? []);
  }

  forget(owner: string): void {
    this.tags.delete(owner);
  }
}

/** `[{Key, Value}]`, as most services write tags, to a record. */
export function fromTagList(
  list: ReadonlyArray<{ Key?: string | undefined; Value?: string | undefined }> | undefined,
): Record<string, string> {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

/** A record to `[{Key, Value}]`. */
export function toTagList(tags: Readonly<Record<string, string>>): Array<{ Key: string; Value: string }> {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
