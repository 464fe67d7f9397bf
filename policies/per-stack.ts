import type { PolicyResource } from "@pulumi/policy";

type Resources = readonly PolicyResource[];

/** Finds something in a stack's resources once, for every rule that asks. Who gets it must not change it. */
export function oncePerStack<Found>(find: (resources: Resources) => Found): (resources: Resources) => Found {
  const known = new WeakMap<Resources, { readonly found: Found }>();
  return (resources) => {
    let one = known.get(resources);
    if (one === undefined) {
      // What is unknown at preview is thrown, and is so to the next who asks.
      one = { found: find(resources) };
      known.set(resources, one);
    }
    return one.found;
  };
}
