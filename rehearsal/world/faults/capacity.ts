import { AwsError } from "../aws-error";
import type { World } from "../world";
import type { Pool } from "./faults";

/** SageMaker's sentence for an instance that does not come, as its endpoints' FailureReason shows it. */
const noCapacity =
  "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. Please retry using a different ML instance type or after some time.";

/** Whether AWS has one more instance of a type for this account, with those of it that run. */
export function hasCapacity({ faults }: World, pool: Pool, taken: () => number): boolean {
  const shortage = faults.shortage(pool);
  return shortage === undefined || taken() < shortage.instancesMax;
}

/**
 * Looks for an instance until there is one.
 *
 * @param isWanted whether somebody still waits for it
 * @throws AwsError when SageMaker gives up
 */
export async function untilCapacity(
  world: World,
  pool: Pool,
  taken: () => number,
  isWanted: () => boolean,
): Promise<void> {
  const { capacityLookSeconds, capacityGivesUpSeconds } = world.assumed;
  const sinceMs = world.clock.now();
  while (isWanted() && !hasCapacity(world, pool, taken)) {
    const { givesUpMs = capacityGivesUpSeconds * 1000 } = world.faults.shortage(pool) ?? {};
    const leftMs = sinceMs + givesUpMs - world.clock.now();
    if (leftMs <= 0) throw new AwsError("InsufficientInstanceCapacity", noCapacity);
    await new Promise<void>((resolve) => {
      world.clock.after(Math.min(capacityLookSeconds * 1000, leftMs), resolve);
    });
  }
}

/**
 * @param more how many a call asks for beside those there are
 * @throws AwsError ResourceLimitExceeded when the account's endpoints may not have as many
 */
export function checkQuota({ faults }: World, pool: Pool, used: number, more: number): void {
  const quota = faults.quota(pool);
  if (quota === undefined || more <= 0 || used + more <= quota) return;
  throw new AwsError(
    "ResourceLimitExceeded",
    `The account-level service limit '${pool.instanceType} for endpoint usage' is ${quota} Instances, with current utilization of ${used} Instances and a request delta of ${more} Instances. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`,
  );
}
