type Tree = Readonly<Record<string, unknown>>;

/**
 * The property of a resource that a rule's message is about: the first thing in it that is a property of the resource,
 * or would be one (`outputConfig.s3FailurePath` where there is an `asyncInferenceConfig.outputConfig`). Rules tell of
 * properties only in words, so where no word fits, none is named.
 */
export function propertyIn(message: string, inputs: Tree): string | undefined {
  const tag = /^tag (\S+)/.exec(message)?.[1];
  if (tag !== undefined) return `tags["${tag}"]`;
  for (const [word = ""] of message.matchAll(/[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*|\[\d+\])*/g)) {
    if (!word.includes(".") && !/[A-Z]/.test(word) && !(message.startsWith(word) && word in inputs)) continue;
    const steps = word.split(/[.[\]]+/).filter((step) => step !== "");
    const found = pathTo(steps, inputs, "") ?? (steps.length > 1 ? parentOf(steps, inputs) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the whole of `steps` leads from here or from anything below. */
function pathTo(steps: readonly string[], here: unknown, at: string): string | undefined {
  if (leads(steps, here)) return steps.reduce(joined, at);
  if (typeof here !== "object" || here === null) return undefined;
  for (const [key, value] of Object.entries(here)) {
    const below = pathTo(steps, value, joined(at, key));
    if (below !== undefined) return below;
  }
  return undefined;
}

/** Where a property that is missing would stand: the others of its path are there. */
function parentOf(steps: readonly string[], inputs: Tree): string | undefined {
  const parent = pathTo(steps.slice(0, -1), inputs, "");
  if (parent !== undefined) return joined(parent, steps.at(-1) ?? "");
  return steps.length > 2 ? parentOf(steps.slice(0, -1), inputs) : undefined;
}

function leads(steps: readonly string[], from: unknown): boolean {
  let here = from;
  for (const step of steps) {
    if (typeof here !== "object" || here === null || !(step in here)) return false;
    here = (here as Tree)[step];
  }
  return true;
}

function joined(at: string, step: string): string {
  if (/^\d+$/.test(step)) return `${at}[${step}]`;
  return at === "" ? step : `${at}.${step}`;
}
