import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { types } from "../../policies/async-resources";
import { presets } from "../../policies/presets";
import { rules } from "../../policies/rules";
import { parseWaived } from "../../policies/waivers/describe";
import { configurationDeclaring, configurationWithOutput } from "../support/hand-written";
import { type Asked, PackClient, packFolder } from "../support/pack-client";

const reason = "The callers poll by inference id until the topics arrive with the next release.";
const waiver = (more: string, expires = "2999-12-31"): string =>
  `  - ${more}\n    reason: ${reason}\n    owner: team-ml\n    expires: ${expires}\n`;

/** A configuration that tells nobody of its results: one finding of results-are-told for each topic. */
const untold = { ...configurationWithOutput({ notificationConfig: {} }), name: "config" } satisfies Asked;
const root = { type: "pulumi:pulumi:Stack", name: "test-dev", props: {} } satisfies Asked;
/** A target that sleeps and cannot wake: a finding of a stack rule. */
const sleeper = {
  type: types.target,
  name: "target",
  props: {
    region: "eu-west-1",
    serviceNamespace: "sagemaker",
    resourceId: "endpoint/e/variant/primary",
    minCapacity: 0,
    maxCapacity: 1,
  },
} satisfies Asked;

describe("the pack, asked as an engine asks it", function () {
  this.timeout(60_000);
  let project: string;
  let served: PackClient;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "judged-project-"));
    await mkdir(join(project, "policies"));
    await writeFile(join(project, "Pulumi.yaml"), "name: test\nruntime: nodejs\n");
    served = await PackClient.start(packFolder, project);
  });
  // Whoever tells a pack of its stack again starts over: one process serves every test.
  beforeEach(async () => {
    await rm(join(project, "policies/waivers.yaml"), { force: true });
    await served.configure({});
    await stack({});
  });
  after(async () => {
    served.close();
    await rm(project, { recursive: true, force: true });
  });

  const waivers = (text: string, file = "policies/waivers.yaml") => writeFile(join(project, file), `waivers:\n${text}`);
  const stack = (setting: object) => served.configureStack({ "async-fleet:policies": setting });
  /** What one rule says: fixtures are written to be judged by that one. */
  const said = async (asked: Asked, rule = "results-are-told") =>
    (await served.analyze(asked)).filter(({ policy }) => policy === rule);
  const levelsOf = async (asked: Asked): Promise<string[]> => (await said(asked)).map(({ level }) => level);
  const saidOfWaivers = async (asked: readonly Asked[]) =>
    (await served.analyzeStack(asked)).filter(({ policy }) => policy.startsWith("waivers-are"));

  it("enforces the recommended rules when nothing is configured, and the rules about waivers", async () => {
    await served.configureStack({});
    const { levels } = await served.describe();
    assert.deepEqual(
      Object.keys(levels).sort(),
      [
        ...rules.map(({ name }) => name),
        "bucket-policies-refuse-plain-http",
        "waivers-are-current",
        "waivers-are-used",
      ].sort(),
    );
    for (const { name, enforcementLevel } of rules)
      assert.equal(levels[name], presets.recommended.includes(name) ? enforcementLevel : "disabled", name);
    assert.equal(levels["waivers-are-current"], "mandatory");
    assert.equal(levels["waivers-are-used"], "advisory");
  });

  it("takes preset, levels and parameters from the stack's setting", async () => {
    await stack({
      preset: "essential",
      rules: { "results-are-told": "advisory", "time-to-live-covers-waking": { wakeSeconds: 1 } },
    });
    const { levels, parameters } = await served.describe();
    assert.equal(levels["results-are-told"], "advisory");
    assert.equal(levels["payload-limit-is-declared"], "disabled");
    assert.deepEqual(parameters["time-to-live-covers-waking"], { wakeSeconds: 1 });
    assert.deepEqual(
      (await said(untold)).map(({ policy, level }) => [policy, level]),
      [
        ["results-are-told", "advisory"],
        ["results-are-told", "advisory"],
      ],
    );
  });

  it("judges by the schema's defaults though no engine fills them in, and by what an engine hands over", async () => {
    const short = { ...configurationDeclaring("async-fleet:time-to-live-seconds", "1319"), name: "short" };
    const rule = "time-to-live-covers-waking";
    const [finding] = await said(short, rule);
    assert.match(finding?.message ?? "", /below waking \(420\)/);
    await served.configure({
      "time-to-live-covers-waking": { level: "advisory", parameters: { wakeSeconds: 419 } },
    });
    assert.deepEqual(await said(short, rule), []);
  });

  it("refuses a stack's setting with everything that is wrong in it", async () => {
    const refused = stack({ preset: "stricter", rules: { "results-are-tolt": "advisory" } });
    await assert.rejects(refused, (cause: Error) => {
      assert.match(cause.message, /ASY-405 {2}async-fleet:policies\.preset in stack dev\n {2}got +"stricter"/);
      assert.match(cause.message, /ASY-406 .*results-are-tolt.*\n.*\n {2}expected {2}did you mean results-are-told\?/);
      assert.doesNotMatch(cause.message, /\n\s+at /);
      return true;
    });
  });

  it("refuses a configuration that an engine passes on though it names no rule or no parameter", async () => {
    await assert.rejects(served.configure({ "results-are-tolt": { level: "advisory" } }), /ASY-406/);
    await assert.rejects(
      served.configure({ "time-to-live-covers-waking": { level: "advisory", parameters: { wakeSecond: 1 } } }),
      /ASY-407 {2}time-to-live-covers-waking\.wakeSecond[\s\S]*did you mean wakeSeconds/,
    );
    await served.configure({ all: { level: "advisory" }, "results-are-told": { level: "advisory" } });
  });

  it("tells a waived finding as advice with rule, owner, reason and end", async () => {
    await waivers(waiver("rule: results-are-told\n    urn: '*::config'"));
    await stack({});
    assert.deepEqual(
      (await said(untold)).map(({ policy, level, message }) => [policy, level, parseWaived(message)]),
      ["successTopic", "errorTopic"].map((topic) => [
        "results-are-told",
        "advisory",
        {
          rule: "results-are-told",
          owner: "team-ml",
          reason,
          expires: "2999-12-31",
          message: `outputConfig.notificationConfig.${topic} is missing.`,
        },
      ]),
    );
  });

  it("keeps a waived finding advice when every rule is made mandatory", async () => {
    await waivers(waiver("rule: results-are-told\n    urn: '*::config'"));
    await stack({ rules: { all: "mandatory" } });
    assert.deepEqual(await levelsOf(untold), ["advisory", "advisory"]);
    await served.configure({ "results-are-told": { level: "mandatory" } });
    assert.deepEqual(await levelsOf(untold), ["advisory", "advisory"]);
  });

  it("excuses what a waiver by region covers, and nothing in another region", async () => {
    await waivers(waiver("rule: results-are-told\n    region: eu-*"));
    await stack({});
    const there = { ...untold, props: { ...untold.props, region: "us-east-1" } };
    assert.deepEqual(new Set(await levelsOf(untold)), new Set(["advisory"]));
    assert.deepEqual(new Set(await levelsOf(there)), new Set(["mandatory"]));
  });

  it("excuses a resource by its provider's region when it names none", async () => {
    await waivers(waiver("rule: every-resource-names-its-region\n    region: eu-west-1"));
    await stack({});
    const topic = { type: "aws:sns/topic:Topic", name: "topic", props: {}, providerRegion: "eu-west-1" };
    assert.deepEqual(
      (await said(topic, "every-resource-names-its-region")).map(({ policy, level }) => [policy, level]),
      [["every-resource-names-its-region", "advisory"]],
    );
  });

  it("excuses findings of stack rules too", async () => {
    await waivers(waiver("rule: scaling-can-leave-zero\n    region: eu-west-1"));
    await stack({});
    const told = (await served.analyzeStack([root, sleeper])).filter(({ policy }) => policy.startsWith("scaling-can"));
    assert.deepEqual(
      told.map(({ level, message }) => [level, parseWaived(message)?.message]),
      [["advisory", "endpoint/e/variant/primary: no step scaling policy adds instances."]],
    );
  });

  it("lets a finding stand whose waiver has expired, and fails for the waiver itself", async () => {
    await waivers(waiver("rule: results-are-told\n    urn: '*::config'", "2020-01-01"));
    await stack({});
    assert.deepEqual(await levelsOf(untold), ["mandatory", "mandatory"]);
    assert.deepEqual(await saidOfWaivers([root, untold]), [
      {
        policy: "waivers-are-current",
        level: "mandatory",
        message:
          "policies/waivers.yaml:2: the waiver of results-are-told for *::config expired on 2020-01-01. team-ml renews it with a new reason, or deletes it and mends the finding.",
      },
    ]);
  });

  it("warns of a waiver that nothing needed, and of none that a finding did", async () => {
    await waivers(
      waiver("rule: results-are-told\n    urn: '*::config'") +
        waiver("rule: results-are-told\n    urn: '*::konfig'") +
        waiver("rule: results-are-told\n    urn: 'urn:pulumi:prod::*'"),
    );
    await stack({});
    await served.analyze(untold);
    assert.deepEqual(
      (await saidOfWaivers([root, untold])).map(({ policy, level, message }) => [
        policy,
        level,
        message.split(":").slice(0, 2).join(":"),
      ]),
      [["waivers-are-used", "advisory", "policies/waivers.yaml:7"]],
    );
  });

  it("reads the file of waivers the stack names, and refuses when there is none", async () => {
    await waivers(waiver("rule: results-are-told\n    urn: '*::config'"), "own.yaml");
    await stack({ waivers: "own.yaml" });
    assert.deepEqual(await levelsOf(untold), ["advisory", "advisory"]);
    await assert.rejects(stack({ waivers: "none.yaml" }), /ASY-408 {2}none\.yaml\n {2}got +no such file/);
  });

  it("refuses a bad file of waivers before it judges anything, whoever asks", async () => {
    await waivers(waiver("rule: results-are-tolt\n    urn: '*'", "2027-02-30"));
    await assert.rejects(stack({}), /ASY-409 {2}policies\/waivers\.yaml:2[\s\S]*ASY-413 {2}policies\/waivers\.yaml:6/);
    const unasked = await PackClient.start(packFolder, project);
    await assert.rejects(unasked.describe(), /ASY-409/).finally(() => unasked.close());
    await rm(join(project, "policies/waivers.yaml"));
  });
});
