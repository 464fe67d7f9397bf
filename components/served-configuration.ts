import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Problem, type ProblemCode, renderProblem, withFix } from "../contract/errors";

/** What SageMaker says of an endpoint. */
export interface Served {
  /** Name of the endpoint configuration it serves. */
  readonly configurationName: string;
  /** Why the last update failed; SageMaker may leave it out. */
  readonly failureReason?: string;
}

/** Asks SageMaker in a region what an endpoint serves (DescribeEndpoint). Rejects when it cannot be asked. */
export type AskServed = (region: string, endpointName: string) => Promise<Served>;

/** A deployment that did not happen, which the engine prints without a stack trace and a check reads as data. */
export class NotDeployed extends pulumi.RunError {
  readonly problems: readonly Problem[];

  constructor(problem: Problem) {
    super(`${renderProblem(problem)}\n`);
    this.problems = [problem];
  }
}

/**
 * The name of the configuration the endpoint serves, once it is known to be the wanted one.
 *
 * When SageMaker rolls an update back the endpoint is in service again, and AWS's provider takes that for success and
 * writes the new configuration into the state. So the program asks SageMaker itself, after the endpoint's step and in
 * each `up`. A failed program also keeps the engine from deleting the old configuration, which is then in use.
 *
 * In previews, and where no engine runs the program, nothing is asked.
 *
 * @param ask @default - the AWS SDK, with the credentials of the `aws` provider's configuration or the environment
 * @throws NotDeployed ASY-210, through the output; warns with ASY-211 when SageMaker cannot be asked
 */
export function confirmServed(
  endpoint: aws.sagemaker.Endpoint,
  at: { readonly region: string; readonly endpointName: string; readonly stack: string },
  wanted: pulumi.Output<string>,
  ask: AskServed = askSageMaker,
): pulumi.Output<string> {
  return pulumi.all([endpoint.id, endpoint.endpointConfigName, wanted]).apply(async ([, told, name]) => {
    if (pulumi.runtime.isDryRun() || pulumi.runtime.getEngine() === undefined) return name;
    const served = await ask(at.region, at.endpointName).catch((cause: unknown): Served => {
      warn(endpoint, at, cause);
      return { configurationName: told };
    });
    if (served.configurationName === name) return name;
    throw new NotDeployed({
      code: "ASY-210",
      at: `endpoint ${at.endpointName} in ${at.region}, stack ${at.stack}`,
      got: `endpoint configuration ${served.configurationName}: ${served.failureReason ?? "SageMaker gave no reason; the endpoint's log group may hold one"}`,
      expected: `endpoint configuration ${name}`,
    });
  });
}

function warn(
  endpoint: pulumi.Resource,
  at: { readonly region: string; readonly endpointName: string },
  cause: unknown,
): void {
  const code: ProblemCode = "ASY-211";
  const problem = {
    code,
    at: `endpoint ${at.endpointName} in ${at.region}`,
    got: String((cause as Error).message ?? cause),
    expected: "an answer to sagemaker:DescribeEndpoint; the provider's word is taken instead",
  };
  void pulumi.log.warn(renderProblem(withFix(problem)), endpoint);
}

async function askSageMaker(region: string, endpointName: string): Promise<Served> {
  // Loaded only here: a preview and a check never need it.
  const { SageMakerClient, DescribeEndpointCommand } = await import("@aws-sdk/client-sagemaker");
  const { profile, accessKey, secretKey, token } = aws.config;
  const client = new SageMakerClient({
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(accessKey === undefined || secretKey === undefined
      ? {}
      : {
          credentials: {
            accessKeyId: accessKey,
            secretAccessKey: secretKey,
            ...(token === undefined ? {} : { sessionToken: token }),
          },
        }),
  });
  try {
    const { EndpointConfigName, FailureReason } = await client.send(
      new DescribeEndpointCommand({ EndpointName: endpointName }),
    );
    return {
      configurationName: EndpointConfigName ?? "",
      ...(FailureReason === undefined ? {} : { failureReason: FailureReason }),
    };
  } finally {
    client.destroy();
  }
}
