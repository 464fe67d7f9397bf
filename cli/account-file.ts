import { readFile } from "node:fs/promises";
import { type Problem, UsageError } from "../contract/errors";
import type { AccountConditions } from "../rehearsal/world/account";

type Check = (value: unknown) => boolean;

const isObject: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const texts: Check = (value) => Array.isArray(value) && value.every((each) => typeof each === "string");
const count: Check = (value) => typeof value === "number" && Number.isInteger(value) && value >= 0;
const each =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value as object).every(check);

const keys: Readonly<Record<keyof AccountConditions, { readonly fits: Check; readonly expected: string }>> = {
  disabledRegions: { fits: texts, expected: 'region codes, e.g. ["me-south-1"]' },
  endpointQuotas: {
    fits: each(each(count)),
    expected: 'instances by region or * and type, e.g. {"*": {"ml.g5.xlarge": 0}}',
  },
  missingImages: { fits: each(texts), expected: 'repositories by region or *, e.g. {"eu-west-1": ["team/model"]}' },
  missingNetwork: { fits: texts, expected: 'ids, e.g. ["subnet-0a"]' },
  vpcEndpoints: { fits: texts, expected: 'services, e.g. ["s3", "secretsmanager"]' },
  vpcOfSubnet: {
    fits: each((value) => typeof value === "string"),
    expected: 'VPCs by subnet, e.g. {"subnet-0a": "vpc-0a"}',
  },
  hasS3Endpoint: { fits: (value) => typeof value === "boolean", expected: "true or false" },
  deniedActions: { fits: texts, expected: 'actions, e.g. ["sagemaker:Create*"]' },
  throttledActions: { fits: texts, expected: 'operations of the rehearsal, e.g. ["ec2:DescribeRegions"]' },
};

/**
 * Reads what stands in the way in a rehearsed account, from a JSON file.
 *
 * @throws UsageError ASY-623 with everything that is wrong in it
 */
export async function readAccountFile(path: string): Promise<AccountConditions> {
  const problem = (at: string, got: string, expected: string): Problem => ({ code: "ASY-623", at, got, expected });
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(problem(path, cause.code === "ENOENT" ? "no such file" : cause.message, "a JSON file"));
  });
  let conditions: unknown;
  try {
    conditions = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(problem(path, (cause as Error).message, "a JSON file"));
  }
  if (!isObject(conditions)) throw new UsageError(problem(path, text.slice(0, 60), "an object"));
  const problems = Object.entries(conditions as object).flatMap(([key, value]) => {
    const known = keys[key as keyof AccountConditions];
    if (known === undefined) return [problem(`${path}: ${key}`, "no such condition", Object.keys(keys).join(", "))];
    return known.fits(value) ? [] : [problem(`${path}: ${key}`, JSON.stringify(value).slice(0, 120), known.expected)];
  });
  if (problems.length > 0) throw new UsageError(problems);
  return conditions as AccountConditions;
}
