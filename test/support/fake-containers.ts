import { Readable } from "node:stream";
import type {
  Container,
  ContainerRuntime,
  ContainerSpec,
  Exit,
  InvocationReply,
} from "../../rehearsal/containers/container";

/** What a played container does with a payload. */
export type Model = (payload: Buffer) => {
  readonly status?: number;
  readonly body: string;
  readonly workSeconds?: number;
  readonly chunked?: boolean;
  /** The answer is announced as so long, and breaks off after `body`. */
  readonly announcedBytes?: number;
};

function breakingOff(answer: string): Readable {
  async function* bytes() {
    yield Buffer.from(answer);
    throw new Error("the container went away");
  }
  return Readable.from(bytes());
}

/** Containers played in this process: healthy at once, their work measured in virtual time. */
export class FakeContainers implements ContainerRuntime {
  /** Payloads that containers have been given, in order. */
  readonly seen: string[] = [];
  /** What they were told of earlier runs of these, where they were told. */
  readonly runs: string[] = [];
  working = 0;
  mostWorking = 0;

  /** Every container that was started. */
  readonly started: ContainerSpec[] = [];

  constructor(
    private readonly model: Model = (payload) => ({ body: `echo ${payload}` }),
    public healthy = true,
  ) {}

  knows(image: string): boolean {
    return !image.includes("unknown");
  }

  /** Lets every container that was started write a line. */
  say(line: string): void {
    for (const { onLine } of this.started) onLine(line);
  }

  async start(spec: ContainerSpec): Promise<Container> {
    this.started.push(spec);
    let end: (exit: Exit) => void = () => {};
    const exited = new Promise<Exit>((resolve) => {
      end = resolve;
    });
    return {
      virtual: true,
      exited,
      ping: async () => (this.healthy ? 200 : 503),
      stop: async () => end({ code: 0, signal: null }),
      invoke: async ({ body, headers }): Promise<InvocationReply> => {
        const run = headers["X-Rehearsal-Run"];
        if (run !== undefined) this.runs.push(run);
        const chunks: Buffer[] = [];
        for await (const chunk of body) chunks.push(chunk as Buffer);
        const payload = Buffer.concat(chunks);
        this.seen.push(payload.toString());
        const { status = 200, body: answer, workSeconds, chunked, announcedBytes } = this.model(payload);
        return {
          statusCode: status,
          headers: {
            "content-type": "text/plain",
            ...(chunked ? {} : { "content-length": String(announcedBytes ?? Buffer.byteLength(answer)) }),
            ...(workSeconds === undefined ? {} : { "x-rehearsal-work-seconds": String(workSeconds) }),
          },
          body: announcedBytes === undefined ? Readable.from([Buffer.from(answer)]) : breakingOff(answer),
        };
      },
    };
  }

  async close(): Promise<void> {}
}
