/** Stacks taken for production where a rule's configuration names none. */
export const productionDefault = ["prod", "prod-*", "production", "production-*"] as const;

/** The stack of a resource, from its URN. */
export function stackOf(urn: string): string {
  return urn.split("::")[0]?.split(":").at(-1) ?? "";
}

/** Whether a name is one of the names, in which `*` stands for any text. */
export function isOneOf(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}
