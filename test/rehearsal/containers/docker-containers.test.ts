import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DockerContainers } from "../../../rehearsal/containers/docker-containers";
import { imageUri } from "../../fixtures/image-folders";
import { OwnTemporaryFolder } from "../../fixtures/own-temporary-folder";
import { dockerImages, dockerKeepsItsContract } from "../../support/docker-contract";

const program = resolve(__dirname, "../../fixtures/docker/docker.js");

describe("containers that docker runs, with a stand-in for docker", () => {
  let temporary: OwnTemporaryFolder;

  beforeEach(async () => {
    temporary = await OwnTemporaryFolder.open();
    process.env.DOCKER_STAND_IN = temporary.path;
    await mkdir(join(temporary.path, "containers"));
    await mkdir(join(temporary.path, "networks"));
    const images = dockerImages.map((name) => `fixtures/${name}\t1\t<none>\n`);
    await writeFile(join(temporary.path, "images.txt"), images.join(""));
  });
  afterEach(async () => {
    delete process.env.DOCKER_STAND_IN;
    await temporary.close();
  });

  /** What docker has been asked to do so far, without the questions. */
  async function asked(): Promise<string[][]> {
    const calls = (await readFile(join(temporary.path, "calls.jsonl"), "utf8")).trimEnd().split("\n");
    return calls.map((line) => JSON.parse(line) as string[]);
  }

  describe("as docker keeps its contract", () => dockerKeepsItsContract(() => program));

  it("asks docker for a container without a way out, with the memory of its instance and a model it cannot change", async () => {
    const containers = await DockerContainers.open({ program });
    const container = await containers.start({
      instanceId: "i-0abc",
      image: imageUri("echoes"),
      environment: { THRESHOLD: "0.5" },
      region: "eu-west-1",
      modelFolder: "/models/one/model",
      memoryBytes: 8 * 2 ** 30,
      onLine: () => {},
    });
    await container.stop();
    await containers.close();
    const [network, create] = (await asked()).filter(([verb, second]) => verb === "create" || second === "create");
    const name = network?.at(-1) ?? "";
    assert.deepEqual(
      network?.filter((word) => word.startsWith("com.docker")),
      ["com.docker.network.bridge.enable_ip_masquerade=false", "com.docker.network.bridge.enable_icc=false"],
    );
    const label = create?.find((word) => word.startsWith("async-fleet.rehearsal=")) ?? "";
    assert.match(label, new RegExp(`/${process.pid}$`));
    assert.deepEqual(create, [
      ...["create", "--pull", "never", "--label", label, "--label", "async-fleet.instance=i-0abc"],
      ...["--network", name, "--dns", "127.0.0.1", "--publish", "127.0.0.1::8080"],
      ...["--security-opt", "no-new-privileges", "--stop-signal", "SIGTERM", "--log-driver", "json-file"],
      ...["--memory", "8589934592", "--memory-swap", "8589934592"],
      ...["--mount", "type=bind,source=/models/one/model,target=/opt/ml/model,readonly"],
      ...["--env", "THRESHOLD=0.5", "--env", "AWS_REGION=eu-west-1", "--env", "AWS_DEFAULT_REGION=eu-west-1"],
      ...["--env", "AWS_EC2_METADATA_DISABLED=true"],
      ...["fixtures/echoes:1", "serve"],
    ]);
  });

  it("gives SageMaker's 30 seconds before a kill, and the end of a rehearsal two", async () => {
    const containers = await DockerContainers.open({ program });
    const start = () =>
      containers.start({
        instanceId: "i-1",
        image: imageUri("echoes"),
        environment: {},
        region: "eu-west-1",
        onLine: () => {},
      });
    const [first] = [await start(), await start()];
    await first?.stop();
    await containers.close();
    assert.deepEqual(
      (await asked()).filter(([verb]) => verb === "stop").map((words) => words.slice(0, 3)),
      [
        ["stop", "-t", "30"],
        ["stop", "-t", "2"],
      ],
    );
  });

  it("finds an image by its whole URI first, by its digest, and one that was built here by its repository", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    await writeFile(
      join(temporary.path, "images.txt"),
      `team/model\tlatest\t<none>\nregistry.example/team/model\t<none>\t${digest}\n<none>\t<none>\t<none>\n`,
    );
    const containers = await DockerContainers.open({ program });
    assert.deepEqual(
      [
        "team/model",
        "registry.example/team/model:latest",
        `registry.example/team/model@${digest}`,
        "model",
        "<none>",
      ].map((uri) => containers.knows(uri)),
      [true, true, true, false, false],
    );
    await containers.close();
  });

  it("is refused when docker does not answer, with docker's own words, and when there is none", async () => {
    await writeFile(join(temporary.path, "down"), "");
    await assert.rejects(DockerContainers.open({ program }), /ASY-546(.|\n)*Cannot connect to the Docker daemon/);
    await rm(join(temporary.path, "down"));
    await assert.rejects(DockerContainers.open({ program: "no-such-docker" }), /ASY-546(.|\n)*no docker program here/);
  });
});
