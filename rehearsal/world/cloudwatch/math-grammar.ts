import jsep, { type Expression } from "jsep";
import { AwsError } from "../aws-error";

/** A metric math expression, read: names are the ids of metrics and of other expressions, or words of a function. */
export type MathNode =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "negated"; readonly of: MathNode }
  | { readonly kind: "operation"; readonly operator: string; readonly left: MathNode; readonly right: MathNode }
  | { readonly kind: "list"; readonly items: readonly MathNode[] }
  | { readonly kind: "call"; readonly name: string; readonly given: readonly MathNode[] };

/** CloudWatch's operators, the loosest first (user guide, using-metric-math, read 2026-11-25; the order is the usual one). */
const precedences: ReadonlyArray<readonly string[]> = [
  ["OR", "||"],
  ["AND", "&&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];
const same: Readonly<Record<string, string>> = { "||": "OR", "&&": "AND" };

jsep.removeAllBinaryOps();
jsep.removeAllUnaryOps();
jsep.removeAllLiterals();
jsep.addUnaryOp("-");
precedences.forEach((operators, index) => {
  for (const operator of operators) jsep.addBinaryOp(operator, index + 1, operator === "^");
});

/** @throws AwsError ValidationError for text that is no metric math */
export function parseMath(text: string): MathNode {
  let tree: Expression;
  try {
    tree = jsep(text);
  } catch (cause) {
    throw invalid(text, (cause as Error).message);
  }
  return nodeOf(tree, text);
}

/** Every name an expression uses that is not a function's. */
export function namesIn(node: MathNode): string[] {
  switch (node.kind) {
    case "name":
      return [node.name];
    case "negated":
      return namesIn(node.of);
    case "operation":
      return [...namesIn(node.left), ...namesIn(node.right)];
    case "list":
      return node.items.flatMap(namesIn);
    case "call":
      return node.given.flatMap(namesIn);
    default:
      return [];
  }
}

function nodeOf(tree: Expression, text: string): MathNode {
  const inner = (part: unknown): MathNode => nodeOf(part as Expression, text);
  switch (tree.type) {
    case "Literal":
      return typeof tree.value === "number"
        ? { kind: "number", value: tree.value }
        : { kind: "text", value: String(tree.value) };
    case "Identifier":
      return { kind: "name", name: String(tree.name) };
    case "UnaryExpression":
      return { kind: "negated", of: inner(tree.argument) };
    case "BinaryExpression": {
      const operator = String(tree.operator);
      return {
        kind: "operation",
        operator: same[operator] ?? operator,
        left: inner(tree.left),
        right: inner(tree.right),
      };
    }
    case "ArrayExpression":
      return { kind: "list", items: (tree.elements as unknown[]).map(inner) };
    case "CallExpression": {
      const callee = tree.callee as Expression;
      if (callee.type !== "Identifier") throw invalid(text, "only functions can be called");
      return { kind: "call", name: String(callee.name), given: (tree.arguments as unknown[]).map(inner) };
    }
    default:
      throw invalid(text, "it is not one expression");
  }
}

function invalid(text: string, why: string): AwsError {
  return new AwsError("ValidationError", `Invalid metrics list: the expression "${text}" cannot be read: ${why}`);
}
