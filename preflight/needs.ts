import { deployRights, type RightsOn } from "./deploy-rights";
import type { RegisteredResource } from "./registered-resource";

/** What must be there before a region can be deployed to. */
export interface RegionNeeds {
  /** A region's code, or `account` for what AWS keeps once for all regions. */
  readonly region: string;
  readonly instances: readonly InstanceNeed[];
  readonly images: readonly string[];
  /** S3 URIs of model data that the deployment itself does not put there. */
  readonly modelData: readonly string[];
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Keys that the deployment itself does not make. */
  readonly keyArns: readonly string[];
  readonly rights: readonly RightsOn[];
}

export interface InstanceNeed {
  readonly instanceType: string;
  /** What a deployment starts with. */
  readonly atStart: number;
  /** What scaling may go up to. */
  readonly max: number;
}

/** Where what has no region is kept. */
export const accountWide = "account";

type Inputs = Readonly<Record<string, unknown>>;

/** What a program needs of an account, by region, from what it registers. */
export function needsOf(resources: readonly RegisteredResource[], accountId: string): RegionNeeds[] {
  const byRegion = new Map<string, RegisteredResource[]>();
  for (const resource of resources) {
    if (!resource.custom || !resource.type.startsWith("aws:")) continue;
    const region = typeof resource.inputs.region === "string" ? resource.inputs.region : accountWide;
    byRegion.set(region, [...(byRegion.get(region) ?? []), resource]);
  }
  const ordered = [...byRegion].sort(([left], [right]) => Number(right === accountWide) - Number(left === accountWide));
  return ordered.map(([region, own]) => needsOfRegion(region, own, accountId));
}

function needsOfRegion(region: string, resources: readonly RegisteredResource[], accountId: string): RegionNeeds {
  const inputsOf = (type: string): Inputs[] =>
    resources.filter((each) => each.type === type).map(({ inputs }) => inputs);
  const models = inputsOf("aws:sagemaker/model:Model");
  const containers = models.flatMap((model) => [
    ...objects([model.primaryContainer]),
    ...objects(model.containers as unknown[] | undefined),
  ]);
  const ownBuckets = new Set(inputsOf("aws:s3/bucket:Bucket").map(({ bucket }) => bucket));
  const ownKeys = new Set(resources.filter(({ type }) => type === "aws:kms/key:Key").map(({ outputs }) => outputs.arn));
  const vpcs = objects(models.map(({ vpcConfig }) => vpcConfig));
  return {
    region,
    instances: instancesOf(resources),
    images: unique(containers.map(({ image }) => image)),
    modelData: unique(containers.flatMap(dataOf)).filter((uri) => !ownBuckets.has(uri.split("/")[2])),
    subnetIds: unique(vpcs.flatMap(({ subnets }) => subnets as unknown[])),
    securityGroupIds: unique(vpcs.flatMap(({ securityGroupIds }) => securityGroupIds as unknown[])),
    keyArns: unique(resources.flatMap(({ inputs }) => textsIn(inputs)))
      .filter((text) => /^arn:aws:kms:[a-z0-9-]+:\d+:(key|alias)\/[\w/-]+$/.test(text))
      .filter((arn) => !ownKeys.has(arn)),
    rights: deployRights(resources, { region, accountId }),
  };
}

/** Each variant's instances at the start, and how far the scaling of its endpoint may take them. */
function instancesOf(resources: readonly RegisteredResource[]): InstanceNeed[] {
  const needs = new Map<string, InstanceNeed>();
  for (const config of resources.filter(
    ({ type }) => type === "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  )) {
    const configName = config.inputs.name ?? config.outputs.name;
    const endpoints = resources
      .filter(
        ({ type, inputs }) => type === "aws:sagemaker/endpoint:Endpoint" && inputs.endpointConfigName === configName,
      )
      .map(({ inputs, name }) => String(inputs.name ?? name));
    for (const variant of objects(config.inputs.productionVariants as unknown[] | undefined)) {
      const { instanceType, initialInstanceCount: atStart = 1 } = variant as {
        instanceType?: string;
        initialInstanceCount?: number;
      };
      if (instanceType === undefined) continue;
      const scaled = endpoints.flatMap((endpoint) =>
        maxima(resources, `endpoint/${endpoint}/variant/${variant.variantName}`),
      );
      const before = needs.get(instanceType) ?? { atStart: 0, max: 0 };
      needs.set(instanceType, {
        instanceType,
        atStart: before.atStart + atStart,
        max: before.max + Math.max(atStart, ...scaled),
      });
    }
  }
  return [...needs.values()];
}

function maxima(resources: readonly RegisteredResource[], resourceId: string): number[] {
  return resources
    .filter(({ type, inputs }) => type.startsWith("aws:appautoscaling/") && inputs.resourceId === resourceId)
    .flatMap(({ inputs }) => [inputs.maxCapacity, (inputs.scalableTargetAction as Inputs | undefined)?.maxCapacity])
    .filter((value) => typeof value === "number");
}

function dataOf(container: Inputs): unknown[] {
  const source = container.modelDataSource as { s3DataSources?: unknown[] } | undefined;
  return [container.modelDataUrl, ...objects(source?.s3DataSources).map(({ s3Uri }) => s3Uri)];
}

function objects(values: readonly unknown[] | undefined): Inputs[] {
  return (values ?? []).filter((value) => typeof value === "object" && value !== null) as Inputs[];
}

function unique(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((value) => typeof value === "string"))];
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
