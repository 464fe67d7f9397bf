import { AwsError } from "../world/aws-error";
import type { Call } from "../world/call";
import { constrain } from "../world/constraints";
import type { World } from "../world/world";
import { RefusedCall } from "./failures";

/** The services whose operations the resources call. */
type ServiceName =
  | "applicationAutoScaling"
  | "cloudwatch"
  | "ec2"
  | "ecr"
  | "iam"
  | "kms"
  | "lambda"
  | "logs"
  | "s3"
  | "sagemaker"
  | "sns"
  | "sqs"
  | "sts";

/** A service's operations, called in one account and region. */
type Bound<Service> = {
  readonly [Operation in keyof Service as Service[Operation] extends (call: Call, input: never) => Promise<unknown>
    ? Operation
    : never]: Service[Operation] extends (call: Call, input: infer Input) => Promise<infer Output>
    ? (input: Input) => Promise<Output>
    : never;
};

/** AWS as a resource sees it: `aws.sns.createTopic({...})`. */
export type AwsCalls = { readonly [Name in ServiceName]: Bound<World[Name]> };

/** Operations of the world bound to one account and region, with the operation's name put before every refusal. */
export function callsTo(world: World, call: Call): AwsCalls {
  const bind = <Service extends object>(name: ServiceName, service: Service): Bound<Service> =>
    new Proxy(service, {
      get(target, operation) {
        const method: unknown = Reflect.get(target, operation);
        if (typeof operation !== "string" || typeof method !== "function") return undefined;
        return async (input: unknown): Promise<unknown> => {
          try {
            refuseDisabledRegion(world, call.region, service);
            constrain(name, operation, input);
            await meetFaults(world, call.region, `${name}:${nameOf(operation)}`);
            return await method.call(target, call, input);
          } catch (cause) {
            if (!(cause instanceof AwsError)) throw cause;
            throw new RefusedCall(nameOf(operation), cause.code, cause.message);
          }
        };
      },
    }) as unknown as Bound<Service>;
  return {
    applicationAutoScaling: bind("applicationAutoScaling", world.applicationAutoScaling),
    cloudwatch: bind("cloudwatch", world.cloudwatch),
    ec2: bind("ec2", world.ec2),
    ecr: bind("ecr", world.ecr),
    iam: bind("iam", world.iam),
    kms: bind("kms", world.kms),
    lambda: bind("lambda", world.lambda),
    logs: bind("logs", world.logs),
    s3: bind("s3", world.s3),
    sagemaker: bind("sagemaker", world.sagemaker),
    sns: bind("sns", world.sns),
    sqs: bind("sqs", world.sqs),
    sts: bind("sts", world.sts),
  };
}

/** How often AWS's provider tries a call that AWS may take another time, unless it is configured otherwise (max_retries). */
const triesMax = 25;

/**
 * What a call of the provider meets of the faults ordered. A connection that ends is tried again like a server's error;
 * one that ends after the work was done is not played here.
 *
 * @throws AwsError when AWS refuses the last try, too
 */
async function meetFaults({ clock, faults }: World, region: string, operation: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { delayMs, blow } = faults.call(region, operation);
    if (delayMs > 0) await clock.sleep(delayMs);
    if (blow === undefined || blow.moment !== "before") return;
    if (tries < triesMax) continue;
    if (blow.kind === "throttling") throw new AwsError("ThrottlingException", "Rate exceeded");
    if (blow.kind === "drop") throw new AwsError("RequestError", "send request failed: connection reset by peer");
    const isInternal = blow.status === 500;
    throw new AwsError(
      isInternal ? "InternalFailure" : "ServiceUnavailable",
      isInternal
        ? "The request processing has failed because of an unknown error."
        : "The request has failed due to a temporary failure of the server.",
      blow.status,
    );
  }
}

function nameOf(operation: string): string {
  return `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
}

/** AWS knows no caller in a region that the account has not enabled; IAM and STS are there for all regions. */
function refuseDisabledRegion(world: World, region: string, service: object): void {
  if (service === world.iam || service === world.sts || world.account.isEnabled(region)) return;
  throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.");
}

/** What `ask` answers, or nothing when AWS says by one of `codes` that the thing is not there. */
export async function unlessGone<Answer>(
  codes: readonly string[],
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof RefusedCall && codes.includes(cause.code)) return undefined;
    throw cause;
  }
}
