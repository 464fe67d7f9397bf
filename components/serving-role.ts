import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fillTemplate } from "../contract/requests";
import { arnFor, childOf, endpointName, type RegionContext, servingRoleName } from "./context";
import { policyDocument } from "./policy-document";
import { servingRights } from "./serving-rights";

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
    const { identity } = context.settings;
    const role = new aws.iam.Role(
      name,
      {
        name: servingRoleName(context),
        description: `Serves ${endpointName(context)} in ${context.region}`,
        path: identity.path,
        ...(identity.permissionsBoundaryArn === undefined
          ? {}
          : { permissionsBoundary: fillTemplate(identity.permissionsBoundaryArn, context) }),
        assumeRolePolicy: trust(context),
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

/**
 * Who takes the role: SageMaker, for this account's endpoints in this region. A narrower ARN would be refused, because
 * SageMaker acts for no single endpoint; its asterisk is part of the ARN SageMaker sends and no wildcard (developer
 * guide, security-confused-deputy-prevention, read on 2026-11-25).
 */
function trust(context: RegionContext): string {
  return policyDocument({
    Sid: "SageMakerServes",
    Effect: "Allow",
    Principal: { Service: "sagemaker.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": context.accountId },
      ArnLike: { "aws:SourceArn": arnFor(context, "sagemaker", "*") },
    },
  });
}
