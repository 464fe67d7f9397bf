/** Whether a text is one of the patterns, in which `*` stands for any text and `?` for one letter, as in AWS's policies. */
export function isOneOf(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern === text || (/[*?]/.test(pattern) && expression(pattern).test(text)));
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  let made = expressions.get(pattern);
  if (made === undefined) {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    made = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
    expressions.set(pattern, made);
  }
  return made;
}
