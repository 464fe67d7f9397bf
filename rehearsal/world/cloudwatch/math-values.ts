import { AwsError } from "../aws-error";

/** The periods that are looked at, oldest first. */
export interface Grid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** A value for each period of the grid, undefined where there is none. */
export type Series = ReadonlyArray<number | undefined>;

export type MathValue =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "series"; readonly values: Series }
  | { readonly kind: "list"; readonly all: readonly Series[] }
  /** A function's word, such as REPEAT, or a text. */
  | { readonly kind: "word"; readonly word: string };

export function isTrue(value: number | undefined): boolean {
  return value !== undefined && value !== 0;
}

/** The series of a value; a scalar is the same at every period. */
export function seriesOf(grid: Grid, value: MathValue): readonly Series[] {
  if (value.kind === "list") return value.all;
  if (value.kind === "series") return [value.values];
  if (value.kind === "scalar") return [Array.from({ length: grid.count }, () => value.value)];
  throw wrongKind(value.word);
}

/** Two values joined by an operator, period by period; the longer side decides what comes out. */
export function combined(
  grid: Grid,
  left: MathValue,
  right: MathValue,
  operate: (left: number, right: number) => number,
): MathValue {
  if (left.kind === "scalar" && right.kind === "scalar") {
    return { kind: "scalar", value: operate(left.value, right.value) };
  }
  const pairs = pairsOf(seriesOf(grid, left), seriesOf(grid, right));
  const all = pairs.map(([one, other]) =>
    Array.from({ length: grid.count }, (_, index) => joined(left, one[index], right, other[index], operate)),
  );
  return left.kind === "list" || right.kind === "list"
    ? { kind: "list", all }
    : { kind: "series", values: all[0] ?? [] };
}

function joined(
  left: MathValue,
  one: number | undefined,
  right: MathValue,
  other: number | undefined,
  operate: (left: number, right: number) => number,
): number | undefined {
  // A scalar is there at every period, so that what it meets decides whether there is a datapoint.
  const isThere = (left.kind !== "scalar" && one !== undefined) || (right.kind !== "scalar" && other !== undefined);
  return isThere ? finite(operate(one ?? 0, other ?? 0)) : undefined;
}

function pairsOf(left: readonly Series[], right: readonly Series[]): Array<readonly [Series, Series]> {
  const length = Math.max(left.length, right.length);
  if ((left.length !== length && left.length !== 1) || (right.length !== length && right.length !== 1)) {
    throw new AwsError("ValidationError", "Invalid metrics list: two arrays of different lengths cannot be joined.");
  }
  return Array.from({ length }, (_, index) => [left[index] ?? left[0] ?? [], right[index] ?? right[0] ?? []] as const);
}

/** A division by zero leaves no datapoint. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

export function wrongKind(what: string): AwsError {
  return new AwsError("ValidationError", `Invalid metrics list: ${what} is not what the function or operator takes.`);
}
