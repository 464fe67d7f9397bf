import { memoryGib } from "../../../contract/instance-memory";
import { containerStartupSecondsDefault } from "../../../contract/limits";
import type { Call } from "../call";
import type { World } from "../world";
import { type Blueprint, containersOf } from "./blueprint";
import type { InstancePlan } from "./instance";
import { checkInstanceRights } from "./role-rights";

/**
 * What every instance of a blueprint is started with, but for whom it tells of itself.
 *
 * @param call the service's own, in the endpoint's account and region
 * @param asksRights whether the role's rights are asked at the start
 */
export function planOf(
  world: World,
  call: Call,
  asRole: Call,
  { variant, model, config }: Blueprint,
  asksRights: boolean,
): Omit<InstancePlan, "onLine" | "onCrash" | "onEnded"> {
  const [container = {}] = containersOf(model);
  const pool = { region: call.region, instanceType: variant.InstanceType ?? "" };
  const gib = memoryGib(pool.instanceType);
  const subject = { container, volumeKey: config.input.KmsKeyId, vpc: model.input.VpcConfig };
  return {
    asRole,
    container,
    pool,
    taken: () => world.sagemaker.instancesOf(call, pool.instanceType),
    checkRights: () => {
      if (asksRights) checkInstanceRights(world, asRole, subject);
    },
    startupSeconds: variant.ContainerStartupHealthCheckTimeoutInSeconds ?? containerStartupSecondsDefault,
    memoryBytes: gib === undefined ? undefined : gib * 2 ** 30,
    volumeGb: variant.VolumeSizeInGB,
  };
}
