/** One asynchronous request, from its acceptance to its end. */
export interface AsyncRequest {
  readonly inferenceId: string;
  /** Which time it is given to an instance: above 1 when a process ended while one worked on it. */
  readonly run: number;
  readonly acceptedMs: number;
  readonly timeToLiveSeconds: number;
  readonly invocationTimeoutSeconds: number;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly customAttributes?: string | undefined;
  /** The payload itself, or where it lies. */
  readonly payload: { readonly bytes: Buffer } | { readonly inputLocation: string };
  readonly outputLocation: string;
  readonly failureLocation?: string | undefined;
}

/** What became of a request, for reports and tests. */
export interface RequestRecord {
  readonly inferenceId: string;
  readonly acceptedAtMs: number;
  startedAtMs?: number;
  endedAtMs?: number;
  /** How often it was given to an instance. @default - once at most */
  runs?: number;
  outcome?: "completed" | "failed" | "expired";
  location?: string;
  reason?: string;
  instanceId?: string;
}
