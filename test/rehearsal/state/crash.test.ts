import assert from "node:assert/strict";
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { EndpointWorld } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

type Step =
  | { readonly does: "send" }
  | { readonly does: "wait"; readonly seconds: number }
  | { readonly does: "receive"; readonly deletes: boolean }
  | { readonly does: "look" }
  | { readonly does: "put"; readonly key: string }
  | { readonly does: "remove"; readonly key: string };

const key = fc.constantFrom("a", "b");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ does: "send" }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }).map((seconds): Step => ({ does: "wait", seconds })) },
  { weight: 3, arbitrary: fc.boolean().map((deletes): Step => ({ does: "receive", deletes })) },
  { weight: 2, arbitrary: fc.constant<Step>({ does: "look" }) },
  { weight: 2, arbitrary: key.map((each): Step => ({ does: "put", key: each })) },
  { weight: 2, arbitrary: key.map((each): Step => ({ does: "remove", key: each })) },
);

/** A received notice: of which request, and by which ids it can be told from others and deleted. */
interface Notice {
  readonly request: string;
  readonly message: string;
  readonly receipt: string;
}

/** What a caller was told, and how long the journal was by then: a crash that leaves less was before he was told. */
interface Told {
  readonly bytes: number;
  readonly accepted?: { readonly id: string; readonly location: string };
  readonly notices?: readonly Notice[];
  /** Messages that were deleted, by their ids. */
  readonly deleted?: readonly string[];
  /** Requests whose answer was found where it is written. */
  readonly found?: readonly string[];
  /** A key that has this text, or none, from now on. */
  readonly object?: { readonly key: string; readonly text: string | undefined };
}

/** Odd requests fail, so that both kinds of an end are there. */
const model = (payload: Buffer) => {
  const isOdd = Number(payload) % 2 === 1;
  return { body: isOdd ? "refused" : `echo ${payload}`, status: isOdd ? 400 : 200, workSeconds: 10 };
};

/** A world that is used by a caller who waits for each answer, and everything the disk ever held meanwhile. */
class Run {
  readonly told: Told[] = [];
  readonly sent: string[] = [];
  private count = 0;

  constructor(
    readonly folder: string,
    private readonly at: EndpointWorld,
  ) {}

  async take(does: Step): Promise<void> {
    const { at } = this;
    let told: Omit<Told, "bytes"> = {};
    if (does.does === "send") {
      const id = String(this.count++);
      this.sent.push(id);
      const { OutputLocation, FailureLocation } = await at.send(id);
      const location = (Number(id) % 2 === 1 ? FailureLocation : OutputLocation) ?? "";
      told = { accepted: { id, location } };
    } else if (does.does === "wait") {
      await at.world.clock.advance(does.seconds * 1000);
    } else if (does.does === "look") {
      const accepted = this.told.flatMap((each) => each.accepted ?? []);
      const answers = await Promise.all(accepted.map(({ location }) => at.read(location).catch(() => undefined)));
      told = { found: accepted.filter((_, index) => answers[index] !== undefined).map(({ id }) => id) };
    } else if (does.does === "receive") {
      const received = await receive(at);
      // The answer comes first; only then can a caller delete what was in it.
      await this.answered({ notices: received });
      if (does.deletes) {
        for (const { receipt } of received) await forget(at, receipt);
        told = { deleted: received.map(({ message }) => message) };
      }
    } else {
      const text = does.does === "put" ? `version ${this.count++}` : undefined;
      const object = { Bucket: "payloads", Key: does.key };
      if (text === undefined) await at.world.s3.deleteObject(at.call, object);
      else await at.world.s3.putObject(at.call, { ...object, Body: text });
      told = { object: { key: does.key, text } };
    }
    await this.answered(told);
  }

  private async answered(told: Omit<Told, "bytes">): Promise<void> {
    await this.at.world.keeper?.flushed();
    const { size } = await stat(join(this.folder, "state", "journal"));
    this.told.push({ ...told, bytes: size });
    await keepFiles(this.folder);
  }
}

/** Files are removed when that is safe; one who cuts the journal earlier must find them as they were then. */
async function keepFiles(folder: string): Promise<void> {
  await mkdir(join(folder, "ever"), { recursive: true });
  const there = join(folder, "state/files/s3");
  for (const name of await readdir(there)) {
    await link(join(there, name), join(folder, "ever", name)).catch(() => undefined);
  }
}

async function receive({ world, call, queueUrl: QueueUrl }: EndpointWorld): Promise<Notice[]> {
  const { Messages = [] } = await world.sqs.receiveMessage(call, { QueueUrl, MaxNumberOfMessages: 10 });
  return Messages.map(({ Body, MessageId: message = "", ReceiptHandle: receipt = "" }) => {
    const { inferenceId } = JSON.parse(JSON.parse(Body ?? "").Message) as { inferenceId?: string };
    return { request: inferenceId ?? "test", message, receipt };
  });
}

async function forget({ world, call, queueUrl: QueueUrl }: EndpointWorld, ReceiptHandle: string): Promise<void> {
  await world.sqs.deleteMessage(call, { QueueUrl, ReceiptHandle });
}

/** A place in the journal: a block, and where in it or behind it. */
const cut = fc.record({
  block: fc.integer({ min: 0, max: 999 }),
  at: fc.constantFrom<"end" | "next byte" | "middle" | "newline">("end", "end", "next byte", "middle", "newline"),
});

async function endsOfBlocks(path: string, from: number): Promise<number[]> {
  const journal = await readFile(path);
  const ends = [from];
  for (let at = journal.indexOf(10, from); at >= 0; at = journal.indexOf(10, at + 1)) ends.push(at + 1);
  return ends;
}

function cutOf(ends: readonly number[], { block, at }: { block: number; at: string }): number {
  const index = Math.floor((block * ends.length) / 1000);
  const [end = 0, next = end] = ends.slice(index);
  if (at === "end") return end;
  return at === "next byte" ? Math.min(end + 1, next) : at === "newline" ? Math.max(end, next - 1) : (end + next) >> 1;
}

/** The folder as a crash leaves it when so many bytes of the journal had reached the disk. */
async function crashed(folder: string, bytes: number, name: string): Promise<string> {
  const copy = join(folder, name);
  await mkdir(join(copy, "files/s3"), { recursive: true });
  const journal = await readFile(join(folder, "state/journal"));
  await writeFile(join(copy, "journal"), journal.subarray(0, bytes));
  for (const each of await readdir(join(folder, "ever"))) {
    await link(join(folder, "ever", each), join(copy, "files/s3", each));
  }
  return copy;
}

/** Holds what callers were told against the world after the restart. */
async function check(state: string, bytes: number, { told, sent }: Run): Promise<void> {
  const at = await EndpointWorld.open({ state, containers: new FakeContainers(model) });
  try {
    const before = told.filter((each) => each.bytes <= bytes);
    const objects = new Map(before.flatMap(({ object }) => (object === undefined ? [] : [[object.key, object.text]])));
    const later = told.filter((each) => each.bytes > bytes).flatMap(({ object }) => object ?? []);
    for (const [name, text] of objects) {
      const found = await at.read(`s3://payloads/${name}`).catch(() => undefined);
      // What was begun and not answered may have happened or not: nothing else, and nothing half.
      const possible = [text, later.find((each) => each.key === name)?.text];
      assert.ok(possible.includes(found), `${name} is ${found}, not one of ${possible.join(", ")}`);
    }
    // A caller outlives the crash: what it received before, it deletes now.
    const received = before.flatMap((each) => each.notices ?? []);
    const deleted = before.flatMap((each) => each.deleted ?? []);
    for (const { message, receipt } of received) if (!deleted.includes(message)) await forget(at, receipt);
    await at.minutes(20);
    const notices = new Map<string, Set<string>>();
    const see = ({ request, message }: Notice) =>
      notices.set(request, (notices.get(request) ?? new Set()).add(message));
    received.forEach(see);
    const gone = [...deleted, ...received.map(({ message }) => message)];
    for (let some = await receive(at); some.length > 0; some = await receive(at)) {
      for (const notice of some) {
        see(notice);
        assert.ok(!gone.includes(notice.message), "what was deleted comes no more");
        await forget(at, notice.receipt);
      }
    }
    for (const { accepted } of before) {
      if (accepted === undefined) continue;
      const isOdd = Number(accepted.id) % 2 === 1;
      assert.equal(await at.read(accepted.location), isOdd ? "refused" : `echo ${accepted.id}`);
      assert.equal(at.endpoint.queue.records.get(accepted.id)?.outcome, isOdd ? "failed" : "completed");
      assert.equal(notices.get(accepted.id)?.size, 1, `notices of ${accepted.id}`);
    }
    const answered = before.flatMap(({ found = [], notices: some = [] }) => [
      ...found,
      ...some.map(({ request }) => request),
    ]);
    assert.deepEqual(
      at.containers.seen.filter((id) => answered.includes(id)),
      [],
      "what was answered runs no more",
    );
    for (const id of sent) assert.ok((notices.get(id)?.size ?? 0) <= 1, `${id} was answered more than once`);
    const { Contents = [] } = await at.world.s3.listObjectsV2(at.call, { Bucket: "payloads", Prefix: "results/" });
    assert.ok(Contents.length <= sent.length);
  } finally {
    await at.close();
  }
}

describe("a crash at any byte of the journal", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "crash-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("loses no accepted request and answers none twice", async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 14 }),
        fc.array(cut, { minLength: 4, maxLength: 4 }),
        async (steps, cuts) => {
          const own = join(folder, String(number++));
          await mkdir(own);
          const at = await EndpointWorld.open({
            state: join(own, "state"),
            containers: new FakeContainers(model),
            concurrency: 2,
          });
          await at.world.keeper?.flushed();
          const { size: start } = await stat(join(own, "state/journal"));
          const run = new Run(own, at);
          for (const each of steps) await run.take(each);
          await at.kill();
          await keepFiles(own);
          const ends = await endsOfBlocks(join(own, "state/journal"), start);
          for (const [index, each] of cuts.entries()) {
            const bytes = cutOf(ends, each);
            await check(await crashed(own, bytes, `cut-${index}`), bytes, run);
          }
          await rm(own, { recursive: true });
        },
      ),
      { numRuns: 30, interruptAfterTimeLimit: 20_000 },
    );
  }).timeout(40_000);
});
