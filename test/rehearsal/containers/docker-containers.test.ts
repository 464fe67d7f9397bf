import assert from "node:assert/strict";
import type { ContainerSpec } from "../../../rehearsal/containers/container";
import { DockerContainers } from "../../../rehearsal/containers/docker-containers";
import { imageUri } from "../../fixtures/image-folders";
import { RehearsedEndpoint } from "../../fixtures/rehearsed-endpoint";
import { dockerKeepsItsContract } from "../../support/docker-contract";
import { DockerStandIn } from "../../support/docker-stand-in";

const echoes: ContainerSpec = {
  instanceId: "i-0abc",
  image: imageUri("echoes"),
  environment: { THRESHOLD: "0.5" },
  region: "eu-west-1",
  onLine: () => {},
};

// Every call of docker is a process, and many make a container.
const timeoutMs = 60_000;

describe("containers that a stand-in for docker runs", function () {
  this.timeout(timeoutMs);
  let standIn: DockerStandIn;

  before(async () => {
    standIn = await DockerStandIn.open();
  });
  dockerKeepsItsContract(() => standIn.program);
  after(() => standIn.close());
});

describe("what docker is asked", function () {
  this.timeout(timeoutMs);
  let standIn: DockerStandIn;

  beforeEach(async () => {
    standIn = await DockerStandIn.open();
  });
  afterEach(() => standIn.close());

  it("is for a container without a way out, with the memory of its instance and a model it cannot change", async () => {
    const containers = await DockerContainers.open(standIn);
    const started = [
      await containers.start({ ...echoes, modelFolder: "/models/one/model", memoryBytes: 8 * 2 ** 30 }),
      await containers.start(echoes),
    ];
    await started[0]?.stop();
    await containers.close();
    const calls = await standIn.calls();
    const [network = []] = calls.filter(([, verb]) => verb === "create");
    assert.deepEqual(
      network.filter((word) => word.startsWith("com.docker")),
      ["com.docker.network.bridge.enable_ip_masquerade=false", "com.docker.network.bridge.enable_icc=false"],
    );
    const [create = []] = calls.filter(([verb]) => verb === "create");
    const label = create.find((word) => word.startsWith("async-fleet.rehearsal=")) ?? "";
    assert.match(label, new RegExp(`/${process.pid}$`));
    assert.deepEqual(create, [
      ...["create", "--pull", "never", "--label", label, "--label", "async-fleet.instance=i-0abc"],
      ...["--network", network.at(-1), "--dns", "127.0.0.1", "--publish", "127.0.0.1::8080"],
      ...["--security-opt", "no-new-privileges", "--stop-signal", "SIGTERM", "--log-driver", "json-file"],
      ...["--memory", "8589934592", "--memory-swap", "8589934592"],
      ...["--mount", "type=bind,source=/models/one/model,target=/opt/ml/model,readonly"],
      ...["--env", "THRESHOLD=0.5", "--env", "AWS_REGION=eu-west-1", "--env", "AWS_DEFAULT_REGION=eu-west-1"],
      ...["--env", "AWS_EC2_METADATA_DISABLED=true"],
      ...["fixtures/echoes:1", "serve"],
    ]);
    // SageMaker's 30 seconds before a kill, and two at the end of the whole rehearsal.
    assert.deepEqual(
      calls.filter(([verb]) => verb === "stop").map((words) => words.slice(0, 3)),
      [
        ["stop", "-t", "30"],
        ["stop", "-t", "2"],
      ],
    );
  });

  it("finds an image by its whole URI, by its digest, and one that was built here by its repository", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    await standIn.has([
      ["team/model", "latest", "<none>"],
      ["registry.example/team/model", "<none>", digest],
      ["<none>", "<none>", "<none>"],
    ]);
    const containers = await DockerContainers.open(standIn);
    const uris = ["team/model", "registry.example/team/model:latest", `registry.example/team/model@${digest}`];
    assert.deepEqual(
      [...uris, "other.example/team/model:2", "model", "<none>"].map((uri) => containers.knows(uri)),
      [true, true, true, false, false, false],
    );
    await containers.close();
  });

  it("is refused when docker does not answer, with docker's own words, and when there is none", async () => {
    await standIn.goDown();
    await assert.rejects(DockerContainers.open(standIn), /ASY-546(.|\n)*Cannot connect to the Docker daemon/);
    await assert.rejects(DockerContainers.open({ program: "no-such-docker" }), /ASY-546(.|\n)*no docker program here/);
  });

  it("serves an asynchronous endpoint, whose images cannot be had when docker has them not", async () => {
    const at = await RehearsedEndpoint.open({ image: "echoes", docker: standIn });
    try {
      const { outcome, OutputLocation = "" } = await at.ended("hello");
      assert.deepEqual([outcome, await at.read(OutputLocation)], ["completed", "echo hello"]);
    } finally {
      await at.close();
    }
    await assert.rejects(RehearsedEndpoint.open({ image: "hangs", docker: standIn }), {
      message: "Requested image registry.example/fixtures/hangs:1 not found.",
    });
  });
});
