import * as asciichart from "asciichart";

/** A count that changes at points in time; `atMs` ascending. */
export type CountOverTime = ReadonlyArray<{ readonly atMs: number; readonly count: number }>;

/** The counts of several sources added up, one point for each change. */
export function addUp(sources: readonly CountOverTime[]): CountOverTime {
  const changes = sources
    .flatMap((source) =>
      source.map((point, index) => ({ atMs: point.atMs, by: point.count - (source[index - 1]?.count ?? 0) })),
    )
    .sort((left, right) => left.atMs - right.atMs);
  const sum: Array<{ atMs: number; count: number }> = [];
  let count = 0;
  for (const { atMs, by } of changes) {
    count += by;
    const last = sum.at(-1);
    if (last?.atMs === atMs) last.count = count;
    else sum.push({ atMs, count });
  }
  return sum;
}

/** The area under the line from its first point to `endMs`: with instances as the count, instance-seconds. */
export function countSeconds(line: CountOverTime, endMs: number): number {
  return line.reduce((sum, { atMs, count }, index) => {
    const untilMs = Math.min(line[index + 1]?.atMs ?? endMs, endMs);
    return sum + (count * Math.max(0, untilMs - atMs)) / 1000;
  }, 0);
}

/** A chart of at most `columns` by `rows` characters, each column showing the highest count of its slice of time. */
export function drawChart(line: CountOverTime, endMs: number, columns: number, rows: number): string {
  const startMs = line[0]?.atMs ?? endMs;
  const sliceMs = Math.max(1, (endMs - startMs) / columns);
  const heights = Array.from({ length: columns }, (_, column) => {
    const fromMs = startMs + column * sliceMs;
    const before = line.filter(({ atMs }) => atMs <= fromMs).at(-1)?.count ?? 0;
    const within = line.filter(({ atMs }) => atMs > fromMs && atMs < fromMs + sliceMs).map(({ count }) => count);
    return Math.max(before, ...within);
  });
  const top = Math.max(1, ...heights);
  const chart = asciichart.plot(heights, {
    height: Math.min(rows, top),
    min: 0,
    max: top,
    format: (value: number) => String(Math.round(value)).padStart(6),
  });
  const minutes = Math.round((endMs - startMs) / 60_000);
  return `${chart}\n${" ".repeat(7)}0${`${minutes} min`.padStart(columns)}`;
}
