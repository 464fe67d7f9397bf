import type { IncomingMessage } from "node:http";
import { AwsError } from "../world/aws-error";

/** This machine's own names, and the rehearsal's. */
const own = /^(?:(.+)\.)?(?:localhost|127\.0\.0\.1|\[::1\]|rehearsal\.test)$/;

/**
 * Hosts of AWS's services, which a client names that has the rehearsal as its HTTP proxy or resolves AWS's names to this
 * machine. No attacker's name ends so and begins with a service: a name of AWS's cannot be pointed at this machine.
 */
const awsHost =
  /^(?:(?<bucket>.+)\.)?(?<service>s3(?:\.dualstack)?|sqs|sns|iam|sts|kms|logs|monitoring|ec2|servicequotas|api\.ecr|api\.sagemaker|runtime\.sagemaker|application-autoscaling)(?:[.-](?<region>[a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com$/;

/**
 * Refuses what does not come from a client on this machine: a host that is not the rehearsal's (a page whose name was
 * pointed at 127.0.0.1), and whatever a browser sends for a page of another origin.
 *
 * @param host without its port
 * @throws AwsError UnknownHost, AccessDenied
 */
export function refuseForeign(host: string, { headers }: IncomingMessage): void {
  const aws = awsHost.exec(host)?.groups;
  if (!own.test(host) && (aws === undefined || (aws.bucket !== undefined && !aws.service?.startsWith("s3")))) {
    throw new AwsError(
      "UnknownHost",
      `This is a rehearsal: it answers for itself and never passes a request on to ${host}.`,
    );
  }
  const site = headers["sec-fetch-site"];
  const isForeign =
    (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) ||
    (site !== undefined && site !== "same-origin" && site !== "none");
  if (isForeign)
    throw new AwsError("AccessDenied", "A rehearsal answers no page of another origin: it is no web server.", 403);
}

/** The bucket that a virtual-host style address names before the service's host, if any. */
export function bucketOfHost(host: string): string | undefined {
  const aws = awsHost.exec(host)?.groups;
  if (aws !== undefined) return aws.bucket;
  const before = /^(.+)\.(?:localhost|rehearsal\.test)$/.exec(host)?.[1];
  // `s3.`, `s3.<region>.` and `aws.` are the rehearsal's own; what stands before them is the bucket.
  const named = before?.replace(/(?:^|\.)(?:aws|s3(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?)$/, "");
  return named === "" ? undefined : named;
}

/** Region and service that an endpoint's host names; either may be absent, as in this machine's own names. */
export function scopeOfHost(host: string): { readonly region?: string; readonly service?: string } {
  const aws = awsHost.exec(host)?.groups;
  if (aws !== undefined) {
    const service = aws.service?.replace(/^(?:api|runtime)\.|\.dualstack$/g, "");
    return {
      ...(aws.region === undefined ? {} : { region: aws.region }),
      ...(service === undefined ? {} : { service }),
    };
  }
  const region = /(?:^|\.)s3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.(?:localhost|rehearsal\.test)$/.exec(host)?.[1];
  return region === undefined ? {} : { region };
}
