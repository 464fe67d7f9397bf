import * as mocks from "@pulumi/pulumi/runtime/mocks";

/** What a program says of a resource beside its inputs, as an engine hears it. */
export interface Registration {
  readonly urn: string;
  readonly parent: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** What is read of Pulumi's own request. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDependenciesList?(): string[];
  getPropertydependenciesMap?(): ReadonlyMap<string, { getUrnsList(): string[] }> & {
    forEach(each: (dependencies: { getUrnsList(): string[] }, property: string) => void): void;
  };
}

type Answer = (failure: unknown, response: unknown) => void;

/**
 * Pulumi's own stand-in for an engine, with an engine's URNs (the types of all parents, not only of the nearest) and
 * with what it leaves out of a registration: parents and dependencies.
 */
export class RecordingMonitor extends mocks.MockMonitor {
  /** The registration that `newResource` is being asked about, while it is being called and no longer. */
  registering: Registration = { urn: "", parent: "", dependencies: [], propertyDependencies: {} };

  constructor(
    asked: mocks.Mocks,
    private readonly project: string,
    private readonly stack: string,
  ) {
    super(asked);
    // The one method that makes URNs; the published types call it private, and the version is pinned.
    (this as unknown as { newUrn: (...of: [string, string, string]) => string }).newUrn = (...of) => this.urnOf(...of);
  }

  override registerResource(request: Request, answer: Answer): Promise<void> {
    this.registering = this.registrationIn(request);
    return super.registerResource(request, answer);
  }

  override readResource(request: Request, answer: Answer): Promise<void> {
    this.registering = this.registrationIn(request);
    return super.readResource(request, answer);
  }

  private registrationIn(request: Request): Registration {
    const propertyDependencies: Record<string, readonly string[]> = {};
    request.getPropertydependenciesMap?.().forEach((dependencies, property) => {
      propertyDependencies[property] = dependencies.getUrnsList();
    });
    return {
      urn: this.urnOf(request.getParent(), request.getType(), request.getName()),
      parent: request.getParent(),
      dependencies: request.getDependenciesList?.() ?? [],
      propertyDependencies,
    };
  }

  private urnOf(parent: string, type: string, name: string): string {
    const parentTypes = parent.split("::")[2];
    const within = parentTypes === undefined || parentTypes === "pulumi:pulumi:Stack" ? "" : `${parentTypes}$`;
    return `urn:pulumi:${this.stack}::${this.project}::${within}${type}::${name}`;
  }
}
