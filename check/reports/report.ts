import type { CheckReport } from "../finding";
import { jsonReport } from "./json";
import { junitReport } from "./junit";
import { markdownReport } from "./markdown";
import { sarifReport } from "./sarif";
import { type Colors, textReport } from "./text";

export const formats = ["text", "json", "markdown", "sarif", "junit"] as const;
export type Format = (typeof formats)[number];

const plain = (text: string): string => text;
/** For files and pipes. */
export const noColors: Colors = { red: plain, yellow: plain, green: plain, dim: plain, bold: plain };

/** A report in one of the formats. */
export function renderReport(format: Format, report: CheckReport, toolVersion: string, colors: Colors): string {
  if (format === "json") return jsonReport(report);
  if (format === "markdown") return markdownReport(report);
  if (format === "sarif") return sarifReport(report, toolVersion);
  if (format === "junit") return junitReport(report);
  return textReport(report, colors);
}
