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
  const bind = <Service extends object>(service: Service): Bound<Service> =>
    new Proxy(service, {
      get(target, operation) {
        const method: unknown = Reflect.get(target, operation);
        if (typeof operation !== "string" || typeof method !== "function") return undefined;
        return async (input: unknown): Promise<unknown> => {
          try {
            refuseDisabledRegion(world, call.region, service);
            constrain(serviceName(world, service), operation, input);
            return await method.call(target, call, input);
          } catch (cause) {
            if (!(cause instanceof AwsError)) throw cause;
            throw new RefusedCall(
              `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`,
              cause.code,
              cause.message,
            );
          }
        };
      },
    }) as unknown as Bound<Service>;
  return {
    applicationAutoScaling: bind(world.applicationAutoScaling),
    cloudwatch: bind(world.cloudwatch),
    ec2: bind(world.ec2),
    ecr: bind(world.ecr),
    iam: bind(world.iam),
    kms: bind(world.kms),
    lambda: bind(world.lambda),
    logs: bind(world.logs),
    s3: bind(world.s3),
    sagemaker: bind(world.sagemaker),
    sns: bind(world.sns),
    sqs: bind(world.sqs),
    sts: bind(world.sts),
  };
}

function serviceName(world: World, service: object): string {
  return Object.entries(world).find(([, each]) => each === service)?.[0] ?? "";
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
