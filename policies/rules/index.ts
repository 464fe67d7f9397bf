import type { Rule } from "../rule";
import { bucketAclsAreOff } from "./bucket-acls-are-off";
import { bucketsAreClosedToThePublic } from "./buckets-are-closed-to-the-public";
import { bucketsRefusePlainHttp } from "./buckets-refuse-plain-http";
import { containerAcceptsTheDeclaredPayload } from "./container-accepts-the-declared-payload";
import { containerTimeoutCoversTheInvocation } from "./container-timeout-covers-the-invocation";
import { everyResourceNamesItsRegion } from "./every-resource-names-its-region";
import { failurePathIsNotTheResultPath } from "./failure-path-is-not-the-result-path";
import { invocationTimeoutIsDeclared } from "./invocation-timeout-is-declared";
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
import { payloadsSurviveDestroy } from "./payloads-survive-destroy";
import { regionIsSupported } from "./region-is-supported";
import { responsesStayOutOfNotices } from "./responses-stay-out-of-notices";
import { resultPathsAreS3Uris } from "./result-paths-are-s3-uris";
import { resultsAreTold } from "./results-are-told";
import { resultsOutliveTheirNotices } from "./results-outlive-their-notices";
import { resultsUseACustomerKey } from "./results-use-a-customer-key";
import { scalingCanLeaveZero } from "./scaling-can-leave-zero";
import { scalingNamesARealVariant } from "./scaling-names-a-real-variant";
import { scalingUsesPublishedMetrics } from "./scaling-uses-published-metrics";
import { subscriptionsUseTls } from "./subscriptions-use-tls";
import { timeToLiveCoversWaking } from "./time-to-live-covers-waking";
import { topicPoliciesAreNotPublic } from "./topic-policies-are-not-public";
import { topicsAreHeard } from "./topics-are-heard";
import { topicsAreStandard } from "./topics-are-standard";
import { topicsRefusePlainHttp } from "./topics-refuse-plain-http";
import { topicsUseACustomerKey } from "./topics-use-a-customer-key";
import { unfinishedUploadsAreDropped } from "./unfinished-uploads-are-dropped";

/** Every rule of the pack, by name. */
export const rules: readonly Rule[] = [
  bucketAclsAreOff,
  bucketsAreClosedToThePublic,
  bucketsRefusePlainHttp,
  containerAcceptsTheDeclaredPayload,
  containerTimeoutCoversTheInvocation,
  everyResourceNamesItsRegion,
  failurePathIsNotTheResultPath,
  invocationTimeoutIsDeclared,
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
  payloadsSurviveDestroy,
  regionIsSupported,
  responsesStayOutOfNotices,
  resultPathsAreS3Uris,
  resultsAreTold,
  resultsOutliveTheirNotices,
  resultsUseACustomerKey,
  scalingCanLeaveZero,
  scalingNamesARealVariant,
  scalingUsesPublishedMetrics,
  subscriptionsUseTls,
  timeToLiveCoversWaking,
  topicPoliciesAreNotPublic,
  topicsAreHeard,
  topicsAreStandard,
  topicsRefusePlainHttp,
  topicsUseACustomerKey,
  unfinishedUploadsAreDropped,
];
