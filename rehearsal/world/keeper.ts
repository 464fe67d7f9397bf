/**
 * Writes down what must outlive the process. A world without one keeps nothing, writes nothing and waits for nothing.
 *
 * What is put is a value of a collection under a key, as JSON can say it; the newest counts. All that is put in one turn
 * of the event loop becomes safe as one, or not at all.
 */
export interface Keeper {
  put(collection: string, key: string, value: unknown): void;
  remove(collection: string, key: string): void;
  /** Forgets a whole collection. */
  drop(collection: string): void;
  /** Says that settings of a service may have changed: what did is found, and written down with what is put. */
  changed(service: string, region?: string): void;
  /** Says that a file was written into a folder, which must be safe before what is put next names it. */
  wroteInto(folder: string): void;
  /** Nothing becomes safe until the returned function is called; all that is put until then becomes safe as one. */
  hold(): () => void;
  /**
   * Waits until all that was put is safe, on a full disk until there is room.
   *
   * @returns false when the world ended first
   */
  safe(): Promise<boolean>;
  /** Waits until all that was put is safe. @throws AwsError ServiceUnavailable when it cannot be written now */
  flushed(): Promise<void>;
  /** @throws AwsError ServiceUnavailable while nothing can be written, so that nothing need be done in vain */
  ready(): Promise<void>;
}

/** What was written down, by collection. */
export interface Kept {
  /** The values of a collection by key, in the order they were first put. */
  collection(name: string): ReadonlyMap<string, unknown>;
  /** Names of the collections that begin so. */
  names(prefix: string): string[];
}
