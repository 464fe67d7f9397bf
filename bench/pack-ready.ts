/** Prints, as JSON, how long the policy pack takes from the start of its process to its first answer. */
import { join } from "node:path";
import { PackProcess } from "../check/pack-process";
import { startPackRunner } from "../check/pack-runner";

const done = new AbortController();

async function measure(): Promise<void> {
  const began = performance.now();
  const pack = await PackProcess.connect(startPackRunner(join(__dirname, ".."), done.signal));
  await pack.begin({ stack: "dev", project: "async-fleet", config: {}, rules: {} });
  process.stdout.write(JSON.stringify({ seconds: (performance.now() - began) / 1000 }), () => process.exit(0));
}

void measure();
