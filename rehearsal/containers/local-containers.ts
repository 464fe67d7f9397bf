import type { ChildContainers } from "./child-containers";
import type { Container, ContainerRuntime, ContainerSpec } from "./container";
import type { DockerContainers } from "./docker-containers";

/** Images with a command or a folder as child processes, and every other that docker has as docker runs it. */
export class LocalContainers implements ContainerRuntime {
  constructor(
    private readonly children: ChildContainers,
    private readonly docker: DockerContainers,
  ) {}

  knows(image: string): boolean {
    return this.children.knows(image) || this.docker.knows(image);
  }

  start(spec: ContainerSpec): Promise<Container> {
    return this.children.knows(spec.image) ? this.children.start(spec) : this.docker.start(spec);
  }

  async close(): Promise<void> {
    await Promise.all([this.children.close(), this.docker.close()]);
  }
}
