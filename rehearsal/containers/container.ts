import type { Readable } from "node:stream";

/** SageMaker kills a container 30 seconds after it was asked to end (developer guide, your-algorithms-inference-code). */
export const graceMsDefault = 30_000;

/** How long containers may take to end when the whole rehearsal does: nobody waits for what they still write. */
export const closingGraceMs = 2000;

/** What an instance runs: an image, started as `docker run <image> serve` would start it. */
export interface ContainerSpec {
  /** For logs and for the names of temporary folders, e.g. `i-0abc`. */
  readonly instanceId: string;
  /** The image's URI as the model names it. */
  readonly image: string;
  /** The model's environment; the container gets it with the platform's own variables added. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the endpoint is, e.g. `eu-west-1`. */
  readonly region: string;
  /** Whether the platform names the region in the environment. @default true */
  readonly tellsRegion?: boolean;
  /**
   * Folder holding the model's artefacts, named `model`, which SageMaker mounts at `/opt/ml/model`. @default - none: the
   * model has no artefacts
   */
  readonly modelFolder?: string;
  /** Memory of the instance type. @default - not known: nothing bounds the container */
  readonly memoryBytes?: number;
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

/** What a container has used of this machine since it was started, all its processes together. */
export interface Usage {
  /** Time on a processor, in user and in system code. */
  readonly cpuSeconds: number;
  /** Resident memory now. Pages that processes share count for each. */
  readonly memoryBytes: number;
  /** The sum of the most that each living process has held: what they held together at one moment is not above it. */
  readonly peakMemoryBytes: number;
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
  /** Resolves to undefined where it cannot be told, or the container is gone. @default - one that is not measured */
  usage?(): Promise<Usage | undefined>;
  /**
   * SIGTERM, then SIGKILL; resolves when the process is gone.
   *
   * @param graceMs wall-clock time between the two @default SageMaker's 30 s
   */
  stop(graceMs?: number): Promise<void>;
  /** Resolves when the process is gone, whoever ended it. */
  readonly exited: Promise<Exit>;
}

/** Starts containers. Rejects when the image cannot be had. */
export interface ContainerRuntime {
  /** Resolves once the process runs (not yet healthy). */
  start(spec: ContainerSpec): Promise<Container>;
  /** Whether the image can be pulled, asked before an instance is started. The tag `any` asks for the repository. */
  knows(image: string): boolean;
  /** Stops everything that still runs, soon, and starts nothing any more. */
  close(): Promise<void>;
}
