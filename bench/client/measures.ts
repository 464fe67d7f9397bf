import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const rootDir = join(__dirname, "../..");
const python = process.env.PYTHON ?? "python3";
const uploadBytes = 2 ** 30;
const submits = 4000;

/** @param held undefined: it could not be measured */
export type Tell = (held: boolean | undefined, line: string) => void;

interface Taken {
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** The client's budgets, each beside boto3 doing the same in the same run against the same rehearsal. */
export async function measureClient(tell: Tell): Promise<void> {
  startOfTheCommandLine(tell);
  const folder = await mkdtemp(join(tmpdir(), "bench-client-"));
  const manifest = join(folder, "manifest.json");
  const args = ["bin/fleet.js", "serve", "--deploy", "dev", "--port", "0", "--write-manifest", manifest];
  const serving = spawn(process.execPath, args, { cwd: rootDir, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const url = await addressOf(serving);
    const boto3 = boto3Lacks();
    if (boto3 !== undefined) tell(undefined, `boto3 is not measured beside: ${boto3}`);
    const besides = boto3 === undefined;
    submitsASecond(tell, [manifest, url, String(submits)], besides);
    await uploads(tell, [manifest, url], join(folder, "payload"), besides);
    const { megabytes, waits } = child<{ megabytes: number; waits: number }>("waits.ts", [manifest, url, "10000"]);
    tell(megabytes < 200, `${Math.round(megabytes)} MB of 200 MB resident with ${waits} waits held open`);
  } finally {
    serving.kill("SIGINT");
    await new Promise((resolve) => void serving.once("close", resolve));
    await rm(folder, { recursive: true });
  }
}

function startOfTheCommandLine(tell: Tell): void {
  const runs = Array.from({ length: 15 }, () => {
    const began = performance.now();
    const { stderr } = spawnSync(process.execPath, ["-r", join(rootDir, "bench/peak.js"), "bin/fleet.js", "--help"], {
      cwd: rootDir,
      encoding: "utf8",
    });
    return { wall: performance.now() - began, processor: Number(/processor-ms (\d+)/.exec(stderr)?.[1]) };
  });
  // The quickest: what is more than that is other programs' doing.
  const wall = Math.min(...runs.map((run) => run.wall));
  const processor = Math.min(...runs.map((run) => run.processor));
  tell(
    wall <= 150,
    `${Math.round(wall)} ms of 150 ms (${processor} ms of processor time) for fleet --help, the quickest of 15`,
  );
}

function submitsASecond(tell: Tell, args: readonly string[], besides: boolean): void {
  const rate = ({ seconds }: Taken): number => submits / seconds;
  // Turn about, so that both meet the same machine.
  const ours: Taken[] = [];
  const theirs: Taken[] = [];
  for (let round = 0; round < 2; round++) {
    if (besides) theirs.push(pythonChild("submits.py", args));
    ours.push(child("submits.ts", args));
  }
  const our = best(ours);
  const own = `${Math.round(rate(our))} submits a second with 64 in flight (${our.processorSeconds.toFixed(1)} s of processor time for ${submits})`;
  if (!besides) {
    tell(undefined, own);
    return;
  }
  const their = best(theirs);
  const ratio = rate(our) / rate(their);
  tell(
    ratio >= 2,
    `${ratio.toFixed(1)} times boto3's submits a second, of 2: ${own}, boto3 ${Math.round(rate(their))} (${their.processorSeconds.toFixed(1)} s)`,
  );
}

async function uploads(tell: Tell, args: readonly string[], path: string, besides: boolean): Promise<void> {
  await pipeline(createReadStream("/dev/urandom", { end: 2 ** 26 - 1 }), createWriteStream(path));
  const part = createReadStream(path);
  const chunks: Buffer[] = [];
  for await (const chunk of part) chunks.push(chunk as Buffer);
  for (let times = 1; times < uploadBytes / 2 ** 26; times++) {
    await pipeline(Readable.from(chunks), createWriteStream(path, { flags: "a" }));
  }
  const theirs: Taken[] = [];
  const ours: Taken[] = [];
  for (let round = 0; round < 3; round++) {
    if (besides) theirs.push(pythonChild("upload.py", [...args, path]));
    ours.push(child("upload.ts", [...args, path]));
  }
  const said = (who: string, { seconds, processorSeconds }: Taken): string =>
    `${who} ${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor time)`;
  const our = best(ours);
  if (!besides) {
    tell(undefined, `1 GiB uploaded: ${said("fleet", our)}`);
    return;
  }
  const their = best(theirs);
  tell(
    our.seconds <= their.seconds,
    `1 GiB uploaded, no slower than boto3: ${said("fleet", our)}, ${said("boto3", their)}`,
  );
}

function best(taken: readonly Taken[]): Taken {
  return taken.reduce((quickest, each) => (each.seconds < quickest.seconds ? each : quickest));
}

function child<Result = Taken>(program: string, args: readonly string[]): Result {
  return run(process.execPath, ["-r", join(rootDir, "bin/typescript.js"), join(__dirname, program), ...args]);
}

function pythonChild(program: string, args: readonly string[]): Taken {
  return run(python, [join(__dirname, program), ...args]);
}

function run<Result>(command: string, args: readonly string[]): Result {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: rootDir, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}:\n${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as Result;
}

/** Why boto3 cannot do the same here; undefined when it can. */
function boto3Lacks(): string | undefined {
  const { error, status, stdout } = spawnSync(
    python,
    [
      "-c",
      "import boto3; print('Body' in boto3.client('sagemaker-runtime', 'eu-west-1').meta.service_model.operation_model('InvokeEndpointAsync').input_shape.members)",
    ],
    { encoding: "utf8" },
  );
  if (error !== undefined) return `no ${python}`;
  if (status !== 0) return `${python} cannot import it`;
  return stdout.trim() === "True" ? undefined : "it is too old to send a payload within a request";
}

async function addressOf(serving: ChildProcess): Promise<string> {
  if (serving.stdout === null) throw new Error("the rehearsal says nothing");
  for await (const line of createInterface({ input: serving.stdout })) {
    const url = /AWS is played at (\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error("the rehearsal ended before it served");
}
