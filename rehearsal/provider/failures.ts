import type { Properties } from "./property";

/** A refused call, named as a person would look it up: `CreateEndpoint: ValidationException: ...`. */
export class RefusedCall extends Error {
  constructor(
    /** AWS's name of the operation, e.g. `CreateEndpoint`. */
    readonly operation: string,
    /** The error's name on the wire, e.g. `ValidationException`. */
    readonly code: string,
    message: string,
  ) {
    super(`${operation}: ${code}: ${message}`);
    this.name = "RefusedCall";
  }
}

/** A step that AWS let begin and that did not end as it should, e.g. an endpoint that did not come up. */
export class StepFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StepFailure";
  }
}

/** A resource that exists but did not become what it should: the stack's state keeps it. */
export class UnfinishedResource extends Error {
  constructor(
    readonly id: string,
    readonly inputs: Properties,
    readonly outputs: Properties,
    reason: string,
  ) {
    super(reason);
    this.name = "UnfinishedResource";
  }
}
