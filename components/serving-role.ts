import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { nameFor } from "../contract/names";
import { prefixes } from "../contract/requests";
import { arnFor, childOf, endpointName, type RegionContext } from "./context";
import { rollbackAlarmArns } from "./deployment-config";
import { policyDocument, type Statement } from "./policy-document";

export interface ServingRoleArgs {
  readonly context: RegionContext;
  readonly bucketArn: string;
  readonly keyArn: pulumi.Input<string>;
  readonly topicArns: readonly string[];
  /** The container image the role may pull. */
  readonly image: string;
  /** `s3://…` of model data outside the region's own bucket. @default - the model lies in the region's bucket, or there is none */
  readonly modelDataUri?: string;
}

/**
 * The role SageMaker takes to serve the endpoint of one region: it reads inputs and the model, writes results and
 * failures, publishes to the two topics, pulls one image and writes one log group. Nothing else.
 */
export class ServingRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** SageMaker checks the rights as it creates an endpoint, so what needs them waits for this. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: ServingRoleArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:ServingRole", name, {}, opts);
    const { context } = args;
    const role = new aws.iam.Role(
      name,
      {
        name: nameFor("iamRole", {
          project: context.project,
          stack: context.stack,
          region: context.region,
          role: "serving",
        }),
        description: `Serves ${endpointName(context)} in ${context.region}`,
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "sagemaker.amazonaws.com" },
              Action: "sts:AssumeRole",
              Condition: { StringEquals: { "aws:SourceAccount": context.accountId } },
            },
          ],
        }),
        tags: context.tags,
      },
      childOf(this),
    );
    const rights = new aws.iam.RolePolicy(
      `${name}-rights`,
      {
        name: "serve",
        role: role.id,
        policy: pulumi.output(args.keyArn).apply((keyArn) => policyDocument(...servingRights(args, keyArn))),
      },
      childOf(this),
    );
    this.arn = role.arn;
    this.ready = [role, rights];
    this.registerOutputs({ arn: this.arn });
  }
}

function servingRights(args: ServingRoleArgs, keyArn: string): Statement[] {
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
      Sid: "WriteResultsAndFailures",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: [`${bucketArn}/${prefixes.results}*`, `${bucketArn}/${prefixes.failures}*`],
    },
    // Without it a missing input reads as a denial.
    { Sid: "TellMissingFromDenied", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
    { Sid: "TellCallers", Effect: "Allow", Action: "sns:Publish", Resource: args.topicArns },
    { Sid: "UseTheKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn },
    {
      Sid: "EncryptVolumes",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: keyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: [logGroup, `${logGroup}:*`],
    },
    {
      Sid: "PublishMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      // The action knows no resource; the namespace is the only bound there is.
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/Endpoints"] } },
    },
    ...watchRights(context),
    ...imageRights(args.image),
    ...(context.settings.network === undefined ? [] : [vpcRights]),
  ];
}

function givenModel(uri: string | undefined): string[] {
  if (uri === undefined) return [];
  const path = uri.slice("s3://".length);
  return [`arn:aws:s3:::${path}${path.endsWith("/") ? "*" : ""}`];
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
  const [, account, region, repository] = parts;
  return [
    {
      Sid: "PullTheImage",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      Resource: `arn:aws:ecr:${region}:${account}:repository/${repository}`,
    },
    // ECR's sign-in knows no resource.
    { Sid: "SignInToEcr", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
  ];
}

/** Network interfaces in the model's VPC; EC2 has no narrower form for creating and describing them. */
const vpcRights: Statement = {
  Sid: "NetworkInterfaces",
  Effect: "Allow",
  Action: [
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
  ],
  Resource: "*",
};
