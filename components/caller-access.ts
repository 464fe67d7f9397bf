import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { nameFor } from "../contract/names";
import { prefixes } from "../contract/requests";
import { childOf, endpointName, type RegionContext } from "./context";
import { policyDocument, type Statement } from "./policy-document";

export interface CallerAccessArgs {
  readonly context: RegionContext;
  readonly endpointArn: string;
  readonly bucketArn: string;
  readonly queueArn: string;
  readonly keyArn: pulumi.Input<string>;
}

/**
 * What callers of one region need, as a managed policy to attach to a role, a user or a group: send requests to this
 * endpoint, put payloads, read results and failures, and receive notices. It is attached to nobody here, and its ARN
 * stands in the manifest.
 *
 * A holder sees every caller's results and notices: the bucket and the queue are shared by all callers of the stack.
 */
export class CallerAccess extends pulumi.ComponentResource {
  readonly policyArn: pulumi.Output<string>;

  constructor(name: string, args: CallerAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:CallerAccess", name, {}, opts);
    const { project, stack, region, settings, tags } = args.context;
    const policy = new aws.iam.Policy(
      name,
      {
        name: nameFor("iamPolicy", { project, stack, region, role: "callers" }),
        description: `Lets its holder call ${endpointName(args.context)} in ${region}`,
        path: settings.identity.path,
        policy: pulumi.output(args.keyArn).apply((keyArn) => policyDocument(...callerRights(args, keyArn))),
        tags,
      },
      childOf(this),
    );
    this.policyArn = policy.arn;
    this.registerOutputs({ policyArn: this.policyArn });
  }
}

function callerRights(args: CallerAccessArgs, keyArn: string): Statement[] {
  const { context, bucketArn, endpointArn, queueArn } = args;
  const through = (service: string) => ({
    StringEquals: { "kms:ViaService": `${service}.${context.region}.amazonaws.com` },
  });
  // The guide's ARNs are in lower case; whether AWS compares them so is not said, so a name with capitals is given twice.
  const asNamed = endpointArn.replace(/[^/]+$/, endpointName(context));
  return [
    {
      Sid: "SendRequests",
      Effect: "Allow",
      Action: "sagemaker:InvokeEndpointAsync",
      Resource: [...new Set([endpointArn, asNamed])],
    },
    {
      Sid: "PutPayloads",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      Resource: `${bucketArn}/${prefixes.inputs}*`,
    },
    // An upload that broke off is found again, and sends only what is missing.
    { Sid: "FindUploads", Effect: "Allow", Action: "s3:ListBucketMultipartUploads", Resource: bucketArn },
    // What a request's key has come to: without it the same key would be sent twice.
    {
      Sid: "ReadRequestRecords",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${bucketArn}/${prefixes.inputs}requests/*`,
    },
    {
      Sid: "ReadResultsAndFailures",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: [`${bucketArn}/${prefixes.results}*`, `${bucketArn}/${prefixes.failures}*`],
    },
    {
      Sid: "ReceiveNotices",
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
      Resource: queueArn,
    },
    {
      Sid: "UseTheKeyForObjects",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: through("s3"),
    },
    { Sid: "UseTheKeyForNotices", Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn, Condition: through("sqs") },
  ];
}
