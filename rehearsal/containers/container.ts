import type { Readable } from "node:stream";

/** What an instance runs: an image, started as `docker run <image> serve` would start it. */
export interface ContainerSpec {
  /** For logs and for the names of temporary folders, e.g. `i-0abc`. */
  readonly instanceId: string;
  /** The image's URI as the model names it. */
  readonly image: string;
  /** The model's environment; the container gets it with the platform's own variables added. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder holding the model's artefacts, which SageMaker mounts at `/opt/ml/model`; absent when the model has none. */
  readonly modelFolder?: string;
  /** Called with every line the container writes, for the log group. */
  readonly onLine: (line: string) => void;
}

export interface InvocationRequest {
  /** Content-Type, Accept, X-Amzn-SageMaker-Custom-Attributes … as SageMaker hands them on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  readonly contentLength: number;
  /** Aborted when the invocation's time is up: the connection is then closed. */
  readonly signal: AbortSignal;
}

/** A container's reply, before its body has been read. The reader must read the body to its end or destroy it. */
export interface InvocationReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readable;
}

/** Why a container is no more. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A started container. Both calls reject when the connection is refused or dropped. */
export interface Container {
  /** True for one played in this process whose work takes virtual time; the clock is then not held while it works. */
  readonly virtual?: boolean;
  /** `GET /ping`; resolves to the status code. */
  ping(signal: AbortSignal): Promise<number>;
  /** `POST /invocations`. */
  invoke(request: InvocationRequest): Promise<InvocationReply>;
  /** SIGTERM, then SIGKILL after SageMaker's 30 s; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Resolves when the process is gone, whoever ended it. */
  readonly exited: Promise<Exit>;
}

/** Starts containers. Rejects when the image cannot be had. */
export interface ContainerRuntime {
  /** Resolves once the process runs (not yet healthy). */
  start(spec: ContainerSpec): Promise<Container>;
  /** Whether the image can be pulled, asked before an instance is started. */
  knows(image: string): boolean;
  /** Stops everything that still runs. */
  close(): Promise<void>;
}
