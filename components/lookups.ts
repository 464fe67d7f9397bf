import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Problem, UsageError } from "../contract/errors";
import type { RegionSettings, Settings } from "../contract/settings";

/** What only AWS knows before a fleet is described: asked first, so that everything after is plain text. */
export interface Lookups {
  /** By region, the URI of AWS's own image, where `model.image.prebuilt` asks for one. */
  readonly prebuiltImages: Readonly<Record<string, string>>;
}

/**
 * Asks AWS's provider where prebuilt images lie in each region, and looks for the VPC endpoints of
 * `network.checkEndpoints`. Nothing is asked that the settings do not need; nothing is ever made.
 *
 * The endpoints are looked for in the VPC of the region's subnets. `s3` is what SageMaker itself needs from the VPC,
 * where the subnets have no other way out: it reads payloads and the model's data and writes results through it. Queues,
 * topics, logs and images it reaches by its own network; a container in network isolation reaches nothing at all.
 *
 * @throws UsageError with every problem of every region: ASY-213 an endpoint is missing, ASY-214 a subnet cannot be
 * read, ASY-215 the subnets lie in several VPCs, ASY-216 there is no such prebuilt image
 */
export async function lookUp(settings: Settings, opts: pulumi.InvokeOptions = {}): Promise<Lookups> {
  const problems: Problem[] = [];
  const prebuiltImages: Record<string, string> = {};
  await Promise.all(
    Object.entries(settings.region).map(async ([region, each]) => {
      const image = await prebuiltImage(region, each, opts, problems);
      if (image !== undefined) prebuiltImages[region] = image;
      problems.push(...(await networkProblems(region, each, opts)));
    }),
  );
  if (problems.length > 0) throw new UsageError(problems.sort((left, right) => left.at.localeCompare(right.at)));
  return { prebuiltImages };
}

async function prebuiltImage(
  region: string,
  { model: { image } }: RegionSettings,
  opts: pulumi.InvokeOptions,
  problems: Problem[],
): Promise<string | undefined> {
  if (typeof image !== "object" || !("prebuilt" in image) || typeof image.prebuilt !== "object") return undefined;
  const { repository, tag } = image.prebuilt;
  try {
    const { registryPath } = await aws.sagemaker.getPrebuiltEcrImage(
      { region, repositoryName: repository, imageTag: tag },
      opts,
    );
    return registryPath;
  } catch (cause) {
    problems.push({
      code: "ASY-216",
      at: `async-fleet:model.image.prebuilt in ${region}`,
      got: `${repository}:${tag}: ${reason(cause)}`,
      expected: "a repository of AWS's own images that this region has",
    });
    return undefined;
  }
}

async function networkProblems(
  region: string,
  { network }: RegionSettings,
  opts: pulumi.InvokeOptions,
): Promise<Problem[]> {
  if (network === undefined || network.checkEndpoints.length === 0) return [];
  const at = `async-fleet:network in ${region}`;
  const problems: Problem[] = [];
  const vpcs = new Set<string>();
  for (const id of network.subnetIds) {
    try {
      vpcs.add((await aws.ec2.getSubnet({ region, id }, opts)).vpcId);
    } catch (cause) {
      problems.push({ code: "ASY-214", at, got: `${id}: ${reason(cause)}`, expected: `a subnet of ${region}` });
    }
  }
  const [vpcId, ...others] = vpcs;
  if (others.length > 0) {
    problems.push({ code: "ASY-215", at, got: `subnets of ${[...vpcs].join(", ")}`, expected: "subnets of one VPC" });
  }
  if (vpcId === undefined || others.length > 0) return problems;
  for (const service of network.checkEndpoints) {
    const serviceName = `com.amazonaws.${region}.${service}`;
    try {
      await aws.ec2.getVpcEndpoint({ region, vpcId, serviceName, state: "available" }, opts);
    } catch (cause) {
      problems.push({
        code: "ASY-213",
        at,
        got: `no ${serviceName} in ${vpcId}: ${reason(cause)}`,
        expected: service === "s3" ? `a gateway endpoint for ${serviceName}` : `an endpoint for ${serviceName}`,
      });
    }
  }
  return problems;
}

/** The last line of what the engine says of a failed function: the provider's own words. */
function reason(cause: unknown): string {
  const lines = String((cause as Error).message ?? cause)
    .trim()
    .split("\n");
  return (lines.at(-1) ?? "").replace(/^\s*(?:error:|Error:)?\s*/, "");
}
