import type { ResourceType } from "./resource-type";
import { appautoscalingPolicy } from "./resources/appautoscaling-policy";
import { appautoscalingScheduledAction } from "./resources/appautoscaling-scheduled-action";
import { appautoscalingTarget } from "./resources/appautoscaling-target";
import { cloudwatchDashboard } from "./resources/cloudwatch-dashboard";
import { cloudwatchLogGroup } from "./resources/cloudwatch-log-group";
import { cloudwatchMetricAlarm } from "./resources/cloudwatch-metric-alarm";
import { ecrReplicationConfiguration, ecrRepository } from "./resources/ecr";
import { iamPolicy, iamRolePolicy, iamRolePolicyAttachment } from "./resources/iam-policies";
import { iamRole } from "./resources/iam-role";
import { kmsAlias } from "./resources/kms-alias";
import { kmsKey } from "./resources/kms-key";
import { lambdaPermission } from "./resources/lambda-permission";
import { s3Bucket } from "./resources/s3-bucket";
import { s3BucketOwnershipControls, s3BucketPolicy, s3BucketPublicAccessBlock } from "./resources/s3-bucket-access";
import {
  s3BucketLifecycleConfiguration,
  s3BucketServerSideEncryptionConfiguration,
  s3BucketVersioning,
} from "./resources/s3-bucket-keeping";
import { s3BucketObject } from "./resources/s3-bucket-object";
import { sagemakerEndpoint } from "./resources/sagemaker-endpoint";
import { sagemakerEndpointConfiguration } from "./resources/sagemaker-endpoint-configuration";
import { sagemakerModel } from "./resources/sagemaker-model";
import { snsTopic } from "./resources/sns-topic";
import { snsTopicPolicy, snsTopicSubscription } from "./resources/sns-topic-parts";
import { sqsQueue, sqsQueuePolicy } from "./resources/sqs-queue";

/** Every resource type the rehearsal plays, by Pulumi's type token. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    appautoscalingPolicy,
    appautoscalingScheduledAction,
    appautoscalingTarget,
    cloudwatchDashboard,
    cloudwatchLogGroup,
    cloudwatchMetricAlarm,
    ecrReplicationConfiguration,
    ecrRepository,
    iamPolicy,
    iamRole,
    iamRolePolicy,
    iamRolePolicyAttachment,
    kmsAlias,
    kmsKey,
    lambdaPermission,
    s3Bucket,
    s3BucketLifecycleConfiguration,
    s3BucketObject,
    s3BucketOwnershipControls,
    s3BucketPolicy,
    s3BucketPublicAccessBlock,
    s3BucketServerSideEncryptionConfiguration,
    s3BucketVersioning,
    sagemakerEndpoint,
    sagemakerEndpointConfiguration,
    sagemakerModel,
    snsTopic,
    snsTopicPolicy,
    snsTopicSubscription,
    sqsQueue,
    sqsQueuePolicy,
  ].map((type) => [type.token, type]),
);
