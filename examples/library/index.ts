import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AsyncFleet, parseSettings } from "async-fleet";

/** A program of its own: a fleet in two regions, and beside it what this team adds to each of them. */
export = async () => {
  const config = new pulumi.Config();
  const { accountId } = await aws.getCallerIdentity();
  const settings = parseSettings(
    {
      regions: ["eu-west-1", "us-east-1"],
      model: { image: "{account}.dkr.ecr.{region}.amazonaws.com/scoring/words:1" },
      endpoint: { instanceType: "ml.m5.large", concurrencyPerInstance: 2 },
      scaling: { max: config.getNumber("maxInstances") ?? 2 },
      storage: { forceDestroy: true },
      overrides: { "us-east-1": { scaling: { max: 1 } } },
      tags: { team: "scoring" },
    },
    { stack: pulumi.getStack() },
  );
  const fleet = new AsyncFleet("scoring", { settings, accountId });

  const ledgers = Object.entries(fleet.regions).map(([region, { manifest }]) => {
    const ledger = new aws.sqs.Queue(
      `ledger-${region}`,
      { region, name: `scoring-ledger-${region}` },
      { parent: fleet },
    );
    new aws.sqs.QueuePolicy(
      `ledger-${region}-policy`,
      { region, queueUrl: ledger.url, policy: fromTopic(ledger.arn, manifest.successTopicArn) },
      { parent: ledger },
    );
    new aws.sns.TopicSubscription(
      `ledger-${region}-results`,
      { region, topic: manifest.successTopicArn, protocol: "sqs", endpoint: ledger.arn, rawMessageDelivery: true },
      { parent: ledger },
    );
    return ledger.url;
  });

  return { manifest: fleet.manifest, ledgers: pulumi.all(ledgers) };
};

/** Lets the fleet's topic, and nobody else, put results into a queue. */
function fromTopic(queueArn: pulumi.Output<string>, topicArn: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
    ],
  });
}
