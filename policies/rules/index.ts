import type { Rule } from "../rule";
import { containerAcceptsTheDeclaredPayload } from "./container-accepts-the-declared-payload";
import { containerTimeoutCoversTheInvocation } from "./container-timeout-covers-the-invocation";
import { everyResourceNamesItsRegion } from "./every-resource-names-its-region";
import { failurePathIsNotTheResultPath } from "./failure-path-is-not-the-result-path";
import { invocationTimeoutIsDeclared } from "./invocation-timeout-is-declared";
import { oneVariantAndNoCapture } from "./one-variant-and-no-capture";
import { payloadLimitIsDeclared } from "./payload-limit-is-declared";
import { regionIsSupported } from "./region-is-supported";
import { resultsAreTold } from "./results-are-told";
import { scalingCanLeaveZero } from "./scaling-can-leave-zero";
import { scalingNamesARealVariant } from "./scaling-names-a-real-variant";
import { scalingUsesPublishedMetrics } from "./scaling-uses-published-metrics";
import { timeToLiveCoversWaking } from "./time-to-live-covers-waking";

/** Every rule of the pack, by name. */
export const rules: readonly Rule[] = [
  containerAcceptsTheDeclaredPayload,
  containerTimeoutCoversTheInvocation,
  everyResourceNamesItsRegion,
  failurePathIsNotTheResultPath,
  invocationTimeoutIsDeclared,
  oneVariantAndNoCapture,
  payloadLimitIsDeclared,
  regionIsSupported,
  resultsAreTold,
  scalingCanLeaveZero,
  scalingNamesARealVariant,
  scalingUsesPublishedMetrics,
  timeToLiveCoversWaking,
];
