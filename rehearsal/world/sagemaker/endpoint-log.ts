import { AwsError } from "../aws-error";
import type { Call } from "../call";
import type { World } from "../world";

/**
 * Writes one line of a container to CloudWatch Logs and makes group and stream where they are missing.
 *
 * @param isLeaving an endpoint on its way out must not bring its deleted log group back
 */
export async function writeLog(
  { logs }: World,
  call: Call,
  stream: { readonly logGroupName: string; readonly logStreamName: string },
  event: { readonly timestamp: number; readonly message: string },
  isLeaving: () => boolean,
): Promise<void> {
  const put = () => logs.putLogEvents(call, { ...stream, logEvents: [event] });
  const unlessThere = (cause: unknown): void => {
    if (!(cause instanceof AwsError) || cause.code !== "ResourceAlreadyExistsException") throw cause;
  };
  await put().catch(async (cause: unknown) => {
    if (!(cause instanceof AwsError) || isLeaving()) return;
    await logs.createLogGroup(call, { logGroupName: stream.logGroupName }).catch(unlessThere);
    await logs.createLogStream(call, stream).catch(unlessThere);
    await put();
  });
}
