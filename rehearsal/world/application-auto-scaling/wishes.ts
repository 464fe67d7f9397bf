import type * as sdk from "@aws-sdk/client-application-auto-scaling";
import type { Wish } from "./decision";
import { stepCapacity, stepFor } from "./step-scaling";
import { asksForMore } from "./tracking-alarms";

/** Application Auto Scaling's own default for sagemaker (its API's text, model of 2016-02-06). */
const cooldownSecondsDefault = 300;

/** An alarm in ALARM, as CloudWatch tells a scaling policy of it. */
export interface AlarmCall {
  readonly policyArn: string;
  readonly alarmName: string;
  /** The newest datapoint; undefined when there is none. */
  readonly metricValue: number | undefined;
  readonly threshold: number;
}

/** What a policy asks for when one of its alarms is in ALARM; nothing when no step of it fits. */
export function wishOf(policy: sdk.PutScalingPolicyCommandInput, alarm: AlarmCall): Wish | undefined {
  const { metricValue, threshold, alarmName } = alarm;
  if (metricValue === undefined) return undefined;
  const named = { policyName: policy.PolicyName ?? "", alarmName };
  const step = policy.StepScalingPolicyConfiguration;
  if (step !== undefined) {
    const chosen = stepFor(step.StepAdjustments ?? [], metricValue - threshold);
    if (chosen === undefined) return undefined;
    const cooldown = step.Cooldown ?? cooldownSecondsDefault;
    return {
      ...named,
      capacity: (base) => stepCapacity(step, chosen.ScalingAdjustment ?? 0, base),
      cooldownOutSeconds: cooldown,
      cooldownInSeconds: cooldown,
    };
  }
  const tracking = policy.TargetTrackingScalingPolicyConfiguration;
  if (tracking === undefined) return undefined;
  const more = asksForMore(alarmName);
  if (!more && tracking.DisableScaleIn === true) return undefined;
  return {
    ...named,
    capacity: (base) => {
      const wanted = Math.ceil((base * metricValue) / (tracking.TargetValue ?? 1));
      if (base === 0) return 0;
      return more ? Math.max(base + 1, wanted) : Math.min(base - 1, wanted);
    },
    cooldownOutSeconds: tracking.ScaleOutCooldown ?? cooldownSecondsDefault,
    cooldownInSeconds: tracking.ScaleInCooldown ?? cooldownSecondsDefault,
  };
}
