import { AwsError } from "../aws-error";
import { combined, finite, isTrue, type MathValue, type Series, seriesOf, wrongKind } from "./math-values";
import type { MathContext } from "./metric-math";

type MathFunction = (given: readonly MathValue[], context: MathContext) => MathValue;

/** Words that functions take beside values. */
const words = ["REPEAT", "LINEAR"];
/** Functions of CloudWatch that this rehearsal does not play. */
const notPlayed = [
  "ANOMALY_DETECTION_BAND",
  "DB_PERF_INSIGHTS",
  "INSIGHT_RULE_METRIC",
  "LAMBDA",
  "SEARCH",
  "SERVICE_QUOTA",
  "SORT",
  "SLICE",
];

export function isWord(name: string): boolean {
  return words.includes(name);
}

/** @throws AwsError ValidationError for a function that there is not, or that is not played */
export function functionNamed(name: string): MathFunction {
  const found = functions[name];
  if (found !== undefined) return found;
  throw new AwsError(
    "ValidationError",
    notPlayed.includes(name)
      ? `The metric math function ${name} is not played by this rehearsal. It plays ${Object.keys(functions).join(", ")}.`
      : `Invalid metrics list: ${name} is no function of metric math.`,
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const average = (values: readonly number[]): number => sum(values) / values.length;
const deviation = (values: readonly number[]): number =>
  Math.sqrt(average(values.map((value) => (value - average(values)) ** 2)));

/** Of one series a number, of several a series in which a missing value counts as 0. */
function summary(of: (values: readonly number[]) => number): MathFunction {
  return ([value], { grid }) => {
    if (value?.kind === "series") {
      const there = value.values.filter((each) => each !== undefined);
      return { kind: "scalar", value: there.length === 0 ? 0 : of(there) };
    }
    if (value?.kind !== "list") throw wrongKind("a number");
    const all = value.all;
    return {
      kind: "series",
      values: Array.from({ length: grid.count }, (_, index) => {
        const column = all.map((each) => each[index]);
        return column.every((each) => each === undefined) ? undefined : finite(of(column.map((each) => each ?? 0)));
      }),
    };
  };
}

/** One series after another, each by itself. */
function each(change: (values: Series, context: MathContext) => Series): MathFunction {
  return ([value], context) => {
    if (value?.kind === "series") return { kind: "series", values: change(value.values, context) };
    if (value?.kind !== "list") throw wrongKind("a number");
    return { kind: "list", all: value.all.map((series) => change(series, context)) };
  };
}

function pointwise(of: (value: number) => number): MathFunction {
  return each((values) => values.map((value) => (value === undefined ? undefined : finite(of(value)))));
}

/** A value made of each datapoint and the one before it. */
function stepwise(of: (value: number, before: number, seconds: number) => number): MathFunction {
  return each((values, { grid }) => {
    let last: { readonly value: number; readonly index: number } | undefined;
    return values.map((value, index) => {
      if (value === undefined) return undefined;
      const before = last;
      last = { value, index };
      return before === undefined
        ? undefined
        : finite(of(value, before.value, ((index - before.index) * grid.stepMs) / 1000));
    });
  });
}

function ofTime(of: (date: Date) => number): MathFunction {
  return (_given, { grid }) => ({
    kind: "series",
    values: Array.from({ length: grid.count }, (_, index) => of(new Date(grid.startMs + index * grid.stepMs))),
  });
}

const functions: Readonly<Record<string, MathFunction>> = {
  ABS: pointwise(Math.abs),
  CEIL: pointwise(Math.ceil),
  FLOOR: pointwise(Math.floor),
  LOG: pointwise(Math.log),
  LOG10: pointwise(Math.log10),
  AVG: summary(average),
  MAX: summary((values) => Math.max(...values)),
  MIN: summary((values) => Math.min(...values)),
  STDDEV: summary(deviation),
  SUM: summary(sum),
  DATAPOINT_COUNT: ([value], { grid }) => {
    if (value?.kind === "series")
      return { kind: "scalar", value: value.values.filter((one) => one !== undefined).length };
    if (value?.kind !== "list") throw wrongKind("a number");
    const { all } = value;
    return {
      kind: "series",
      values: Array.from({ length: grid.count }, (_, index) => all.filter((one) => one[index] !== undefined).length),
    };
  },
  DIFF: stepwise((value, before) => value - before),
  DIFF_TIME: stepwise((_value, _before, seconds) => seconds),
  RATE: stepwise((value, before, seconds) => (value - before) / seconds),
  RUNNING_SUM: each((values) => {
    let total = 0;
    return values.map((value) => {
      total += value ?? 0;
      return value === undefined ? undefined : total;
    });
  }),
  FILL: fill,
  IF: choose,
  FIRST: ([value]) => ({ kind: "series", values: listOf(value)[0] ?? [] }),
  LAST: ([value]) => ({ kind: "series", values: listOf(value).at(-1) ?? [] }),
  METRIC_COUNT: ([value]) => ({ kind: "scalar", value: listOf(value).length }),
  REMOVE_EMPTY: ([value]) => ({
    kind: "list",
    all: listOf(value).filter((series) => series.some((one) => one !== undefined)),
  }),
  METRICS: ([part], { metrics }) => ({
    kind: "list",
    all: [...metrics]
      .filter(([id]) => part === undefined || (part.kind === "word" && id.includes(part.word)))
      .map(([, values]) => values),
  }),
  PERIOD: (_given, { grid }) => ({ kind: "scalar", value: grid.stepMs / 1000 }),
  TIME_SERIES: ([value], { grid }) => {
    if (value?.kind !== "scalar") throw wrongKind("a series");
    return { kind: "series", values: seriesOf(grid, value)[0] ?? [] };
  },
  MINUTE: ofTime((date) => date.getUTCMinutes()),
  HOUR: ofTime((date) => date.getUTCHours()),
  // Monday is 1, Sunday 7.
  DAY: ofTime((date) => date.getUTCDay() || 7),
  DATE: ofTime((date) => date.getUTCDate()),
  MONTH: ofTime((date) => date.getUTCMonth() + 1),
  YEAR: ofTime((date) => date.getUTCFullYear()),
  EPOCH: ofTime((date) => Math.floor(date.getTime() / 1000)),
};

function listOf(value: MathValue | undefined): readonly Series[] {
  if (value?.kind !== "list") throw wrongKind("one series or number");
  return value.all;
}

function fill(given: readonly MathValue[], context: MathContext): MathValue {
  const [value, filler] = given;
  if (value === undefined || filler === undefined || given.length !== 2) throw wrongKind("FILL without two arguments");
  const filled = (values: Series): Series => {
    if (filler.kind === "word") return filler.word === "REPEAT" ? repeated(values) : straight(values, filler.word);
    const [other = []] = seriesOf(context.grid, filler);
    return values.map((one, index) => one ?? other[index]);
  };
  return each(filled)([value], context);
}

function repeated(values: Series): Series {
  let last: number | undefined;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** Between two datapoints a straight line; before the first and after the last there is nothing to draw it to. */
function straight(values: Series, word: string): Series {
  if (word !== "LINEAR") throw wrongKind(word);
  return values.map((value, index) => {
    if (value !== undefined) return value;
    const before = values.findLastIndex((one, at) => at < index && one !== undefined);
    const after = values.findIndex((one, at) => at > index && one !== undefined);
    if (before < 0 || after < 0) return undefined;
    const [from = 0, to = 0] = [values[before], values[after]];
    return from + ((to - from) * (index - before)) / (after - before);
  });
}

/** IF: where the condition has no datapoint there is none; one that is true without a value counts as 0. */
function choose(given: readonly MathValue[], { grid }: MathContext): MathValue {
  const [condition, whenTrue, whenFalse] = given;
  if (condition === undefined || whenTrue === undefined || given.length > 3)
    throw wrongKind("IF without 2 or 3 arguments");
  if (condition.kind === "scalar") {
    const chosen = isTrue(condition.value) ? whenTrue : whenFalse;
    return chosen === undefined
      ? { kind: "series", values: Array.from({ length: grid.count }, () => undefined) }
      : combined(grid, { kind: "scalar", value: 0 }, chosen, (zero, value) => zero + value);
  }
  if (condition.kind !== "series") throw wrongKind("an array of series as a condition");
  const [yes = []] = seriesOf(grid, whenTrue);
  const [no = []] = whenFalse === undefined ? [[]] : seriesOf(grid, whenFalse);
  return {
    kind: "series",
    values: condition.values.map((value, index) =>
      value === undefined ? undefined : isTrue(value) ? (yes[index] ?? 0) : no[index],
    ),
  };
}
