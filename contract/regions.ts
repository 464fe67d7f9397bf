/**
 * The commercial regions with SageMaker, one row each, with what is known of asynchronous inference there.
 * `optIn` regions are disabled until the account enables them.
 *
 * The announcement of 2021-08-20 named every commercial region with SageMaker except Osaka, Milan and Cape Town. AWS's
 * list of 2026-06-17 has all three, so their exclusion is this product's default and may be lifted with a reason.
 */
export interface Region {
  /** e.g. `eu-west-1` */
  readonly code: string;
  readonly name: string;
  readonly optIn: boolean;
  /** Named by AWS for asynchronous inference on 2026-06-17. */
  readonly listedForAsync: boolean;
  /** Left out by the announcement of 2021-08-20, and therefore by default here. */
  readonly excludedIn2021: boolean;
  readonly evidence: string;
}

/** The day the evidence in the table was read. */
export const evidenceReadOn = "2026-11-22";

export const regions: readonly Region[] = [
  {
    code: "us-east-1",
    name: "US East (N. Virginia)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "us-east-2",
    name: "US East (Ohio)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "us-west-1",
    name: "US West (N. California)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "us-west-2",
    name: "US West (Oregon)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ca-central-1",
    name: "Canada (Central)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ca-west-1",
    name: "Canada West (Calgary)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "mx-central-1",
    name: "Mexico (Central)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "sa-east-1",
    name: "South America (Sao Paulo)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "eu-west-1",
    name: "Europe (Ireland)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "eu-west-2",
    name: "Europe (London)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "eu-west-3",
    name: "Europe (Paris)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "eu-central-1",
    name: "Europe (Frankfurt)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "eu-central-2",
    name: "Europe (Zurich)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "eu-north-1",
    name: "Europe (Stockholm)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "eu-south-1",
    name: "Europe (Milan)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: true,
    evidence:
      "excluded by the announcement of 2021-08-20; in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01; refused for one reporter in 2024-09",
  },
  {
    code: "eu-south-2",
    name: "Europe (Spain)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "af-south-1",
    name: "Africa (Cape Town)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: true,
    evidence:
      "excluded by the announcement of 2021-08-20; in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "il-central-1",
    name: "Israel (Tel Aviv)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "me-south-1",
    name: "Middle East (Bahrain)",
    optIn: true,
    listedForAsync: false,
    excludedIn2021: false,
    evidence:
      "not in AWS's list of 2026-06-17: async there is unverified; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "me-central-1",
    name: "Middle East (UAE)",
    optIn: true,
    listedForAsync: false,
    excludedIn2021: false,
    evidence:
      "not in AWS's list of 2026-06-17: async there is unverified; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-south-1",
    name: "Asia Pacific (Mumbai)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-south-2",
    name: "Asia Pacific (Hyderabad)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-east-1",
    name: "Asia Pacific (Hong Kong)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-east-2",
    name: "Asia Pacific (Taipei)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-northeast-1",
    name: "Asia Pacific (Tokyo)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-northeast-2",
    name: "Asia Pacific (Seoul)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-northeast-3",
    name: "Asia Pacific (Osaka)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: true,
    evidence:
      "excluded by the announcement of 2021-08-20; in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-southeast-1",
    name: "Asia Pacific (Singapore)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-southeast-2",
    name: "Asia Pacific (Sydney)",
    optIn: false,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-southeast-3",
    name: "Asia Pacific (Jakarta)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-southeast-4",
    name: "Asia Pacific (Melbourne)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-southeast-5",
    name: "Asia Pacific (Malaysia)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-southeast-6",
    name: "Asia Pacific (New Zealand)",
    optIn: true,
    listedForAsync: false,
    excludedIn2021: false,
    evidence:
      "not in AWS's list of 2026-06-17: async there is unverified; SageMaker endpoints in the service model of 2026-10-01",
  },
  {
    code: "ap-southeast-7",
    name: "Asia Pacific (Thailand)",
    optIn: true,
    listedForAsync: true,
    excludedIn2021: false,
    evidence: "in AWS's list of 2026-06-17; SageMaker endpoints in the service model of 2026-10-01",
  },
];

/** Where a fleet deploys unless told otherwise: every region above but the three excluded ones. */
export const supportedRegions: readonly string[] = regions
  .filter((each) => !each.excludedIn2021)
  .map((each) => each.code);

/** The row of a region, or undefined when it is not a commercial region with SageMaker. */
export function regionInfo(code: string): Region | undefined {
  return regions.find((each) => each.code === code);
}
