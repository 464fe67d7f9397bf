import { AwsError } from "../aws-error";

const statistics = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];

/** @throws AwsError ValidationError */
export function checkPeriod(period: number): void {
  if (period % 60 === 0 && period >= 60) return;
  throw new AwsError(
    "ValidationError",
    `Period must be 10, 30 or a multiple of 60; this rehearsal plays multiples of 60, not ${period}.`,
  );
}

/** @throws AwsError ValidationError */
export function checkStatistic(statistic: string): void {
  if (!statistics.includes(statistic))
    throw new AwsError(
      "ValidationError",
      `Statistic ${statistic} is not played by this rehearsal: use one of ${statistics.join(", ")}.`,
    );
}

/** @throws AwsError MissingParameter */
export function required<Value>(value: Value | undefined, member: string): Value {
  if (value === undefined || value === "")
    throw new AwsError("MissingParameter", `The request must contain the parameter ${member}.`);
  return value;
}
