import { AwsError } from "../aws-error";
import type { World } from "../world";
import type { Endpoint } from "./endpoint";
import type { Instance } from "./instance";

/** The log group of one endpoint, as its instances write it. */
export class EndpointLogs {
  private readonly streams = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly endpoint: Endpoint,
  ) {}

  /** What a container has written. */
  container({ id }: Instance, line: string): Promise<void> {
    const nowMs = this.world.clock.now();
    return this.write(`${this.endpoint.variantName}/${id}`, nowMs, line);
  }

  /** What the platform tells of one request, in the stream that asynchronous endpoints have beside the container's. */
  platform({ id }: Instance, inferenceId: string, text: string): Promise<void> {
    const nowMs = this.world.clock.now();
    const moment = new Date(nowMs).toISOString().slice(0, -1);
    const line = `${moment}:[sagemaker logs] [${inferenceId}] ${text}`;
    return this.write(`${this.endpoint.variantName}/${id}/data-log`, nowMs, line);
  }

  /**
   * Writes with the role, as the agent on an instance does: look for the stream, make it, put the lines. What the role
   * may not write is lost, and nobody is told.
   */
  private async write(logStreamName: string, timestamp: number, message: string): Promise<void> {
    const logGroupName = `/aws/sagemaker/Endpoints/${this.endpoint.name}`;
    const { asRole } = this.endpoint;
    const { logs } = this.world;
    const look = async () =>
      this.world.assumed.logAgent === "looksFirst"
        ? logs.describeLogStreams(asRole, { logGroupName, logStreamNamePrefix: logStreamName })
        : logs.createLogStream(asRole, { logGroupName, logStreamName }).then(
            () => ({ logStreams: [{ logStreamName }] }),
            (cause: unknown) => {
              unlessThere(cause);
              return { logStreams: [{ logStreamName }] };
            },
          );
    try {
      if (!this.streams.has(logStreamName)) {
        const { logStreams = [] } = await look().catch(async (cause: unknown) => {
          // An endpoint that is on its way out must not bring its deleted log group back.
          if (codeOf(cause) !== "ResourceNotFoundException" || this.endpoint.status === "Deleting") throw cause;
          await logs.createLogGroup(asRole, { logGroupName }).catch(unlessThere);
          return { logStreams: [] };
        });
        // The name of an instance's one stream is the beginning of its other's.
        if (!logStreams.some((stream) => stream.logStreamName === logStreamName))
          await logs.createLogStream(asRole, { logGroupName, logStreamName }).catch(unlessThere);
        this.streams.add(logStreamName);
      }
      await logs.putLogEvents(asRole, { logGroupName, logStreamName, logEvents: [{ timestamp, message }] });
    } catch (cause) {
      unlessRefused(cause);
    }
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof AwsError ? cause.code : undefined;
}

function unlessThere(cause: unknown): void {
  if (codeOf(cause) !== "ResourceAlreadyExistsException") throw cause;
}

/** What AWS refuses the service is lost without a word. */
export function unlessRefused(cause: unknown): void {
  if (!(cause instanceof AwsError)) throw cause;
}
