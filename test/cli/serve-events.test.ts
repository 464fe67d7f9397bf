import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { commonFields, eventKinds, lineKinds } from "../../rehearsal/page/fields";
import { FleetProcess } from "../support/fleet-process";

type Line = Readonly<Record<string, unknown>> & { readonly kind: string; readonly number?: number };

describe("fleet serve --json", function () {
  this.timeout(60_000);

  it("tells where it is, then every event as a line, then that it ended; nothing else", async () => {
    const folder = await mkdtemp(join(tmpdir(), "serve-events-"));
    const manifest = join(folder, "manifest.json");
    const serving = await FleetProcess.start([
      ...["serve", "--json", "--port", "0", "--deploy", "dev", "--write-manifest", manifest],
    ]);
    await serving.said(/"kind":"deployed"/);
    serving.signal("SIGTERM");
    const { code, stdout, leftFiles } = await serving.finished();
    assert.equal(code, 130);
    assert.deepEqual(leftFiles, []);
    assert.equal(JSON.parse(await readFile(manifest, "utf8")).stack, "dev");
    await rm(folder, { recursive: true });

    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    const [first, ...rest] = lines;
    assert.deepEqual(Object.keys(first ?? {}), ["kind", "format", "url", "providerPort", "page", "time"]);
    assert.deepEqual([first?.kind, first?.format, first?.page], ["serving", 1, `${first?.url}/_rehearsal/`]);
    const events = rest.filter(({ number }) => number !== undefined);
    assert.deepEqual(
      events.map(({ number }) => number),
      events.map((_, index) => index + 1),
    );
    assert.ok(events.some((event) => event.kind === "endpoint" && event.status === "InService"));
    const others = rest.filter(({ number }) => number === undefined);
    assert.deepEqual(
      others.map(({ kind, stack }) => [kind, stack]),
      [
        ["deployed", "dev"],
        ["ended", undefined],
      ],
    );
    assert.equal(lines.at(-1)?.kind, "ended");
    for (const line of lines) {
      const told =
        line.number === undefined
          ? { kind: "", ...lineKinds[line.kind as keyof typeof lineKinds].fields }
          : { ...commonFields, ...eventKinds[line.kind as keyof typeof eventKinds].fields };
      assert.deepEqual(
        Object.keys(line).filter((name) => !(name in told)),
        [],
        line.kind,
      );
    }
  });

  it("ends by itself and leaves nothing when nobody reads any more", async () => {
    const serving = await FleetProcess.start(["serve", "--json", "--port", "0"]);
    const [, url = ""] = await serving.said(/"url":"([^"]+)"/);
    serving.stopReading();
    // Somebody has to do something before a line is written that nobody takes.
    const sns = new SNSClient({
      region: "eu-west-1",
      endpoint: url,
      maxAttempts: 1,
      credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
    });
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "told" }));
    await sns.send(new PublishCommand({ TopicArn, Message: "hello" })).catch(() => undefined);
    const { code, stderr, leftFiles } = await serving.finished();
    assert.deepEqual({ code, stderr, leftFiles }, { code: 0, stderr: "", leftFiles: [] });
    sns.destroy();
  });
});
