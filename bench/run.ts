/** `npm run bench`: the budgets of the design, measured on this machine and printed with it. Exit 1 when one is missed. */
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { supportedRegions } from "../contract/regions";

const rootDir = join(__dirname, "..");

interface Measure {
  readonly what: string;
  readonly boundSeconds: number;
  readonly args: readonly string[];
  /** Seconds out of the command's own JSON; absent: the whole process's wall time. */
  readonly secondsOf?: (output: never) => number;
}

interface Verdict {
  /** Without components. */
  readonly resources: number;
  readonly seconds: { readonly record: number; readonly judge: number };
}
interface Rehearsed {
  /** Of `stack export` once everything is deployed. */
  readonly stateBytes: number;
  readonly wallSeconds: number;
  readonly steps: ReadonlyArray<{ readonly title: string; readonly seconds: number }>;
}

const fleet = ["bin/fleet.js"];
const measures: readonly Measure[] = [
  {
    what: "program for 31 regions recorded, with the judge's start",
    boundSeconds: 3,
    args: [...fleet, "check", "--stack", "prod", "--json"],
    secondsOf: ([verdict]: never[]) => (verdict as unknown as Verdict).seconds.record,
  },
  {
    what: "check of the 31 regions, whole process",
    boundSeconds: 5,
    args: [...fleet, "check", "--stack", "prod", "--json"],
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
] as Measure[];

/** One run for each distinct command; measures of one command share it. */
const runs = new Map<string, { seconds: number; output: unknown; peakMegabytes: number }>();

function run(args: readonly string[]) {
  const key = args.join(" ");
  let done = runs.get(key);
  if (done === undefined) {
    const began = performance.now();
    const { stdout, status, stderr } = spawnSync(process.execPath, ["-r", join(__dirname, "peak.js"), ...args], {
      cwd: rootDir,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`${key} ended with ${status}:\n${stderr.slice(-2000)}`);
    const peakMegabytes = Number(/peak-rss-kb (\d+)/.exec(stderr)?.[1] ?? 0) / 1024;
    done = { seconds: (performance.now() - began) / 1000, output: JSON.parse(stdout), peakMegabytes };
    runs.set(key, done);
  }
  return done;
}

const [processor] = cpus();
console.log(
  `${cpus().length} x ${processor?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
);
let missed = 0;
for (const { what, boundSeconds, args, secondsOf } of measures) {
  const { seconds, output, peakMegabytes } = run(args);
  const measured = secondsOf === undefined ? seconds : secondsOf(output as never);
  if (measured > boundSeconds) missed++;
  console.log(
    `${measured > boundSeconds ? "MISSED" : "ok    "} ${measured.toFixed(1).padStart(7)} s of ${String(boundSeconds).padStart(4)} s  ${String(Math.round(peakMegabytes)).padStart(5)} MB  ${what}`,
  );
}
const [prod] = run([...fleet, "check", "--stack", "prod", "--json"]).output as [Verdict];
const { stateBytes } = run([...fleet, "rehearse", "--stack", "prod", "--json"]).output as Rehearsed;
const regions = supportedRegions.length;
const perRegion = (total: number, digits = 0): string => (total / regions).toFixed(digits);
console.log(
  `${prod.resources} resources in ${regions} regions: ${perRegion(prod.resources, 1)} a region (the role and its policy, which are global, with them)`,
);
console.log(`${Math.round(stateBytes / 1024)} KB of state after up: ${perRegion(stateBytes / 1024)} KB a region`);
process.exitCode = missed > 0 ? 1 : 0;
