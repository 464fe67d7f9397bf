import { hostname } from "node:os";
import type { DockerCli } from "./docker-cli";

const label = "async-fleet.rehearsal";

/** The label of everything that this process has docker make: the machine's name and the process's id. */
export function ownerLabel(): string {
  return `${label}=${hostname()}/${process.pid}`;
}

/** What docker still has of rehearsals of this machine whose process is gone. */
export class DockerLeftovers {
  constructor(private readonly docker: DockerCli) {}

  async sweep(): Promise<void> {
    const [containers, networks] = await Promise.all([
      this.orphans(["ps", "--all", "--no-trunc"]),
      this.orphans(["network", "ls", "--no-trunc"]),
    ]);
    if (containers.length > 0) await this.docker.run(["rm", "--force", "--volumes", ...containers]);
    // Another rehearsal that starts now sweeps too: what is gone meanwhile is well.
    if (networks.length > 0) await this.docker.run(["network", "rm", ...networks]).catch(() => undefined);
  }

  private async orphans(list: readonly string[]): Promise<string[]> {
    const text = await this.docker.run([
      ...list,
      ...["--filter", `label=${label}`, "--format", `{{.ID}}\t{{.Label "${label}"}}`],
    ]);
    return text.split("\n").flatMap((line) => {
      const [id = "", owner = ""] = line.split("\t");
      return id !== "" && isGone(owner) ? [id] : [];
    });
  }
}

function isGone(owner: string): boolean {
  const [machine, pid] = owner.split("/");
  if (machine !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "ESRCH";
  }
}
