import type * as sdk from "@aws-sdk/client-application-auto-scaling";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { pageOf } from "../paging";
import { Partitions } from "../partitions";
import type { World } from "../world";
import type { Memory } from "./decision";
import { pageAsked } from "./pages";
import { dimension, isPlayed } from "./resource";

/** A registered variant. */
export interface TargetState {
  readonly arn: string;
  readonly createdMs: number;
  readonly resourceId: string;
  min: number;
  max: number;
  roleArn: string;
  suspended: sdk.SuspendedState;
  memory: Memory;
}

const activitiesKept = 1000;
/** How often it is looked whether SageMaker came up with what it took. */
const watchMs = 30_000;

/** Reads and sets capacities at SageMaker, and remembers every try as a scaling activity. */
export class Capacity {
  private readonly activities = new Partitions<sdk.ScalingActivity[]>(() => []);

  constructor(private readonly world: World) {}

  describe(
    call: Call,
    input: sdk.DescribeScalingActivitiesCommandInput,
  ): Answer<sdk.DescribeScalingActivitiesCommandOutput> {
    const found = this.activities
      .of(call)
      .filter(({ ResourceId }) => isPlayed(input) && (input.ResourceId ?? ResourceId) === ResourceId)
      .reverse();
    const { items, next } = pageOf(found, ({ ActivityId = "" }) => ActivityId, pageAsked(input));
    return { ScalingActivities: items, ...(next === undefined ? {} : { NextToken: next }) };
  }

  /** @returns whether SageMaker took the new capacity; where it did not, the alarm asks again the next minute */
  async moveTo(call: Call, target: TargetState, goal: number, cause: string): Promise<boolean> {
    const nowMs = this.world.clock.now();
    const { desired, status, endpointName, variantName } = await this.variant(call, target.resourceId);
    const activity = this.activity(target, `Setting desired instance count to ${goal}.`, cause);
    try {
      if (status !== "InService") throw new AwsError("ValidationException", `the endpoint is ${status}`);
      await this.world.sagemaker.updateEndpointWeightsAndCapacities(call, {
        EndpointName: endpointName,
        DesiredWeightsAndCapacities: [{ VariantName: variantName, DesiredInstanceCount: goal }],
      });
    } catch (refusal) {
      if (!(refusal instanceof AwsError)) throw refusal;
      this.note(call, {
        ...activity,
        StatusCode: "Failed",
        StatusMessage: `Failed to set desired instance count to ${goal}: ${refusal.message}`,
      });
      return false;
    }
    const noted: sdk.ScalingActivity = {
      ...activity,
      EndTime: new Date(nowMs),
      StatusCode: "Successful",
      StatusMessage: `Successfully set desired instance count to ${goal}. Change successfully fulfilled by sagemaker.`,
    };
    this.note(call, noted);
    this.watch(call, target.resourceId, noted, goal);
    this.world.journal.add(nowMs, call, {
      kind: "scaling",
      resourceId: target.resourceId,
      from: desired,
      to: goal,
      cause,
    });
    return true;
  }

  /** SageMaker takes a capacity at once and may yet not come up with it: the activity then says so. */
  private watch(call: Call, resourceId: string, activity: sdk.ScalingActivity, goal: number): void {
    this.world.clock.after(watchMs, async () => {
      const variant = await this.variant(call, resourceId).catch(() => undefined);
      if (variant === undefined) return;
      if (variant.status === "Updating") return this.watch(call, resourceId, activity, goal);
      if (variant.failureReason === undefined || variant.desired === goal) return;
      Object.assign(activity, {
        EndTime: new Date(this.world.clock.now()),
        StatusCode: "Failed",
        StatusMessage: `Failed to set desired instance count to ${goal}: ${variant.failureReason}`,
      });
    });
  }

  private activity({ resourceId }: TargetState, description: string, cause: string) {
    return {
      ActivityId: this.world.ids.uuid(),
      ServiceNamespace: "sagemaker" as const,
      ResourceId: resourceId,
      ScalableDimension: dimension as "sagemaker:variant:DesiredInstanceCount",
      Description: description,
      Cause: cause,
      StartTime: new Date(this.world.clock.now()),
    };
  }

  private note(call: Call, activity: sdk.ScalingActivity): void {
    const activities = this.activities.of(call);
    activities.push(activity);
    this.world.keeper?.changed("applicationAutoScaling", call.region);
    if (activities.length > activitiesKept) activities.shift();
  }

  /** Remembers that a scheduled action set a target's bounds, or could not. */
  noteBounds(
    call: Call,
    target: TargetState,
    { min, max, cause, failed }: { min: number; max: number; cause: string; failed: string | undefined },
  ): void {
    this.note(call, {
      ...this.activity(target, `Setting min capacity to ${min} and max capacity to ${max}`, cause),
      StatusCode: failed === undefined ? "Successful" : "Failed",
      StatusMessage:
        failed === undefined
          ? `Successfully set min capacity to ${min} and max capacity to ${max}`
          : `Failed: ${failed}`,
    });
  }

  async variant(call: Call, id: string) {
    const [, endpointName = "", , variantName = ""] = id.split("/");
    let answer: Awaited<ReturnType<World["sagemaker"]["describeEndpoint"]>>;
    try {
      answer = await this.world.sagemaker.describeEndpoint(call, { EndpointName: endpointName });
    } catch (cause) {
      throw cause instanceof AwsError ? new AwsError("ValidationException", `${cause.message}`) : cause;
    }
    const found = answer.ProductionVariants?.find(({ VariantName }) => VariantName === variantName);
    if (found === undefined)
      throw new AwsError("ValidationException", `The endpoint ${endpointName} has no variant ${variantName}`);
    return {
      endpointName,
      variantName,
      desired: found.DesiredInstanceCount ?? 0,
      status: answer.EndpointStatus,
      failureReason: answer.FailureReason,
      async: answer.AsyncInferenceConfig !== undefined,
    };
  }
}
