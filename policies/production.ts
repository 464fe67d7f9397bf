/** Stacks taken for production where a rule's configuration names none. */
export const productionDefault = ["prod", "prod-*", "production", "production-*"] as const;

/** The stack of a resource, from its URN. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.split(":").at(-1) ?? "";
}
