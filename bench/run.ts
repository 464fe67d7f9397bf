/** `npm run bench`: the budgets of the design, measured on this machine and printed with it. Exit 1 when one is missed. */
import { spawn } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { supportedRegions } from "../contract/regions";
import { measureClient } from "./client/measures";
import { watchMemory } from "./memory";

const rootDir = join(__dirname, "..");

interface Measure {
  readonly what: string;
  readonly boundSeconds: number;
  readonly args: readonly string[];
  /** Seconds out of the command's own JSON; absent: the whole process's wall time. */
  readonly secondsOf?: (output: never) => number;
  /** Resident memory of the command and everything it started, together. @default - told, not bounded */
  readonly boundMegabytes?: number;
  /** What is measured, when it is not seconds; `boundSeconds` then bounds that. @default s */
  readonly unit?: string;
}

interface Check {
  readonly stacks: ReadonlyArray<{
    readonly resources: number;
    readonly seconds: { readonly record: number; readonly judge: number };
  }>;
}
interface Rehearsed {
  /** Of `stack export` once everything is deployed. */
  readonly stateBytes: number;
  readonly wallSeconds: number;
  readonly steps: ReadonlyArray<{ readonly title: string; readonly seconds: number }>;
}

const fleet = ["bin/fleet.js"];
const gigabyte = ["-r", "./bin/typescript", "bench/gigabyte.ts"];
/** What bench/gigabyte.ts prints; times of the rehearsal are told as ratios to a plain file server's. */
interface Gigabyte {
  readonly startSeconds: number;
  readonly upRatio: number;
  readonly upFramedRatio: number;
  readonly downRatio: number;
  readonly peakMegabytes: number;
  readonly throughSeconds: number;
  readonly putsPerSecond: number;
  readonly getsPerSecond: number;
  readonly requestsPerSecond: number;
}
const restart = ["-r", "./bin/typescript", "bench/restart.ts"];
/** What bench/restart.ts prints. */
interface Restarted {
  readonly restartSeconds: number;
  readonly keeping: { readonly putsPerSecond: number; readonly requestsPerSecond: number };
}
const measures: readonly Measure[] = [
  {
    what: "program for 31 regions recorded",
    boundSeconds: 3,
    args: [...fleet, "check", "--stack", "prod", "--json"],
    secondsOf: ({ stacks }: Check) => stacks[0]?.seconds.record ?? Number.NaN,
  },
  {
    what: "check of the 31 regions, every rule, all processes",
    boundSeconds: 5,
    boundMegabytes: 700,
    args: [...fleet, "check", "--stack", "prod", "--json"],
  },
  {
    what: "the same, judging alone, for each resource",
    boundSeconds: 0.002,
    args: [...fleet, "check", "--stack", "prod", "--json"],
    secondsOf: ({ stacks: [prod] }: Check) => (prod?.seconds.judge ?? Number.NaN) / (prod?.resources ?? 0),
  },
  {
    what: "policy pack, from the start of its process to its first answer",
    boundSeconds: 1.5,
    args: ["-r", "./bin/typescript", "bench/pack-ready.ts"],
    secondsOf: ({ seconds }: { seconds: number }) => seconds,
  },
  {
    what: "check of every stack",
    boundSeconds: Number.POSITIVE_INFINITY,
    args: [...fleet, "check", "--all", "--json"],
  },
  { what: "rehearse dev", boundSeconds: 30, args: [...fleet, "rehearse", "--json"] },
  {
    what: "engine preview of 31 regions, with the pack",
    boundSeconds: 10,
    args: [...fleet, "rehearse", "--stack", "prod", "--json"],
    secondsOf: (report: Rehearsed) => report.steps[0]?.seconds ?? Number.NaN,
  },
  {
    what: "rehearse prod, 31 regions",
    boundSeconds: 180,
    args: [...fleet, "rehearse", "--stack", "prod", "--json"],
    secondsOf: (report: Rehearsed) => report.wallSeconds,
  },
  {
    what: "a day of AWS's time, 31 regions with nothing to do",
    boundSeconds: 5,
    args: ["-r", "./bin/typescript", "bench/idle-day.ts"],
    secondsOf: ({ seconds }: { seconds: number }) => seconds,
  },
  {
    what: "fleet serve, start to listening",
    boundSeconds: 0.5,
    args: gigabyte,
    secondsOf: ({ startSeconds }: Gigabyte) => startSeconds,
  },
  {
    what: "1 GiB up, against a plain file server",
    boundSeconds: 1.5,
    unit: "x",
    args: gigabyte,
    secondsOf: ({ upRatio }: Gigabyte) => upRatio,
  },
  {
    what: "the same as SDKs send it, framed and with a checksum",
    boundSeconds: 1.5,
    unit: "x",
    args: gigabyte,
    secondsOf: ({ upFramedRatio }: Gigabyte) => upFramedRatio,
  },
  {
    what: "1 GiB down, against a plain file server",
    boundSeconds: 1.5,
    unit: "x",
    args: gigabyte,
    secondsOf: ({ downRatio }: Gigabyte) => downRatio,
  },
  {
    what: "resident memory of the rehearsal by then",
    boundSeconds: 300,
    unit: "MB",
    args: gigabyte,
    secondsOf: ({ peakMegabytes }: Gigabyte) => peakMegabytes,
  },
  {
    what: "1 GiB through an asynchronous request",
    boundSeconds: Number.POSITIVE_INFINITY,
    args: gigabyte,
    secondsOf: ({ throughSeconds }: Gigabyte) => throughSeconds,
  },
  ...(
    [
      ["small object put", Number.POSITIVE_INFINITY, ({ putsPerSecond }: Gigabyte) => putsPerSecond],
      ["small object got", Number.POSITIVE_INFINITY, ({ getsPerSecond }: Gigabyte) => getsPerSecond],
      ["asynchronous request, tiny, echoed", 1 / 500, ({ requestsPerSecond }: Gigabyte) => requestsPerSecond],
    ] as const
  ).map(([what, boundSeconds, perSecond]) => ({
    what,
    boundSeconds,
    unit: "s each",
    args: gigabyte,
    secondsOf: (found: Gigabyte) => 1 / perSecond(found),
  })),
  {
    what: "fleet serve --state, start to its first answer with 100,000 requests in the journal",
    boundSeconds: 5,
    args: restart,
    secondsOf: ({ restartSeconds }: Restarted) => restartSeconds,
  },
  {
    what: "small object put, where the world is kept",
    boundSeconds: Number.POSITIVE_INFINITY,
    unit: "s each",
    args: restart,
    secondsOf: ({ keeping }: Restarted) => 1 / keeping.putsPerSecond,
  },
  {
    what: "asynchronous request, tiny, echoed, where the world is kept",
    boundSeconds: Number.POSITIVE_INFINITY,
    unit: "s each",
    args: restart,
    secondsOf: ({ keeping }: Restarted) => 1 / keeping.requestsPerSecond,
  },
] as Measure[];

/** One run for each distinct command; measures of one command share it. */
const runs = new Map<string, { seconds: number; output: unknown; peakMegabytes: number }>();

async function run(args: readonly string[]) {
  const key = args.join(" ");
  let done = runs.get(key);
  if (done === undefined) {
    const began = performance.now();
    const child = spawn(process.execPath, ["-r", join(__dirname, "peak.js"), ...args], { cwd: rootDir });
    const watch = watchMemory(child.pid ?? 0);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const status = await new Promise<number | null>((ended) => void child.once("close", ended));
    const seconds = (performance.now() - began) / 1000;
    if (status !== 0) throw new Error(`${key} ended with ${status}:\n${stderr.slice(-2000)}`);
    const own = Number(/peak-rss-kb (\d+)/.exec(stderr)?.[1] ?? 0) / 1024;
    done = { seconds, output: JSON.parse(stdout), peakMegabytes: Math.max(own, watch.peakMegabytes()) };
    runs.set(key, done);
  }
  return done;
}

const [processor] = cpus();
console.log(
  `${cpus().length} x ${processor?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
);
async function measureAll(): Promise<void> {
  let missed = 0;
  for (const { what, boundSeconds, boundMegabytes, unit = "s", args, secondsOf } of measures) {
    const { seconds, output, peakMegabytes } = await run(args);
    const measured = secondsOf === undefined ? seconds : secondsOf(output as never);
    const isMissed = !(measured <= boundSeconds) || peakMegabytes > (boundMegabytes ?? Number.POSITIVE_INFINITY);
    if (isMissed) missed++;
    const digits = measured < 0.1 ? 4 : unit === "x" ? 2 : 1;
    const time = `${measured.toFixed(digits).padStart(7)} ${unit} of ${(Number.isFinite(boundSeconds) ? String(boundSeconds) : "-").padStart(5)} ${unit}`;
    const memory = `${String(Math.round(peakMegabytes)).padStart(5)} MB of ${String(boundMegabytes ?? "-").padStart(4)} MB`;
    console.log(`${isMissed ? "MISSED" : "ok    "} ${time}  ${memory}  ${what}`);
  }
  process.exitCode = missed > 0 ? 1 : 0;
}

async function perRegion(): Promise<void> {
  const { stacks } = (await run([...fleet, "check", "--stack", "prod", "--json"])).output as Check;
  const { stateBytes } = (await run([...fleet, "rehearse", "--stack", "prod", "--json"])).output as Rehearsed;
  const resources = stacks[0]?.resources ?? 0;
  const regions = supportedRegions.length;
  const each = (total: number, digits = 0): string => (total / regions).toFixed(digits);
  console.log(
    `${resources} resources in ${regions} regions: ${each(resources, 1)} a region (the role and its policy, which are global, with them)`,
  );
  console.log(`${Math.round(stateBytes / 1024)} KB of state after up: ${each(stateBytes / 1024)} KB a region`);
}

/** `npm run bench -- client` measures the client alone. */
async function measureThose(): Promise<void> {
  if (!process.argv.includes("client")) {
    await measureAll();
    await perRegion();
  }
  await measureClient((held, line) => {
    if (held === false) process.exitCode = 1;
    console.log(`${held === undefined ? "-     " : held ? "ok    " : "MISSED"} ${line}`);
  });
}

void measureThose();
