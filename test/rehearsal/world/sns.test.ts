import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRehearsal } from "../../../rehearsal/rehearsal";
import { startWire, type Wire } from "../../../rehearsal/wire/server";
import { AwsError } from "../../../rehearsal/world/aws-error";
import { administrator, type Call } from "../../../rehearsal/world/call";
import { Clock } from "../../../rehearsal/world/clock";
import type { JournalEntry } from "../../../rehearsal/world/journal";
import { BadFilterPolicy, parseFilterPolicy, passes } from "../../../rehearsal/world/sns/filter-policy";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

const call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const other: Call = { ...call, accountId: "210987654321" };
const subscriber = "https://hooks.example.com/results";

/** A listener on this machine that answers with the statuses it is given, one after the other, then with 200. */
class Listener {
  readonly heard: Array<{ headers: NodeJS.Dict<string | string[]>; body: string }> = [];
  readonly answers: number[] = [];
  private server: Server | undefined;
  private waiting: Array<() => void> = [];

  async open(): Promise<string> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(this.answers.shift() ?? 200).end();
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  async has(count: number): Promise<void> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

describe("a topic", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  let listener: Listener;
  let topic: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sns-test-"));
    listener = new Listener();
    const listeners = { [subscriber]: await listener.open() };
    const clock = new Clock({ kind: "manual" }, Date.UTC(2026, 0, 1));
    world = new World({ clock, folder, containers: new FakeContainers(), listeners });
    wire = await startWire(world);
    topic = (await world.sns.createTopic(call, { Name: "results" })).TopicArn ?? "";
  });
  afterEach(async () => {
    listener.close();
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const subscribe = async (
    Protocol: string,
    Endpoint: string,
    Attributes: Record<string, string> = {},
    by: Call = call,
  ): Promise<string> =>
    (
      await world.sns.subscribe(by, {
        TopicArn: topic,
        Protocol,
        Endpoint,
        Attributes,
        ReturnSubscriptionArn: true,
      })
    ).SubscriptionArn ?? "";
  const publish = (Message: string) => world.sns.publish(call, { TopicArn: topic, Message });
  const deliveries = () =>
    world.journal.entries.filter(
      (entry): entry is Extract<JournalEntry, { kind: "delivery" }> => entry.kind === "delivery",
    );
  const told = () => deliveries().map(({ protocol, messageType, outcome }) => `${protocol} ${messageType} ${outcome}`);
  /** Deliveries over HTTP go on in the background: a hold ends when theirs have. */
  const settled = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const stop = world.journal.listen(() => {
        if (deliveries().length < count) return;
        stop();
        resolve();
      });
      if (deliveries().length >= count) {
        stop();
        resolve();
      }
    });
  const queue = async (name: string, by: Call = call): Promise<{ arn: string; url: string }> => {
    const arn = `arn:aws:sqs:eu-west-1:${by.accountId}:${name}`;
    const { QueueUrl = "" } = await world.sqs.createQueue(by, {
      QueueName: name,
      Attributes: {
        Policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "sns.amazonaws.com" },
              Action: "sqs:SendMessage",
              Resource: arn,
              Condition: { ArnEquals: { "aws:SourceArn": topic } },
            },
          ],
        }),
      },
    });
    return { arn, url: QueueUrl };
  };
  const received = async (url: string, by: Call = call): Promise<string[]> =>
    ((await world.sqs.receiveMessage(by, { QueueUrl: url, MaxNumberOfMessages: 10 })).Messages ?? []).map(
      ({ Body }) => Body ?? "",
    );

  it("tells an https subscriber nothing before it has confirmed by the URL it was sent", async () => {
    await subscribe("https", subscriber);
    await settled(1);
    await publish("too early");
    const [asked] = listener.heard;
    const asking = JSON.parse(asked?.body ?? "") as { Type: string; SubscribeURL: string; TopicArn: string };
    assert.equal(asked?.headers["x-amz-sns-message-type"], "SubscriptionConfirmation");
    assert.equal(asked?.headers["x-amz-sns-topic-arn"], topic);
    assert.deepEqual([asking.Type, asking.TopicArn], ["SubscriptionConfirmation", topic]);
    assert.ok(asking.SubscribeURL.startsWith(`${wire.url}/`), asking.SubscribeURL);
    assert.equal((await fetch(asking.SubscribeURL)).status, 200);
    await publish("heard");
    await settled(2);
    const [, notice] = listener.heard;
    assert.equal(notice?.headers["x-amz-sns-message-type"], "Notification");
    assert.equal((JSON.parse(notice?.body ?? "") as { Message: string }).Message, "heard");
    assert.deepEqual(told(), ["https SubscriptionConfirmation delivered", "https Notification delivered"]);
  });

  it("refuses a token that it did not send", async () => {
    await subscribe("https", subscriber);
    await assert.rejects(
      world.sns.confirmSubscription(call, { TopicArn: topic, Token: "guessed" }),
      (cause) => cause instanceof AwsError && cause.code === "InvalidParameter",
    );
    await settled(1);
  });

  const confirmed = async (attributes: Record<string, string> = {}): Promise<void> => {
    await subscribe("https", subscriber, attributes);
    await settled(1);
    await world.sns.confirmSubscription(call, { TopicArn: topic, Token: deliveries()[0]?.token });
  };

  it("hands the bare message over where that is asked for, and says so", async () => {
    await confirmed({ RawMessageDelivery: "true" });
    await publish("bare");
    await settled(2);
    assert.equal(listener.heard[1]?.body, "bare");
    assert.equal(listener.heard[1]?.headers["x-amz-sns-rawdelivery"], "true");
  });

  it("tries three times more, twenty seconds apart, then gives the message to the dead-letter queue", async () => {
    const dead = await queue("dead");
    await confirmed({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }), RawMessageDelivery: "true" });
    listener.answers.push(500, 503, 500, 500);
    await publish("lost?");
    for (const heard of [2, 3, 4]) {
      await listener.has(heard);
      await new Promise((resolve) => setImmediate(resolve));
      await world.clock.holding(async () => undefined);
      while (listener.heard.length === heard) await world.clock.advance(20_000);
    }
    await settled(2);
    assert.equal(listener.heard.length, 5);
    assert.deepEqual(told(), ["https SubscriptionConfirmation delivered", "https Notification dead-letter"]);
    assert.deepEqual(await received(dead.url), ["lost?"]);
  });

  it("gives up at once when a subscriber says that the message is wrong", async () => {
    await confirmed();
    listener.answers.push(400);
    await publish("refused");
    await settled(2);
    assert.deepEqual(deliveries()[1]?.outcome, "lost");
    assert.equal(deliveries()[1]?.reason, "HTTP status 400");
  });

  it("sends nothing off this machine: mail and other https end in the journal, with the token that confirms", async () => {
    await subscribe("email", "ops@example.com");
    await subscribe("https", "https://elsewhere.example.com/");
    assert.deepEqual(told(), ["email SubscriptionConfirmation recorded", "https SubscriptionConfirmation recorded"]);
    await world.sns.confirmSubscription(call, { TopicArn: topic, Token: deliveries()[0]?.token });
    await publish("by mail");
    assert.deepEqual(told().slice(2), ["email Notification recorded"]);
    assert.equal(listener.heard.length, 0);
  });

  it("calls a function that lets it, and gives the message to the dead-letter queue of one that does not", async () => {
    const dead = await queue("dead");
    const collects = "arn:aws:lambda:eu-west-1:123456789012:function:collects";
    const redrive = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) };
    await subscribe("lambda", collects, redrive);
    await publish("one");
    await world.lambda.addPermission(call, {
      FunctionName: "collects",
      StatementId: "sns",
      Action: "lambda:InvokeFunction",
      Principal: "sns.amazonaws.com",
      SourceArn: topic,
    });
    await publish("two");
    assert.deepEqual(told(), ["lambda Notification dead-letter", "lambda Notification recorded"]);
    assert.equal((await received(dead.url)).length, 1);
  });

  it("lets another account subscribe its queue only when the policy names it, and asks the owner of a foreign queue", async () => {
    const foreign = await queue("theirs", other);
    await assert.rejects(
      subscribe("sqs", foreign.arn, {}, other),
      (cause) => cause instanceof AwsError && cause.code === "AuthorizationError",
    );
    await world.sns.setTopicAttributes(call, {
      TopicArn: topic,
      AttributeName: "Policy",
      AttributeValue: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${other.accountId}:root` },
            Action: "sns:Subscribe",
            Resource: topic,
            Condition: { StringEquals: { "sns:Protocol": ["sqs", "lambda"] } },
          },
        ],
      }),
    });
    await assert.rejects(subscribe("email", "them@example.com", {}, other), AwsError);
    await subscribe("sqs", foreign.arn, { RawMessageDelivery: "true" }, other);
    await publish("shared");
    assert.deepEqual(await received(foreign.url, other), ["shared"]);
    const second = await queue("asked", other);
    await subscribe("sqs", second.arn);
    const [asking = "{}"] = await received(second.url, other);
    assert.equal((JSON.parse(asking) as { Type: string }).Type, "SubscriptionConfirmation");
  });

  it("does not take back a subscription that waits for its confirmation", async () => {
    const arn = await subscribe("email", "ops@example.com");
    await assert.rejects(
      world.sns.unsubscribe(call, { SubscriptionArn: arn }),
      (cause) => cause instanceof AwsError && cause.message.includes("pending confirmation"),
    );
  });

  const refusals: Array<[string, string, string, Record<string, string>]> = [
    ["plain http under https", "https", "http://hooks.example.com/", {}],
    ["an address that is none", "email", "ops", {}],
    ["raw delivery by mail", "email", "ops@example.com", { RawMessageDelivery: "true" }],
    [
      "a dead-letter queue of another region",
      "email",
      "ops@example.com",
      { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:us-east-1:123456789012:dead" }) },
    ],
    [
      "a nested filter without the scope for bodies",
      "email",
      "ops@example.com",
      { FilterPolicy: '{"requestParameters":{"endpointName":["a"]}}' },
    ],
  ];
  for (const [what, protocol, endpoint, attributes] of refusals) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        subscribe(protocol, endpoint, attributes),
        (cause) => cause instanceof AwsError && cause.code === "InvalidParameter",
      );
    });
  }
});

describe("a filter policy", () => {
  const notice = JSON.stringify({
    invocationStatus: "Failed",
    failureReason: "ClientError: too large",
    requestParameters: { endpointName: "fleet-prod", size: 12 },
    tags: ["a", "b"],
    parts: [{ kind: "head" }, { kind: "tail" }],
    none: null,
  });
  const rows: Array<[object, boolean]> = [
    [{ invocationStatus: ["Failed", "Expired"] }, true],
    [{ invocationStatus: ["failed"] }, false],
    [{ invocationStatus: [{ "equals-ignore-case": "failed" }] }, true],
    [{ failureReason: [{ prefix: "ClientError" }] }, true],
    [{ failureReason: [{ suffix: "small" }] }, false],
    [{ invocationStatus: [{ "anything-but": "Completed" }] }, true],
    [{ invocationStatus: [{ "anything-but": ["Failed", "Completed"] }] }, false],
    [{ failureReason: [{ "anything-but": { prefix: "Client" } }] }, false],
    [{ missing: [{ "anything-but": "x" }] }, false],
    [{ missing: [{ exists: false }] }, true],
    [{ none: [{ exists: true }] }, true],
    [{ none: [null] }, true],
    [{ requestParameters: { endpointName: ["fleet-prod"] } }, true],
    [{ requestParameters: { endpointName: ["fleet-dev"] } }, false],
    [{ requestParameters: { size: [{ numeric: [">", 10, "<=", 12] }] } }, true],
    [{ requestParameters: { size: [{ numeric: [">", 12] }] } }, false],
    [{ requestParameters: { size: ["12"] } }, false],
    [{ tags: ["b"] }, true],
    [{ tags: [{ "anything-but": "a" }] }, true],
    [{ parts: { kind: ["tail"] } }, true],
    [{ invocationStatus: ["Failed"], tags: ["c"] }, false],
  ];
  for (const [policy, expected] of rows) {
    it(`${JSON.stringify(policy)} ${expected ? "lets the notice pass" : "keeps the notice back"}`, () => {
      assert.equal(passes(JSON.stringify(policy), "MessageBody", notice, {}), expected);
    });
  }

  it("keeps back what is no JSON, and looks at attributes by their type unless it is told to look at the body", () => {
    assert.equal(passes('{"a":[1]}', "MessageBody", "plain text", {}), false);
    const attributes = { size: { type: "Number", value: "12" }, tags: { type: "String.Array", value: '["a"]' } };
    assert.equal(passes('{"size":[{"numeric":["=",12]}],"tags":["a"]}', "MessageAttributes", notice, attributes), true);
    assert.equal(passes('{"invocationStatus":["Failed"]}', "MessageAttributes", notice, attributes), false);
  });

  const wrong: Array<[string, object]> = [
    ["six names", { a: [1], b: [1], c: [1], d: [1], e: { f: [1], g: [1] } }],
    ["too many combinations", { a: Array.from({ length: 151 }, (_, index) => index) }],
    ["an empty list", { a: [] }],
    ["a bare value", { a: "x" }],
    ["an operator that is none", { a: [{ like: "x" }] }],
    ["two operators at once", { a: [{ prefix: "x", suffix: "y" }] }],
    ["a number out of bounds", { a: [{ numeric: ["=", 1e10] }] }],
    ["a range that is none", { a: [{ numeric: ["~", 1] }] }],
    ["an exists that is no yes or no", { a: [{ exists: "yes" }] }],
  ];
  for (const [what, policy] of wrong) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parseFilterPolicy(JSON.stringify(policy), "MessageBody"), BadFilterPolicy);
    });
  }
});

describe("a rehearsal", () => {
  it("refuses a listener that is not on this machine", async () => {
    await assert.rejects(
      startRehearsal({ imageFolders: [], listeners: { [subscriber]: "http://example.com/" } }),
      /ASY-530 {2}the listener for https:\/\/hooks\.example\.com\/results\n {2}got {7}http:\/\/example\.com\//,
    );
  });
});
