import type { Recording } from "./record-program";

/**
 * What a stack registers as `type  name  region`, sorted: the identity by which an engine knows a resource again. A line
 * that changes is a resource that is deleted and made anew, unless an alias says otherwise.
 */
export function resourceInventory({ resources }: Recording): string[] {
  return resources
    .map(({ type, name, inputs }) => `${type}  ${name}  ${typeof inputs.region === "string" ? inputs.region : "-"}`)
    .sort();
}

/** Every component type of a recording. */
export function componentTypes({ resources }: Recording): string[] {
  return [...new Set(resources.filter(({ custom }) => !custom).map(({ type }) => type))].sort();
}
