import { administrator } from "./world/call";
import type { World } from "./world/world";

/** Answers a program in this process that asks SageMaker what an endpoint serves; it has no AWS SDK to ask with. */
export function whatServes(world: World) {
  return async (
    region: string,
    endpointName: string,
  ): Promise<{ readonly configurationName: string; readonly failureReason?: string }> => {
    const call = { accountId: world.accountId, region, principal: administrator };
    const found = await world.sagemaker.describeEndpoint(call, { EndpointName: endpointName });
    return {
      configurationName: found.EndpointConfigName ?? "",
      ...(found.FailureReason === undefined ? {} : { failureReason: found.FailureReason }),
    };
  };
}
