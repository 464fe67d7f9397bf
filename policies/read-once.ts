import type * as messages from "@pulumi/pulumi/proto/analyzer_pb";

/** What the SDK reads of a question about a whole stack: nothing but its resources. */
export interface StackQuestion {
  getResourcesList(): readonly object[];
}

const read = ["getType", "getUrn", "getName", "getProperties"] as const;
const readOfResource = [...read, "getParent", "getDependenciesList"] as const;
const readOfOptions = [
  "getProtect",
  "getIgnorechangesList",
  "getAliasesList",
  "getAdditionalsecretoutputsList",
  "getDeletebeforereplacedefined",
  "getDeletebeforereplace",
  "getParent",
] as const;
const readOfTimeouts = ["getCreate", "getUpdate", "getDelete"] as const;

/**
 * A question about a stack with its resources read out of the message once, as the SDK asks for them. It does so anew
 * for each of some forty rules, and a message makes a copy of each list and map it is asked for.
 */
export function readOnce(request: Pick<messages.AnalyzeStackRequest, "getResourcesList">): StackQuestion {
  const resources = request.getResourcesList().map((resource) => {
    const options = readOptions(resource.getOptions());
    const provider = asRead(resource.getProvider(), read);
    const dependencies: Array<readonly [string, object | undefined]> = [];
    resource.getPropertydependenciesMap().forEach((urns, property) => {
      dependencies.push([property, asRead(urns, ["getUrnsList"])]);
    });
    return {
      ...asRead(resource, readOfResource),
      getOptions: () => options,
      getProvider: () => provider,
      getPropertydependenciesMap: () => ({ entries: () => dependencies }),
    };
  });
  return { getResourcesList: () => resources };
}

function readOptions(options: messages.AnalyzerResourceOptions | undefined): object | undefined {
  const timeouts = asRead(options?.getCustomtimeouts(), readOfTimeouts);
  return options && { ...asRead(options, readOfOptions), getCustomtimeouts: () => timeouts };
}

/** The answers of a message's getters, as getters. */
function asRead<Message extends object>(
  message: Message | undefined,
  getters: ReadonlyArray<keyof Message & string>,
): object | undefined {
  if (message === undefined) return undefined;
  const read = getters.map((getter) => {
    const value = (message[getter] as () => unknown).call(message);
    return [getter, () => value] as const;
  });
  return Object.fromEntries(read);
}
