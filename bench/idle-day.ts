/** One day of AWS's time in which nobody asks for anything: the fleet of stack prod, deployed and left alone. */
import { performance } from "node:perf_hooks";
import { imageFolders, rootDir } from "../cli/images";
import { EnginelessStack } from "../cli/rehearse/engineless-stack";
import { startRehearsal } from "../rehearsal/rehearsal";
import { program } from "../stacks/program";

const hourMs = 3_600_000;

async function measure(): Promise<void> {
  const rehearsal = await startRehearsal({
    imageFolders: await imageFolders(undefined),
    echoesOthers: true,
    clock: { kind: "fast-forward", quietMs: 0 },
  });
  try {
    const { clock } = rehearsal.world;
    const release = clock.demand();
    await new EnginelessStack({
      world: rehearsal.world,
      stack: "prod",
      rootDir,
      program: () => program({ rootDir }),
    }).up();
    release();
    // The instances of a new endpoint go home first: a fleet at zero is the idle one.
    await clock.until(() => false, hourMs);
    const began = performance.now();
    const cpu = process.cpuUsage();
    await clock.until(() => false, 24 * hourMs);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    console.log(JSON.stringify({ seconds, processorSeconds: (user + system) / 1e6 }));
  } finally {
    await rehearsal.close();
  }
}

void measure();
