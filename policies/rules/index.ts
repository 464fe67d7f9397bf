import type { Rule } from "../rule";
import { alarmPeriodsFitTheMetric } from "./alarm-periods-fit-the-metric";
import { alarmThresholdsCanBeReached } from "./alarm-thresholds-can-be-reached";
import { alarmsHaveData } from "./alarms-have-data";
import { alarmsTellSomebody } from "./alarms-tell-somebody";
import { arnsStayInTheirRegion } from "./arns-stay-in-their-region";
import { backlogTargetFitsTheConcurrency } from "./backlog-target-fits-the-concurrency";
import { bucketAclsAreOff } from "./bucket-acls-are-off";
import { bucketsAreClosedToThePublic } from "./buckets-are-closed-to-the-public";
import { bucketsRefusePlainHttp } from "./buckets-refuse-plain-http";
import { configurationCanBeReplaced } from "./configuration-can-be-replaced";
import { containerAcceptsTheDeclaredPayload } from "./container-accepts-the-declared-payload";
import { containerTimeoutCoversTheInvocation } from "./container-timeout-covers-the-invocation";
import { costsCanBeAttributed } from "./costs-can-be-attributed";
import { endpointAndItsPartsShareARegion } from "./endpoint-and-its-parts-share-a-region";
import { endpointHasOneScalableTarget } from "./endpoint-has-one-scalable-target";
import { endpointIsWatched } from "./endpoint-is-watched";
import { endpointLogsExpire } from "./endpoint-logs-expire";
import { endpointLogsUseACustomerKey } from "./endpoint-logs-use-a-customer-key";
import { endpointNamesAreUnique } from "./endpoint-names-are-unique";
import { environmentsHoldNoSecrets } from "./environments-hold-no-secrets";
import { everyResourceNamesItsRegion } from "./every-resource-names-its-region";
import { failurePathIsNotTheResultPath } from "./failure-path-is-not-the-result-path";
import { imagesArePinnedByDigest } from "./images-are-pinned-by-digest";
import { imagesComeFromTheRegionsRegistry } from "./images-come-from-the-regions-registry";
import { instanceFamilyServesAsynchronously } from "./instance-family-serves-asynchronously";
import { instanceTypeIsOffered } from "./instance-type-is-offered";
import { instancesAreBounded } from "./instances-are-bounded";
import { invocationTimeoutIsDeclared } from "./invocation-timeout-is-declared";
import { keyPoliciesAreNotOpen } from "./key-policies-are-not-open";
import { keysRotate } from "./keys-rotate";
import { managedInstanceScalingStandsAlone } from "./managed-instance-scaling-stands-alone";
import { modelIsOnePlainContainer } from "./model-is-one-plain-container";
import { modelsAreIsolated } from "./models-are-isolated";
import { modelsRunInAVpc } from "./models-run-in-a-vpc";
import { noticeQueueKeysLetTopicsIn } from "./notice-queue-keys-let-topics-in";
import { noticeQueuesHaveADeadLetterQueue } from "./notice-queues-have-a-dead-letter-queue";
import { noticeQueuesHearOnlyTheirTopics } from "./notice-queues-hear-only-their-topics";
import { noticeQueuesRefusePlainHttp } from "./notice-queues-refuse-plain-http";
import { noticeQueuesUseACustomerKey } from "./notice-queues-use-a-customer-key";
import { noticesOutliveTheirRequests } from "./notices-outlive-their-requests";
import { oneVariantAndNoCapture } from "./one-variant-and-no-capture";
import { payloadBucketsAreInTheEndpointsRegion } from "./payload-buckets-are-in-the-endpoints-region";
import { payloadBucketsUseACustomerKey } from "./payload-buckets-use-a-customer-key";
import { payloadLimitIsDeclared } from "./payload-limit-is-declared";
import { payloadsExpire } from "./payloads-expire";
import { payloadsFitInMemory } from "./payloads-fit-in-memory";
import { payloadsSurviveDestroy } from "./payloads-survive-destroy";
import { regionIsSupported } from "./region-is-supported";
import { responsesStayOutOfNotices } from "./responses-stay-out-of-notices";
import { resultPathsAreS3Uris } from "./result-paths-are-s3-uris";
import { resultsAreTold } from "./results-are-told";
import { resultsOutliveTheirNotices } from "./results-outlive-their-notices";
import { resultsUseACustomerKey } from "./results-use-a-customer-key";
import { rolePoliciesNameTheirActions } from "./role-policies-name-their-actions";
import { rolePoliciesNameTheirResources } from "./role-policies-name-their-resources";
import { rolesHaveNoFullAccess } from "./roles-have-no-full-access";
import { rollbackAlarmsExist } from "./rollback-alarms-exist";
import { scaleInSparesRunningRequests } from "./scale-in-spares-running-requests";
import { scalingBoundsAreInOrder } from "./scaling-bounds-are-in-order";
import { scalingCanLeaveZero } from "./scaling-can-leave-zero";
import { scalingFollowsItsOwnEndpoint } from "./scaling-follows-its-own-endpoint";
import { scalingIsNotSuspended } from "./scaling-is-not-suspended";
import { scalingNamesARealVariant } from "./scaling-names-a-real-variant";
import { scalingUsesPublishedMetrics } from "./scaling-uses-published-metrics";
import { scheduledFloorsAreLoweredAgain } from "./scheduled-floors-are-lowered-again";
import { servingRolesCanServe } from "./serving-roles-can-serve";
import { servingRolesReachOnlyTheirRegion } from "./serving-roles-reach-only-their-region";
import { servingRolesTrustOnlySagemaker } from "./serving-roles-trust-only-sagemaker";
import { stepAdjustmentsAreWellFormed } from "./step-adjustments-are-well-formed";
import { stepsAnswerTheirAlarms } from "./steps-answer-their-alarms";
import { subscriptionsUseTls } from "./subscriptions-use-tls";
import { targetTrackingAlarmsAreLeftAlone } from "./target-tracking-alarms-are-left-alone";
import { timeToLiveCoversASlowStart } from "./time-to-live-covers-a-slow-start";
import { timeToLiveCoversWaking } from "./time-to-live-covers-waking";
import { topicPoliciesAreNotPublic } from "./topic-policies-are-not-public";
import { topicsAreHeard } from "./topics-are-heard";
import { topicsAreStandard } from "./topics-are-standard";
import { topicsRefusePlainHttp } from "./topics-refuse-plain-http";
import { topicsUseACustomerKey } from "./topics-use-a-customer-key";
import { trialsScaleToZero } from "./trials-scale-to-zero";
import { unfinishedUploadsAreDropped } from "./unfinished-uploads-are-dropped";
import { updateStepsAreWithinLimits } from "./update-steps-are-within-limits";
import { updatesAreGuarded } from "./updates-are-guarded";
import { variantNameIsFixed } from "./variant-name-is-fixed";
import { variantsStartWithTwoInstances } from "./variants-start-with-two-instances";
import { volumesUseACustomerKey } from "./volumes-use-a-customer-key";
import { wakeStepBringsAnInstance } from "./wake-step-brings-an-instance";

/** Every rule of the pack, by name. */
export const rules: readonly Rule[] = [
  alarmPeriodsFitTheMetric,
  alarmThresholdsCanBeReached,
  alarmsHaveData,
  alarmsTellSomebody,
  arnsStayInTheirRegion,
  backlogTargetFitsTheConcurrency,
  bucketAclsAreOff,
  bucketsAreClosedToThePublic,
  bucketsRefusePlainHttp,
  configurationCanBeReplaced,
  containerAcceptsTheDeclaredPayload,
  containerTimeoutCoversTheInvocation,
  costsCanBeAttributed,
  endpointAndItsPartsShareARegion,
  endpointHasOneScalableTarget,
  endpointIsWatched,
  endpointLogsExpire,
  endpointLogsUseACustomerKey,
  endpointNamesAreUnique,
  environmentsHoldNoSecrets,
  everyResourceNamesItsRegion,
  failurePathIsNotTheResultPath,
  imagesArePinnedByDigest,
  imagesComeFromTheRegionsRegistry,
  instanceFamilyServesAsynchronously,
  instanceTypeIsOffered,
  instancesAreBounded,
  invocationTimeoutIsDeclared,
  keyPoliciesAreNotOpen,
  keysRotate,
  managedInstanceScalingStandsAlone,
  modelIsOnePlainContainer,
  modelsAreIsolated,
  modelsRunInAVpc,
  noticeQueueKeysLetTopicsIn,
  noticeQueuesHaveADeadLetterQueue,
  noticeQueuesHearOnlyTheirTopics,
  noticeQueuesRefusePlainHttp,
  noticeQueuesUseACustomerKey,
  noticesOutliveTheirRequests,
  oneVariantAndNoCapture,
  payloadBucketsAreInTheEndpointsRegion,
  payloadBucketsUseACustomerKey,
  payloadLimitIsDeclared,
  payloadsExpire,
  payloadsFitInMemory,
  payloadsSurviveDestroy,
  regionIsSupported,
  responsesStayOutOfNotices,
  resultPathsAreS3Uris,
  resultsAreTold,
  resultsOutliveTheirNotices,
  resultsUseACustomerKey,
  rolePoliciesNameTheirActions,
  rolePoliciesNameTheirResources,
  rolesHaveNoFullAccess,
  rollbackAlarmsExist,
  scaleInSparesRunningRequests,
  scalingBoundsAreInOrder,
  scalingCanLeaveZero,
  scalingFollowsItsOwnEndpoint,
  scalingIsNotSuspended,
  scalingNamesARealVariant,
  scalingUsesPublishedMetrics,
  scheduledFloorsAreLoweredAgain,
  servingRolesCanServe,
  servingRolesReachOnlyTheirRegion,
  servingRolesTrustOnlySagemaker,
  stepAdjustmentsAreWellFormed,
  stepsAnswerTheirAlarms,
  subscriptionsUseTls,
  targetTrackingAlarmsAreLeftAlone,
  timeToLiveCoversASlowStart,
  timeToLiveCoversWaking,
  topicPoliciesAreNotPublic,
  topicsAreHeard,
  topicsAreStandard,
  topicsRefusePlainHttp,
  topicsUseACustomerKey,
  trialsScaleToZero,
  unfinishedUploadsAreDropped,
  updateStepsAreWithinLimits,
  updatesAreGuarded,
  variantNameIsFixed,
  variantsStartWithTwoInstances,
  volumesUseACustomerKey,
  wakeStepBringsAnInstance,
];
