import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * An asynchronous endpoint as a team wrote it by hand, in an account that already has its bucket, topics, key and role.
 * Nothing of async-fleet is in it: the policy pack judges what is registered, whoever registers it.
 */
export async function program(): Promise<Record<string, pulumi.Output<string>>> {
  const config = new pulumi.Config("plain-endpoint");
  const region = new pulumi.Config("aws").require("region");
  const wakes = config.requireBoolean("wakes");
  const errorTopic = config.get("errorTopicArn");
  const account = "123456789012";
  const keyArn = `arn:aws:kms:${region}:${account}:key/6f1ad4a0-5f0e-4c0b-9f3e-0d8d5c1b2a3f`;
  const tags = {
    team: "summaries",
    "async-fleet:max-payload-bytes": "5000000",
    "async-fleet:invocation-timeout-seconds": "600",
    "async-fleet:time-to-live-seconds": "7200",
  };

  const model = new aws.sagemaker.Model("summaries", {
    region,
    executionRoleArn: `arn:aws:iam::${account}:role/summaries-serving`,
    enableNetworkIsolation: true,
    primaryContainer: { image: `${account}.dkr.ecr.${region}.amazonaws.com/summaries:3` },
    tags,
  });
  const configuration = new aws.sagemaker.EndpointConfiguration("summaries", {
    region,
    kmsKeyArn: keyArn,
    productionVariants: [
      {
        variantName: "primary",
        modelName: model.name,
        instanceType: "ml.m5.xlarge",
        initialInstanceCount: 1,
        initialVariantWeight: 1,
      },
    ],
    asyncInferenceConfig: {
      clientConfig: { maxConcurrentInvocationsPerInstance: 4 },
      outputConfig: {
        s3OutputPath: `s3://payloads-${account}-${region}/results/`,
        s3FailurePath: config.require("failurePath"),
        kmsKeyId: keyArn,
        notificationConfig: {
          successTopic: `arn:aws:sns:${region}:${account}:summaries-done`,
          ...(errorTopic === undefined ? {} : { errorTopic }),
        },
      },
    },
    tags,
  });
  const endpoint = new aws.sagemaker.Endpoint("summaries", {
    region,
    name: "summaries",
    endpointConfigName: configuration.name,
    tags,
  });

  new aws.cloudwatch.LogGroup("summaries", {
    region,
    name: "/aws/sagemaker/Endpoints/summaries",
    retentionInDays: 30,
    kmsKeyId: keyArn,
  });

  const target = new aws.appautoscaling.Target(
    "summaries",
    {
      region,
      serviceNamespace: "sagemaker",
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      resourceId: "endpoint/summaries/variant/primary",
      minCapacity: 0,
      maxCapacity: 4,
    },
    { dependsOn: endpoint },
  );
  const onTarget = {
    region,
    serviceNamespace: target.serviceNamespace,
    scalableDimension: target.scalableDimension,
    resourceId: target.resourceId,
  };
  new aws.appautoscaling.Policy("summaries-backlog", {
    ...onTarget,
    policyType: "TargetTrackingScaling",
    targetTrackingScalingPolicyConfiguration: {
      targetValue: 5,
      scaleInCooldown: 900,
      scaleOutCooldown: 120,
      customizedMetricSpecification: {
        namespace: "AWS/SageMaker",
        metricName: "ApproximateBacklogSizePerInstance",
        statistic: "Average",
        dimensions: [{ name: "EndpointName", value: "summaries" }],
      },
    },
  });
  const alarm = {
    region,
    namespace: "AWS/SageMaker",
    dimensions: { EndpointName: "summaries" },
    period: 60,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "missing",
    tags: { team: "summaries" },
  };
  if (wakes) {
    const wake = new aws.appautoscaling.Policy("summaries-wake", {
      ...onTarget,
      policyType: "StepScaling",
      stepScalingPolicyConfiguration: {
        adjustmentType: "ChangeInCapacity",
        metricAggregationType: "Average",
        cooldown: 300,
        stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
      },
    });
    new aws.cloudwatch.MetricAlarm("summaries-wake", {
      ...alarm,
      metricName: "HasBacklogWithoutCapacity",
      statistic: "Average",
      threshold: 1,
      evaluationPeriods: 1,
      alarmActions: [wake.arn],
    });
  }
  watchEndpoint(alarm, [`arn:aws:sns:${region}:${account}:on-call`]);
  return { endpointName: endpoint.name };
}

/** What nobody would notice otherwise: nobody waits on the line of an asynchronous request. */
function watchEndpoint(
  alarm: Pick<
    aws.cloudwatch.MetricAlarmArgs,
    "region" | "namespace" | "comparisonOperator" | "treatMissingData" | "tags"
  >,
  alarmActions: string[],
): void {
  const queue = { EndpointName: "summaries" };
  const variant = { EndpointName: "summaries", VariantName: "primary" };
  const watched = [
    { metricName: "ApproximateAgeOfOldestRequest", dimensions: queue, statistic: "Maximum", threshold: 3600 },
    { metricName: "HasBacklogWithoutCapacity", dimensions: queue, statistic: "Average", threshold: 1 },
    { metricName: "ExpiredRequests", dimensions: variant, statistic: "Sum", threshold: 1 },
    { metricName: "InvocationFailures", dimensions: variant, statistic: "Sum", threshold: 1 },
    { metricName: "NotificationFailures", dimensions: variant, statistic: "Sum", threshold: 1 },
    { metricName: "ResponseUploadFailures", dimensions: variant, statistic: "Sum", threshold: 1 },
  ];
  for (const each of watched) {
    const evaluationPeriods = each.metricName === "HasBacklogWithoutCapacity" ? 15 : 1;
    new aws.cloudwatch.MetricAlarm(`summaries-${each.metricName}`, {
      ...alarm,
      ...each,
      period: 60,
      evaluationPeriods,
      alarmActions,
    });
  }
}
