import type { Kept } from "../world/keeper";
import { Partitions } from "../world/partitions";
import { fromPlain } from "../world/plain";
import { TagStore } from "../world/tags";
import type { World } from "../world/world";
import { shapes } from "./kept-shapes";

const settingsPrefix = "settings/";
/** Endpoints find their configuration and model among the rest. */
const lastPath = "sagemaker.regions.endpoints";

/** Puts into a fresh world what was kept of an earlier one. Nothing runs yet: see `World.resume`. */
export function restoreWorld(world: World, kept: Kept, endedMs: number): void {
  const places = kept.names(settingsPrefix).map((name) => {
    const [path = "", ...where] = name.slice(settingsPrefix.length).split("/");
    return { name, path, accountId: where[0] ?? "", region: where[1] ?? "" };
  });
  places.sort((left, right) => Number(left.path === lastPath) - Number(right.path === lastPath));
  for (const { name, path, accountId, region } of places) {
    const values = valuesAt(world, path, { accountId, region });
    const revive = shapes[path]?.revive;
    for (const [key, plain] of kept.collection(name)) {
      const value = fromPlain(plain);
      const whole = revive === undefined ? value : revive(value as never, world, { accountId, region, endedMs });
      if (values instanceof Map) values.set(key, whole);
      else values?.splice(0, values.length, ...(whole as unknown[]));
    }
  }
}

/** The map or list at a path, or nothing when this version has none there. */
function valuesAt(
  world: World,
  path: string,
  where: { readonly accountId: string; readonly region: string },
): Map<string, unknown> | unknown[] | undefined {
  let at: unknown = world;
  for (const name of path.split(".")) {
    at = (at as Record<string, unknown> | undefined)?.[name];
    if (at instanceof Partitions) at = at.of(where);
    if (at instanceof TagStore) at = at.all;
  }
  return at instanceof Map || Array.isArray(at) ? at : undefined;
}
