import assert from "node:assert/strict";
import type { RecordedResource } from "../../check/record-program";
import { recorded } from "../support/recorded";

const region = "eu-west-1";
const topic = (which: string): string => `arn:aws:sns:${region}:123456789012:async-fleet-dev-${which}`;

/** What a recording with these notification settings registers, and what it warns of. */
async function registered(
  notifications: object,
): Promise<{ resources: readonly RecordedResource[]; warnings: string[] }> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => void warnings.push(text);
  try {
    const { resources } = await recorded("dev", { notifications: notifications });
    return { resources, warnings };
  } finally {
    console.warn = warn;
  }
}

const of = (resources: readonly RecordedResource[], type: string) =>
  resources.filter((each) => each.type === type && each.name.includes("subscribers"));

describe("subscribers of notices", () => {
  it("are none but the notice queue unless the settings name some", async () => {
    const { resources, warnings } = await registered({});
    assert.deepEqual(
      resources
        .filter(({ type }) => type === "aws:sns/topicSubscription:TopicSubscription")
        .map(({ name, inputs }) => [name, inputs.protocol]),
      [
        ["fleet-eu-west-1-notices-success-to-queue", "sqs"],
        ["fleet-eu-west-1-notices-error-to-queue", "sqs"],
      ],
    );
    assert.deepEqual(warnings, []);
  });

  it("hear of the outcomes they ask for, filtered by the notice's body", async () => {
    const { resources, warnings } = await registered({
      subscribers: [
        { name: "log", to: "arn:aws:sqs:{region}:{account}:log", raw: true },
        { name: "ops", to: "ops@example.com", outcome: "error", filter: { invocationStatus: ["Failed"] } },
        { name: "hook", to: "https://hooks.example.com/results", outcome: "success" },
      ],
    });
    const subscribed = of(resources, "aws:sns/topicSubscription:TopicSubscription");
    assert.deepEqual(
      Object.fromEntries(subscribed.map(({ name, inputs }) => [name, inputs])),
      Object.fromEntries([
        [
          "fleet-eu-west-1-notices-subscribers-log-success",
          {
            region,
            topic: topic("success"),
            protocol: "sqs",
            endpoint: `arn:aws:sqs:${region}:123456789012:log`,
            rawMessageDelivery: true,
          },
        ],
        [
          "fleet-eu-west-1-notices-subscribers-log-error",
          {
            region,
            topic: topic("error"),
            protocol: "sqs",
            endpoint: `arn:aws:sqs:${region}:123456789012:log`,
            rawMessageDelivery: true,
          },
        ],
        [
          "fleet-eu-west-1-notices-subscribers-ops-error",
          {
            region,
            topic: topic("error"),
            protocol: "email",
            endpoint: "ops@example.com",
            filterPolicy: '{"invocationStatus":["Failed"]}',
            filterPolicyScope: "MessageBody",
          },
        ],
        [
          "fleet-eu-west-1-notices-subscribers-hook-success",
          { region, topic: topic("success"), protocol: "https", endpoint: "https://hooks.example.com/results" },
        ],
      ]),
    );
    assert.deepEqual(warnings, []);
  });

  it("that are functions here are given the permission, and elsewhere the deployment says the command", async () => {
    const { resources, warnings } = await registered({
      subscribers: [
        { name: "near", to: "arn:aws:lambda:{region}:{account}:function:collects:live", outcome: "error" },
        { name: "far", to: "arn:aws:lambda:us-east-1:{account}:function:collects", outcome: "error" },
      ],
    });
    assert.deepEqual(
      of(resources, "aws:lambda/permission:Permission").map(({ inputs }) => inputs),
      [
        {
          region,
          statementId: "async-fleet-dev-near-error",
          action: "lambda:InvokeFunction",
          function: "collects",
          qualifier: "live",
          principal: "sns.amazonaws.com",
          sourceArn: topic("error"),
        },
      ],
    );
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /aws lambda add-permission --region us-east-1 --function-name arn:aws:lambda:us-east-1:123456789012:function:collects --statement-id async-fleet-dev-far-error --action lambda:InvokeFunction --principal sns\.amazonaws\.com --source-arn arn:aws:sns:eu-west-1:123456789012:async-fleet-dev-error$/,
    );
  });

  it("of another account are warned of, because their owner has to confirm", async () => {
    const { warnings } = await registered({
      subscribers: [{ name: "theirs", to: "arn:aws:sqs:{region}:210987654321:log" }],
    });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /belongs to account 210987654321, which must confirm/);
  });

  it("keep what could not be delivered in a queue of their own, which only the topics may fill", async () => {
    const { resources } = await registered({
      subscribers: [{ name: "hook", to: "https://hooks.example.com/", outcome: "error", deadLetter: true }],
    });
    const arn = `arn:aws:sqs:${region}:123456789012:async-fleet-dev-hook-undelivered`;
    const [queue] = of(resources, "aws:sqs/queue:Queue");
    assert.deepEqual(
      [queue?.inputs.name, queue?.inputs.messageRetentionSeconds],
      ["async-fleet-dev-hook-undelivered", 1_209_600],
    );
    assert.notEqual(queue?.inputs.kmsMasterKeyId, undefined);
    const [policy] = of(resources, "aws:sqs/queuePolicy:QueuePolicy");
    const { Statement } = JSON.parse(String(policy?.inputs.policy)) as { Statement: Array<Record<string, unknown>> };
    assert.deepEqual(Statement[0], {
      Sid: "FromTheTopics",
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: { ArnEquals: { "aws:SourceArn": [topic("error")] } },
    });
    const [subscribed] = of(resources, "aws:sns/topicSubscription:TopicSubscription");
    assert.equal(subscribed?.inputs.redrivePolicy, JSON.stringify({ deadLetterTargetArn: arn }));
  });

  it("of the listed accounts, and of no others, may subscribe queues and functions", async () => {
    const { resources } = await registered({ accounts: ["210987654321"] });
    for (const which of ["success", "error"]) {
      const policy = resources.find(({ name }) => name === `fleet-eu-west-1-notices-${which}-policy`);
      const { Statement } = JSON.parse(String(policy?.inputs.policy)) as { Statement: Array<{ Sid: string }> };
      assert.deepEqual(
        Statement.map(({ Sid }) => Sid),
        ["AccountDecides", "OtherAccountsSubscribe", "TlsOnly"],
      );
      assert.deepEqual(Statement[1], {
        Sid: "OtherAccountsSubscribe",
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::210987654321:root"] },
        Action: "sns:Subscribe",
        Resource: topic(which),
        Condition: { StringEquals: { "sns:Protocol": ["sqs", "lambda"] } },
      });
    }
  });

  it("get the model's answers only with a warning of where they then lie", async () => {
    const { resources, warnings } = await registered({ includeResponseIn: ["success"] });
    const config = resources.find(({ type }) => type === "aws:sagemaker/endpointConfiguration:EndpointConfiguration");
    const { asyncInferenceConfig } = config?.inputs as {
      asyncInferenceConfig: { outputConfig: { notificationConfig: { includeInferenceResponseIns: string[] } } };
    };
    assert.deepEqual(asyncInferenceConfig.outputConfig.notificationConfig.includeInferenceResponseIns, [
      "SUCCESS_NOTIFICATION_TOPIC",
    ]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /put into the success notices of eu-west-1.*lies in the notice queue for 4 days/);
  });
});
