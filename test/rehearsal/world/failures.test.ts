import assert from "node:assert/strict";
import { EndpointWorld } from "../../support/endpoint-world";
import { FakeContainers, type Model } from "../../support/fake-containers";

/** Metrics that count what went wrong, each of the variant. */
const counters = [
  "InvocationsProcessed",
  "InvocationFailures",
  "ExpiredRequests",
  "RequestDownloadFailures",
  "ResponseUploadFailures",
  "NotificationFailures",
  "Invocation4XXErrors",
  "Invocation5XXErrors",
] as const;

interface Row {
  readonly what: string;
  readonly model?: Model;
  /** Rights the role has not while the request runs. */
  readonly without?: readonly string[];
  readonly input?: string;
  readonly timeoutSeconds?: number;
  /** No instance until the request has expired. */
  readonly atZero?: boolean;
  /** Counters, each as often as it counts; all others are 0. */
  readonly counted: ReadonlyArray<(typeof counters)[number]>;
  /** What the failure object says. @default - there is none */
  readonly object?: RegExp;
  /** The notice's failureReason. @default - there is no notice of a failure */
  readonly reason?: RegExp;
}

const ofModel = (status: string) =>
  new RegExp(`^ClientError: Received ${status} from model\\. See the SageMaker Endpoint logs in your account`);

/** SageMaker developer guide, async-inference-monitor, and the messages that have been published. */
const rows: Row[] = [
  { what: "a request that ends well", counted: ["InvocationsProcessed"] },
  {
    what: "a model's 400",
    model: () => ({ status: 400, body: "not a picture" }),
    counted: ["InvocationFailures", "Invocation4XXErrors"],
    object: /^not a picture$/,
    reason: ofModel("client error \\(400\\)"),
  },
  {
    what: "a model's 500",
    model: () => ({ status: 500, body: "out of memory" }),
    counted: ["InvocationFailures", "Invocation5XXErrors"],
    object: /^out of memory$/,
    reason: ofModel("server error \\(500\\)"),
  },
  {
    what: "a reply without a length",
    model: () => ({ body: "x", chunked: true }),
    counted: ["InvocationFailures"],
    object: /^The response from container primary did not specify the required Content-Length header$/,
    reason: /^The response from container primary did not specify the required Content-Length header$/,
  },
  {
    what: "a connection that breaks off",
    model: () => ({ body: "x", announcedBytes: 100 }),
    counted: ["InvocationFailures", "Invocation5XXErrors"],
    object: /^Connection reset by peer for the echo endpoint\. Please retry\.$/,
    reason: /^Connection reset by peer for the echo endpoint\. Please retry\.$/,
  },
  {
    what: "an invocation that outlives its timeout",
    model: () => ({ body: "x", workSeconds: 600 }),
    timeoutSeconds: 60,
    counted: ["InvocationFailures"],
    object: /invocation timeout of 60 seconds/,
    reason: /invocation timeout of 60 seconds/,
  },
  {
    what: "an input that is not there",
    input: "s3://payloads/inputs/none",
    counted: ["InvocationFailures", "RequestDownloadFailures"],
    object: /^Failed to download the request payload from s3:\/\/payloads\/inputs\/none: NoSuchKey/,
    reason: /^Failed to download the request payload from s3:\/\/payloads\/inputs\/none: NoSuchKey/,
  },
  {
    what: "a result that may not be written, nor its failure",
    without: ["s3:PutObject"],
    counted: ["InvocationFailures", "ResponseUploadFailures", "ResponseUploadFailures"],
    reason: /^Failed to upload the response to s3:\/\/payloads\/results\//,
  },
  {
    what: "a notice that may not be published",
    without: ["sns:Publish"],
    counted: ["InvocationsProcessed", "NotificationFailures"],
  },
  {
    what: "a request that is too old when an instance comes",
    atZero: true,
    counted: ["ExpiredRequests"],
    object: /time to live of 120 seconds/,
    reason: /time to live of 120 seconds/,
  },
];

const allRights = [
  "s3:GetObject",
  "s3:PutObject",
  "s3:ListBucket",
  "sns:Publish",
  "logs:*",
  "cloudwatch:PutMetricData",
];

describe("what becomes of a request", () => {
  let at: EndpointWorld;
  afterEach(() => at.close());

  const counted = async (MetricName: string): Promise<number> => {
    const { Datapoints = [] } = await at.world.cloudwatch.getMetricStatistics(at.call, {
      Namespace: "AWS/SageMaker",
      MetricName,
      Dimensions: [
        { Name: "EndpointName", Value: "echo" },
        { Name: "VariantName", Value: "primary" },
      ],
      StartTime: new Date(Date.UTC(2026, 0, 1)),
      EndTime: new Date(at.world.clock.now() + 60_000),
      Period: 60,
      Statistics: ["Sum"],
    });
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };

  for (const row of rows) {
    it(`shows ${row.what} in its metrics, its object and its notice`, async () => {
      at = await EndpointWorld.open({ containers: new FakeContainers(row.model) });
      if (row.atZero === true) {
        await at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
          EndpointName: "echo",
          DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredInstanceCount: 0 }],
        });
        await at.minutes(2);
      }
      await at.allow(allRights.filter((action) => !row.without?.includes(action)));
      const { FailureLocation = "", OutputLocation = "" } = await at.world.sagemakerRuntime.invokeEndpointAsync(
        at.call,
        {
          EndpointName: "echo",
          InferenceId: "one",
          ...(row.input === undefined ? { Body: Buffer.from("x") } : { InputLocation: row.input }),
          InvocationTimeoutSeconds: row.timeoutSeconds,
          RequestTTLSeconds: 120,
        },
      );
      await at.minutes(4);
      const counts = await Promise.all(counters.map(counted));
      assert.deepEqual(
        Object.fromEntries(counters.map((name, index) => [name, counts[index]])),
        Object.fromEntries(counters.map((name) => [name, row.counted.filter((each) => each === name).length])),
      );
      if (row.object === undefined) await assert.rejects(at.read(FailureLocation), { name: "NoSuchKey" });
      else assert.match(await at.read(FailureLocation), row.object);
      const [notice] = await at.drainNotices();
      if (row.reason === undefined) {
        assert.equal(notice?.invocationStatus, row.without?.includes("sns:Publish") ? undefined : "Completed");
        assert.equal(await at.read(OutputLocation), "echo x");
        return;
      }
      await assert.rejects(at.read(OutputLocation), { name: "NoSuchKey" });
      assert.match(String(notice?.failureReason), row.reason);
      assert.deepEqual(Object.keys(notice ?? {}), [
        "awsRegion",
        "eventTime",
        "receivedTime",
        "invocationStatus",
        "failureReason",
        "requestParameters",
        "inferenceId",
        "eventVersion",
        "eventSource",
        "eventName",
      ]);
      assert.deepEqual(notice?.requestParameters, {
        endpointName: "echo",
        ...(row.input === undefined ? {} : { inputLocation: row.input }),
      });
    });
  }

  it("tells each metric in AWS's unit", async () => {
    at = await EndpointWorld.open();
    await at.send("x");
    await at.minutes(2);
    const unitOf = async (MetricName: string) => {
      const { Datapoints = [] } = await at.world.cloudwatch.getMetricStatistics(at.call, {
        Namespace: "AWS/SageMaker",
        MetricName,
        Dimensions: [
          { Name: "EndpointName", Value: "echo" },
          { Name: "VariantName", Value: "primary" },
        ],
        StartTime: new Date(Date.UTC(2026, 0, 1)),
        EndTime: new Date(at.world.clock.now()),
        Period: 3600,
        Statistics: ["Average"],
      });
      return Datapoints[0]?.Unit;
    };
    assert.deepEqual(
      await Promise.all(["TimeInBacklog", "TotalProcessingTime", "ModelLatency", "RequestDownloadLatency"].map(unitOf)),
      ["Milliseconds", "Milliseconds", "Microseconds", "Microseconds"],
    );
  });
});

describe("an endpoint's variant", () => {
  let at: EndpointWorld;
  beforeEach(async () => {
    at = await EndpointWorld.open();
    const before = await at.world.sagemaker.describeEndpointConfig(at.call, { EndpointConfigName: "echo-1" });
    await at.world.sagemaker.createEndpointConfig(at.call, { ...before, EndpointConfigName: "echo-2" });
    await at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
      EndpointName: "echo",
      DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredWeight: 3, DesiredInstanceCount: 2 }],
    });
    await at.minutes(6);
  });
  afterEach(() => at.close());

  const variant = async () => {
    const { ProductionVariants = [] } = await at.world.sagemaker.describeEndpoint(at.call, { EndpointName: "echo" });
    return [ProductionVariants[0]?.DesiredWeight, ProductionVariants[0]?.CurrentInstanceCount];
  };

  it("keeps the weight that was set when only a count is sent", async () => {
    assert.deepEqual(await variant(), [3, 2]);
    await at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
      EndpointName: "echo",
      DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredInstanceCount: 1 }],
    });
    await at.minutes(2);
    assert.deepEqual(await variant(), [3, 1]);
  });

  const excluded = { ExcludeRetainedVariantProperties: [{ VariantPropertyType: "DesiredInstanceCount" as const }] };
  const updates: Array<[string, object, Array<number | undefined>]> = [
    ["goes back to the configuration's with an update", {}, [1, 1]],
    ["stays with an update that retains it", { RetainAllVariantProperties: true }, [3, 2]],
    ["stays but for what is excluded", { RetainAllVariantProperties: true, ...excluded }, [3, 1]],
  ];
  for (const [what, asked, expected] of updates) {
    it(what, async () => {
      await at.world.sagemaker.updateEndpoint(at.call, {
        EndpointName: "echo",
        EndpointConfigName: "echo-2",
        ...asked,
      });
      await at.minutes(10);
      assert.deepEqual(await variant(), expected);
    });
  }

  it("cannot be asynchronous on inf1, of several containers, or beside another", async () => {
    const { sagemaker } = at.world;
    const PrimaryContainer = { Image: "registry.example/echo:1" };
    await sagemaker.createModel(at.call, {
      ModelName: "pipeline",
      ExecutionRoleArn: "arn:aws:iam::123456789012:role/serving",
      Containers: [PrimaryContainer, PrimaryContainer],
    });
    const { ProductionVariants: [primary] = [], ...rest } = await sagemaker.describeEndpointConfig(at.call, {
      EndpointConfigName: "echo-1",
    });
    const cases = [
      [{ ...primary, InstanceType: "ml.inf1.xlarge" as const }],
      [{ ...primary, ModelName: "pipeline" }],
      [primary, { ...primary, VariantName: "other" }],
    ];
    for (const [index, ProductionVariants] of cases.entries()) {
      const EndpointConfigName = `refused-${index}`;
      await sagemaker.createEndpointConfig(at.call, {
        ...rest,
        EndpointConfigName,
        ProductionVariants: ProductionVariants as never,
      });
      await assert.rejects(
        sagemaker.createEndpoint(at.call, { EndpointName: EndpointConfigName, EndpointConfigName }),
        /^ValidationException: One or more endpoint features are not supported using this configuration\.$/,
      );
    }
  });
});
