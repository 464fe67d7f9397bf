import { AwsError } from "../aws-error";
import { functionNamed, isWord } from "./math-functions";
import { type MathNode, namesIn, parseMath } from "./math-grammar";
import { combined, type Grid, isTrue, type MathValue, type Series, seriesOf } from "./math-values";

/** A metric's datapoints, or an expression over them. */
export type MathQuery =
  | { readonly id: string; readonly values: Series }
  | { readonly id: string; readonly expression: string };

/** What an expression may ask for beside its arguments. */
export interface MathContext {
  readonly grid: Grid;
  /** Every metric of the request by its id; expressions are not among them. */
  readonly metrics: ReadonlyMap<string, Series>;
}

/**
 * The value of every query, as CloudWatch computes metric math (user guide, using-metric-math, read 2026-11-25): a value
 * that is missing on one side counts as 0, a division by zero drops the datapoint.
 *
 * @throws AwsError ValidationError for an expression that cannot be read, is not played, or uses what is not there
 */
export function evaluateQueries(queries: readonly MathQuery[], grid: Grid): Map<string, MathValue> {
  const metrics = new Map(queries.flatMap((query) => ("values" in query ? [[query.id, query.values] as const] : [])));
  const trees = new Map(
    queries.flatMap((query) => ("expression" in query ? [[query.id, parseMath(query.expression)] as const] : [])),
  );
  const found = new Map<string, MathValue>([...metrics].map(([id, values]) => [id, { kind: "series", values }]));
  const underWay = new Set<string>();
  const resolve = (id: string): MathValue => {
    const known = found.get(id);
    if (known !== undefined) return known;
    const tree = trees.get(id);
    if (tree === undefined) throw invalid(`it uses ${id}, which is no id of the request`);
    if (underWay.has(id)) throw invalid(`${id} is computed from itself`);
    underWay.add(id);
    for (const name of namesIn(tree)) if (!isWord(name)) resolve(name);
    const value = evaluate(tree, { grid, metrics }, found);
    found.set(id, value);
    return value;
  };
  for (const { id } of queries) resolve(id);
  return found;
}

function evaluate(node: MathNode, context: MathContext, known: ReadonlyMap<string, MathValue>): MathValue {
  const inner = (part: MathNode): MathValue => evaluate(part, context, known);
  switch (node.kind) {
    case "number":
      return { kind: "scalar", value: node.value };
    case "text":
      return { kind: "word", word: node.value };
    case "name": {
      const value = known.get(node.name);
      return value ?? { kind: "word", word: node.name };
    }
    case "negated":
      return combined(context.grid, { kind: "scalar", value: -1 }, inner(node.of), (left, right) => left * right);
    case "operation":
      return combined(context.grid, inner(node.left), inner(node.right), operations[node.operator] ?? never);
    case "list":
      return { kind: "list", all: node.items.flatMap((item) => seriesOf(context.grid, inner(item))) };
    case "call":
      return functionNamed(node.name)(node.given.map(inner), context);
  }
}

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "<": (left, right) => Number(left < right),
  ">": (left, right) => Number(left > right),
  "<=": (left, right) => Number(left <= right),
  ">=": (left, right) => Number(left >= right),
  AND: (left, right) => Number(isTrue(left) && isTrue(right)),
  OR: (left, right) => Number(isTrue(left) || isTrue(right)),
};

function never(): number {
  throw invalid("it has an operator that is none of CloudWatch's");
}

function invalid(why: string): AwsError {
  return new AwsError("ValidationError", `Invalid metrics list: an expression cannot be evaluated: ${why}`);
}
