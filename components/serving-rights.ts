import { prefixes } from "../contract/requests";
import { arnFor, endpointName, type RegionContext } from "./context";
import { rollbackAlarmArns } from "./deployment-config";
import { hasLocalStorage } from "./local-storage";
import type { Statement } from "./policy-document";
import type { ServingRoleArgs } from "./serving-role";

/** What the serving role may do; without any one of these something named fails (test/components/serving-rights.test.ts). */
export function servingRights(args: ServingRoleArgs, keyArn: string): Statement[] {
  const { context, bucketArn } = args;
  const logGroup = arnFor(context, "logs", `log-group:/aws/sagemaker/Endpoints/${endpointName(context)}`);
  return [
    {
      Sid: "ReadInputsAndModel",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: [
        `${bucketArn}/${prefixes.inputs}*`,
        `${bucketArn}/${prefixes.model}*`,
        ...givenModel(args.modelDataUri),
      ],
    },
    {
      Sid: "WriteResults",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: `${bucketArn}/${prefixes.results}*`,
    },
    { Sid: "WriteFailures", Effect: "Allow", Action: "s3:PutObject", Resource: `${bucketArn}/${prefixes.failures}*` },
    // Model files under a prefix are found by listing, and without it a missing input reads as a denial.
    { Sid: "FindFiles", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
    ...givenPrefix(args.modelDataUri),
    { Sid: "TellCallers", Effect: "Allow", Action: "sns:Publish", Resource: args.topicArns },
    { Sid: "UseTheKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn },
    ...(hasLocalStorage(context.settings.endpoint.instanceType) ? [] : [encryptVolumes(keyArn)]),
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: `${logGroup}:*`,
    },
    {
      Sid: "PublishMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      // Which of the two namespaces needs the role is not published.
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/Endpoints"] } },
    },
    ...watchRights(context),
    ...imageRights(args.image),
    ...networkRights(context),
  ];
}

function encryptVolumes(keyArn: string): Statement {
  return {
    Sid: "EncryptVolumes",
    Effect: "Allow",
    Action: "kms:CreateGrant",
    Resource: keyArn,
    Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  };
}

function givenModel(uri: string | undefined): string[] {
  if (uri === undefined) return [];
  const path = uri.slice("s3://".length);
  return [`arn:aws:s3:::${path}${path.endsWith("/") ? "*" : ""}`];
}

/** A model given as a prefix in somebody else's bucket is found by listing that prefix. */
function givenPrefix(uri: string | undefined): Statement[] {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*\/)$/.exec(uri ?? "") ?? [];
  if (bucket === undefined || prefix === undefined) return [];
  return [
    {
      Sid: "FindGivenModel",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { StringLike: { "s3:prefix": `${prefix}*` } },
    },
  ];
}

/** SageMaker looks at the alarms that may send an update back. */
function watchRights(context: RegionContext): Statement[] {
  const alarms = rollbackAlarmArns(context);
  if (alarms.length === 0) return [];
  return [{ Sid: "HeedAlarmsInUpdates", Effect: "Allow", Action: "cloudwatch:DescribeAlarms", Resource: alarms }];
}

/** An image of ECR is pulled with the role; any other registry is not AWS's to grant. */
function imageRights(image: string): Statement[] {
  const parts = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/.exec(image);
  if (parts === null) return [];
  const [, account, region = "", repository] = parts;
  return [
    {
      Sid: "PullTheImage",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      Resource: `arn:aws:ecr:${region}:${account}:repository/${repository}`,
    },
    {
      Sid: "SignInToEcr",
      Effect: "Allow",
      Action: "ecr:GetAuthorizationToken",
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
  ];
}

/**
 * Network interfaces in the model's subnets, and nowhere else. Looking at the network, and taking a permission of an
 * interface back, have no resource. A subnet may belong to another account that shares it.
 */
function networkRights(context: RegionContext): Statement[] {
  const { network } = context.settings;
  if (network === undefined) return [];
  const { region } = context;
  const interfaces = arnFor(context, "ec2", "network-interface/*");
  return [
    {
      Sid: "MakeNetworkInterfaces",
      Effect: "Allow",
      Action: "ec2:CreateNetworkInterface",
      Resource: [
        interfaces,
        ...network.subnetIds.map((id) => `arn:aws:ec2:${region}:*:subnet/${id}`),
        ...network.securityGroupIds.map((id) => `arn:aws:ec2:${region}:*:security-group/${id}`),
      ],
    },
    {
      Sid: "KeepNetworkInterfaces",
      Effect: "Allow",
      Action: ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
      Resource: interfaces,
    },
    {
      Sid: "LookAtTheNetwork",
      Effect: "Allow",
      Action: [
        "ec2:DeleteNetworkInterfacePermission",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
  ];
}
