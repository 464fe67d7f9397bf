import Module from "node:module";
import { resolve } from "node:path";

const sources: Readonly<Record<string, string>> = {
  "async-fleet": resolve(__dirname, "../../components/index.ts"),
  "async-fleet/client": resolve(__dirname, "../../client/index.ts"),
};

/** Lets `async-fleet` mean the sources: what is built from them is tested with the engine. */
export function withSources<Value>(work: () => Value): Value {
  const loader = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = (request, ...rest) => sources[request] ?? resolveFilename.call(loader, request, ...rest);
  try {
    return work();
  } finally {
    loader._resolveFilename = resolveFilename;
  }
}
