/** One asynchronous request, from its acceptance to its end. */
export interface AsyncRequest {
  readonly inferenceId: string;
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
  outcome?: "completed" | "failed" | "expired";
  location?: string;
  reason?: string;
  instanceId?: string;
}
