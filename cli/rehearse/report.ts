import Table from "cli-table3";
import type { Terminal } from "../terminal";
import { type CountOverTime, countSeconds, drawChart } from "./chart";
import type { StepResult } from "./steps";

/** One request as the rehearsal saw it, times in virtual seconds. */
export interface RequestRow {
  readonly region: string;
  readonly payload: string;
  readonly payloadBytes: number;
  readonly outcome: string;
  /** From acceptance to the start of its work. */
  readonly waitedSeconds: number;
  /** From the start to the end. */
  readonly ranSeconds: number;
  /** When its work began, counted from the deployment's begin. */
  readonly startedAtSeconds: number;
  readonly answer: string;
  readonly location: string;
  readonly notice: string;
}

export interface ContainerUse {
  readonly count: number;
  /** Of all of them together. */
  readonly cpuSeconds: number;
  /** Of the one that held the most. */
  readonly peakMemoryBytes: number;
}

export interface RehearsalReport {
  readonly stack: string;
  readonly engine: string;
  readonly held: boolean;
  readonly steps: readonly StepResult[];
  readonly requests: readonly RequestRow[];
  /** Paid instances of all regions together. */
  readonly instances: CountOverTime;
  readonly regions: number;
  readonly virtualSeconds: number;
  readonly instanceSeconds: number;
  /** What one instance in each region, always on, would have used. */
  readonly alwaysOnInstanceSeconds: number;
  /** What the containers used of this machine, where it was measured. @default - nothing was */
  readonly containers?: ContainerUse;
  readonly stateBytes: number;
  readonly wallSeconds: number;
}

/** The area under the instances' line. */
export function instanceSecondsOf(line: CountOverTime, endMs: number): number {
  return Math.round(countSeconds(line, endMs));
}

/** What a rehearsal shows when it is over: the requests, the instances over time, and what was paid for. */
export function renderReport(report: RehearsalReport, terminal: Terminal): string {
  const { colors } = terminal;
  const many = report.regions > 1;
  const table = new Table({
    head: [
      ...(many ? ["region"] : []),
      "payload",
      "bytes",
      "waited",
      "started",
      "ran",
      "outcome",
      "answer",
      "notice",
      "result",
    ],
    style: { head: [], border: [], compact: true },
  });
  for (const row of report.requests) {
    table.push([
      ...(many ? [row.region] : []),
      row.payload,
      row.payloadBytes.toLocaleString("en"),
      minutes(row.waitedSeconds),
      minutes(row.startedAtSeconds),
      `${row.ranSeconds.toFixed(1)} s`,
      row.outcome === "completed" ? colors.green(row.outcome) : colors.yellow(row.outcome),
      row.answer,
      row.notice,
      shortened(row.location, many ? 32 : 40),
    ]);
  }
  const first = report.instances[0]?.atMs ?? 0;
  const endMs = first + report.virtualSeconds * 1000;
  const share =
    report.alwaysOnInstanceSeconds === 0 ? 0 : (report.instanceSeconds / report.alwaysOnInstanceSeconds) * 100;
  return [
    "",
    table.toString(),
    "",
    `Instances over ${Math.round(report.virtualSeconds / 60)} minutes of AWS's time${many ? ", all regions together" : ""}`,
    drawChart(report.instances, endMs, Math.min(90, terminal.width - 10), 8),
    "",
    `${report.instanceSeconds.toLocaleString("en")} instance-seconds used; always on it would have been ` +
      `${report.alwaysOnInstanceSeconds.toLocaleString("en")} (${share.toFixed(0)} % of that). ` +
      "Idle between bursts, the share falls further: zero instances cost nothing.",
    ...(report.containers === undefined ? [] : [useOf(report.containers)]),
    `${report.held ? colors.green("Every step held.") : colors.red("A step did not hold.")} ` +
      `${report.wallSeconds.toFixed(1)} s on this machine, engine ${report.engine}${report.stateBytes > 0 ? `, state ${Math.round(report.stateBytes / 1024)} KB` : ""}.`,
    "What this does not prove: that AWS accepts every value, that a quota or the capacity is there, real start-up times,",
    "and cryptography. Times of AWS are assumed: 4 minutes for an instance to start.",
  ].join("\n");
}

function useOf({ count, cpuSeconds, peakMemoryBytes }: ContainerUse): string {
  return `${count} containers used ${cpuSeconds.toFixed(1)} s of processor time; the largest held ${Math.round(peakMemoryBytes / 2 ** 20)} MiB.`;
}

function minutes(exactSeconds: number): string {
  const seconds = Math.round(exactSeconds);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most / 2 - 1)}…${text.slice(-most / 2)}`;
}
