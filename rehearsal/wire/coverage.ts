import type { World } from "../world/world";
import { modelOf, type ServiceKey, serviceKeys } from "./schemas";

/** Which of a service's operations the rehearsal plays, by the names of AWS's API. */
export interface Coverage {
  readonly service: ServiceKey;
  readonly played: readonly string[];
  readonly notPlayed: readonly string[];
}

/** Every operation of every service played, from the AWS SDK's own schemas and the world's methods. */
export function coverage(world: World): Coverage[] {
  return serviceKeys.map((service) => {
    const names = [...modelOf(service).operations.keys()].sort();
    const methods = world[service] as unknown as Record<string, unknown>;
    const played = names.filter((name) => typeof methods[methodOf(name)] === "function");
    return { service, played, notPlayed: names.filter((name) => !played.includes(name)) };
  });
}

/** Methods are named as the operations, beginning small. */
export function methodOf(operation: string): string {
  return operation.charAt(0).toLowerCase() + operation.slice(1);
}
