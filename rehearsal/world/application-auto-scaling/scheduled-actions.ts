import type * as sdk from "@aws-sdk/client-application-auto-scaling";
import { AwsError } from "../aws-error";
import { dueBetween, parseSchedule, type Schedule } from "./schedule";

interface ActionState {
  readonly arn: string;
  readonly createdMs: number;
  readonly schedule: Schedule;
  readonly input: sdk.PutScheduledActionCommandInput;
}

/** Bounds that an action sets when its time comes. */
export interface DueAction {
  readonly name: string;
  readonly resourceId: string;
  readonly minCapacity: number | undefined;
  readonly maxCapacity: number | undefined;
}

/** The scheduled actions of one account and region. */
export class ScheduledActions {
  private readonly actions = new Map<string, ActionState>();

  /** @throws AwsError ValidationException for a schedule, a time zone or bounds AWS would refuse */
  put(input: sdk.PutScheduledActionCommandInput, nowMs: number, newArn: () => string): void {
    const key = keyOf(input);
    const existing = this.actions.get(key);
    // What an update does not name stays as it was.
    const whole = { ...existing?.input, ...input };
    const { MinCapacity: min, MaxCapacity: max } = whole.ScalableTargetAction ?? {};
    if (whole.Schedule === undefined) throw new AwsError("ValidationException", "Schedule is required");
    if (min === undefined && max === undefined)
      throw new AwsError("ValidationException", "Min capacity or Max capacity must be specified for scheduled action");
    if (min !== undefined && max !== undefined && min > max)
      throw new AwsError(
        "ValidationException",
        `Maximum capacity cannot be less than minimum capacity (${max} < ${min})`,
      );
    const schedule = parseSchedule(whole.Schedule, whole.Timezone);
    this.actions.set(key, {
      arn: existing?.arn ?? newArn(),
      createdMs: existing?.createdMs ?? nowMs,
      schedule,
      input: whole,
    });
  }

  describe(asked: sdk.DescribeScheduledActionsCommandInput): sdk.ScheduledAction[] {
    return [...this.actions.values()]
      .filter(
        ({ input: made }) =>
          (asked.ResourceId ?? made.ResourceId) === made.ResourceId &&
          (asked.ScheduledActionNames ?? [made.ScheduledActionName]).includes(made.ScheduledActionName ?? ""),
      )
      .map(
        ({ arn, createdMs, input: made }) =>
          ({ ...made, ScheduledActionARN: arn, CreationTime: new Date(createdMs) }) as sdk.ScheduledAction,
      );
  }

  /** @returns whether there was such an action */
  delete(named: { ResourceId?: string | undefined; ScheduledActionName?: string | undefined }): boolean {
    return this.actions.delete(keyOf(named));
  }

  deleteAllOf(resourceId: string): void {
    for (const [key, { input }] of this.actions) if (input.ResourceId === resourceId) this.actions.delete(key);
  }

  /** Every action whose time falls into `(fromMs, toMs]`, between its own start and end. */
  due(fromMs: number, toMs: number): DueAction[] {
    return [...this.actions.values()]
      .filter(
        ({ schedule, input: { StartTime, EndTime } }) =>
          (StartTime === undefined || toMs >= StartTime.getTime()) &&
          (EndTime === undefined || fromMs < EndTime.getTime()) &&
          dueBetween(schedule, fromMs, toMs),
      )
      .map(({ input }) => ({
        name: input.ScheduledActionName ?? "",
        resourceId: input.ResourceId ?? "",
        minCapacity: input.ScalableTargetAction?.MinCapacity,
        maxCapacity: input.ScalableTargetAction?.MaxCapacity,
      }));
  }
}

function keyOf(named: { ResourceId?: string | undefined; ScheduledActionName?: string | undefined }): string {
  return `${named.ResourceId}\n${named.ScheduledActionName}`;
}
