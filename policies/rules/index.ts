import type { Rule } from "../rule";
import { bucketAclsAreOff } from "./bucket-acls-are-off";
import { bucketsAreClosedToThePublic } from "./buckets-are-closed-to-the-public";
import { bucketsRefusePlainHttp } from "./buckets-refuse-plain-http";
import { containerAcceptsTheDeclaredPayload } from "./container-accepts-the-declared-payload";
import { containerTimeoutCoversTheInvocation } from "./container-timeout-covers-the-invocation";
import { costsCanBeAttributed } from "./costs-can-be-attributed";
import { endpointLogsExpire } from "./endpoint-logs-expire";
import { endpointLogsUseACustomerKey } from "./endpoint-logs-use-a-customer-key";
import { environmentsHoldNoSecrets } from "./environments-hold-no-secrets";
import { everyResourceNamesItsRegion } from "./every-resource-names-its-region";
import { failurePathIsNotTheResultPath } from "./failure-path-is-not-the-result-path";
import { imagesArePinnedByDigest } from "./images-are-pinned-by-digest";
import { imagesComeFromTheRegionsRegistry } from "./images-come-from-the-regions-registry";
import { instancesAreBounded } from "./instances-are-bounded";
import { invocationTimeoutIsDeclared } from "./invocation-timeout-is-declared";
import { keyPoliciesAreNotOpen } from "./key-policies-are-not-open";
import { keysRotate } from "./keys-rotate";
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
import { scalingCanLeaveZero } from "./scaling-can-leave-zero";
import { scalingNamesARealVariant } from "./scaling-names-a-real-variant";
import { scalingUsesPublishedMetrics } from "./scaling-uses-published-metrics";
import { servingRolesCanServe } from "./serving-roles-can-serve";
import { servingRolesReachOnlyTheirRegion } from "./serving-roles-reach-only-their-region";
import { servingRolesTrustOnlySagemaker } from "./serving-roles-trust-only-sagemaker";
import { subscriptionsUseTls } from "./subscriptions-use-tls";
import { timeToLiveCoversASlowStart } from "./time-to-live-covers-a-slow-start";
import { timeToLiveCoversWaking } from "./time-to-live-covers-waking";
import { topicPoliciesAreNotPublic } from "./topic-policies-are-not-public";
import { topicsAreHeard } from "./topics-are-heard";
import { topicsAreStandard } from "./topics-are-standard";
import { topicsRefusePlainHttp } from "./topics-refuse-plain-http";
import { topicsUseACustomerKey } from "./topics-use-a-customer-key";
import { trialsScaleToZero } from "./trials-scale-to-zero";
import { unfinishedUploadsAreDropped } from "./unfinished-uploads-are-dropped";
import { volumesUseACustomerKey } from "./volumes-use-a-customer-key";

/** Every rule of the pack, by name. */
export const rules: readonly Rule[] = [
  bucketAclsAreOff,
  bucketsAreClosedToThePublic,
  bucketsRefusePlainHttp,
  containerAcceptsTheDeclaredPayload,
  containerTimeoutCoversTheInvocation,
  costsCanBeAttributed,
  endpointLogsExpire,
  endpointLogsUseACustomerKey,
  environmentsHoldNoSecrets,
  everyResourceNamesItsRegion,
  failurePathIsNotTheResultPath,
  imagesArePinnedByDigest,
  imagesComeFromTheRegionsRegistry,
  instancesAreBounded,
  invocationTimeoutIsDeclared,
  keyPoliciesAreNotOpen,
  keysRotate,
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
  scalingCanLeaveZero,
  scalingNamesARealVariant,
  scalingUsesPublishedMetrics,
  servingRolesCanServe,
  servingRolesReachOnlyTheirRegion,
  servingRolesTrustOnlySagemaker,
  subscriptionsUseTls,
  timeToLiveCoversASlowStart,
  timeToLiveCoversWaking,
  topicPoliciesAreNotPublic,
  topicsAreHeard,
  topicsAreStandard,
  topicsRefusePlainHttp,
  topicsUseACustomerKey,
  trialsScaleToZero,
  unfinishedUploadsAreDropped,
  volumesUseACustomerKey,
];
