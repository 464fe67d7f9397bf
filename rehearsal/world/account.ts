/**
 * What is true of an account before anything is deployed to it, as far as a deployment depends on it. The default is an
 * account in which nothing stands in the way; regions are codes, or `*` for all.
 */
export interface AccountConditions {
  /** Regions the account has not enabled. @default - none */
  readonly disabledRegions?: readonly string[];
  /** Instances for endpoints by region and type, e.g. `{ "*": { "ml.g5.xlarge": 0 } }`. @default - 100 of each type SageMaker names */
  readonly endpointQuotas?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Images by region that are not there: `team/model` for the whole repository, `team/model:2` for one tag. @default - none */
  readonly missingImages?: Readonly<Record<string, readonly string[]>>;
  /** Subnets and security groups that do not exist. @default - none: every one that is asked for exists */
  readonly missingNetwork?: readonly string[];
  /** Services the VPC has endpoints for. @default - s3 */
  readonly vpcEndpoints?: readonly string[];
  /** The VPC of single subnets. @default - one VPC for all */
  readonly vpcOfSubnet?: Readonly<Record<string, string>>;
  /** Whether the VPC has an endpoint for S3. @default true */
  readonly hasS3Endpoint?: boolean;
  /** Actions that the deployer may not do, in the form of policies, e.g. `sagemaker:Create*`. @default - none */
  readonly deniedActions?: readonly string[];
  /** Actions that AWS answers with a throttling error, e.g. `ec2:DescribeRegions`. @default - none */
  readonly throttledActions?: readonly string[];
}

/** The account's conditions, which may change while the world runs. */
export class Account {
  constructor(public conditions: AccountConditions = {}) {}

  isEnabled(region: string): boolean {
    return this.conditions.disabledRegions?.includes(region) !== true;
  }

  /** Instances of a type that endpoints in a region may have, when the conditions say so. */
  endpointQuota(region: string, instanceType: string): number | undefined {
    const quotas = this.conditions.endpointQuotas;
    return quotas?.[region]?.[instanceType] ?? quotas?.["*"]?.[instanceType];
  }

  /** Every instance type the conditions give a quota for in a region. */
  quotedTypes(region: string): string[] {
    const quotas = this.conditions.endpointQuotas;
    return [...Object.keys(quotas?.[region] ?? {}), ...Object.keys(quotas?.["*"] ?? {})];
  }

  isImageMissing(region: string, image: string): boolean {
    const missing = this.conditions.missingImages;
    return [...(missing?.[region] ?? []), ...(missing?.["*"] ?? [])].includes(image);
  }
}
