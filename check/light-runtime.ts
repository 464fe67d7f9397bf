/** What Pulumi's own types leave out; the version is pinned. */
interface Traced {
  stackTrace: (skip: number) => readonly object[];
}
interface Watched {
  debuggablePromise: <Value>(promise: Promise<Value>) => Promise<Value>;
}
interface Told {
  debug: () => Promise<void>;
}

/**
 * Takes from Pulumi's runtime what only a person at an engine reads: where in the program each resource was made, which
 * promises were left when the process ended, and some ten lines for `--debug` about each resource. For a thousand
 * resources that is a quarter of the time and a third of the memory. For a process that records or rehearses.
 */
export function lightenRuntime(): void {
  const { Resource } = require("@pulumi/pulumi") as { Resource: Traced };
  const debuggable = require("@pulumi/pulumi/runtime/debuggable") as Watched;
  const log = require("@pulumi/pulumi/log") as Told;
  Resource.stackTrace = () => [];
  debuggable.debuggablePromise = (promise) => promise;
  log.debug = () => Promise.resolve();
}

/**
 * Keeps what Pulumi's runtime knows of a program in one place, and not along every promise of that program, which Node 20
 * and 22 pay for with each promise there is. For a process that records one program and no second: what a first one left
 * at work would come upon what is known of the second. Must be called before Pulumi is loaded.
 */
export function keepOneProgram(): void {
  let kept: unknown;
  (globalThis as { asyncLocalStorage?: object }).asyncLocalStorage = {
    run: <Value>(store: unknown, work: () => Value): Value => {
      kept = store;
      return work();
    },
    getStore: () => kept,
  };
}
