import { administrator } from "../world/call";
import type { World } from "../world/world";
import { withFinishedName, withName } from "./autonaming";
import { callsTo } from "./aws-calls";
import { type CheckFailure, checkInputs } from "./check";
import { diffInputs } from "./diff";
import { RefusedCall, StepFailure, UnfinishedResource } from "./failures";
import { providerFunctions } from "./functions";
import { importedState } from "./imported";
import { inOneLine, notPlayedFunction, notPlayedType } from "./not-played";
import type { Properties, PropertyValue } from "./property";
import { bothSecrecies, isRecord, type Opened, open, seal, unknownValue, withoutSecrets } from "./property-values";
import { refreshedInputs } from "./refresh";
import { diffResource, type ResourceDiff, topLevel } from "./resource-diff";
import type { ResourceType, StepContext } from "./resource-type";
import { resourceTypes } from "./resource-types";
import { isEmpty } from "./same";

/** How a provider was configured by the program. */
export interface ProviderConfig {
  /** Where regional resources go that name no region themselves. */
  readonly region: string;
  /** Tags for everything that can be tagged. */
  readonly defaultTags?: Readonly<Record<string, string>>;
}

/** A resource as it is in a stack's state. */
export interface ResourceState {
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/**
 * The stand-in for Pulumi's `aws` provider, in process: the same steps that the gRPC server offers to an engine, on
 * plain objects. Values may be wrapped as Pulumi wraps them on the wire (secrets, outputs, references, unknowns);
 * outputs come back with what was secret wrapped again.
 *
 * Every step rejects with `RefusedCall` when AWS would refuse it, with `UnfinishedResource` when a new resource exists
 * but did not come up, with `StepFailure` when an old one did not take a change, and with `UsageError` for what the rehearsal does not play.
 */
export class LocalProvider {
  /**
   * @param programFolder where relative paths of files handed over by the program start from
   */
  constructor(
    private readonly world: World,
    private readonly config: ProviderConfig,
    private readonly programFolder = process.cwd(),
  ) {}

  /**
   * Fills in what the provider fills in and finds everything that AWS's provider would refuse at once.
   *
   * @param request.name the resource's name in the program
   * @param request.olds inputs of the last deployment; empty for a new resource and for a replacement
   * @param request.seed makes up names; the same seed makes the same name
   */
  check(request: {
    readonly type: string;
    readonly name: string;
    readonly news: Properties;
    readonly olds?: Properties;
    readonly seed: Uint8Array;
  }): { readonly inputs: Properties; readonly failures: readonly CheckFailure[] } {
    const type = resourceTypes.get(request.type);
    if (type === undefined) {
      return { inputs: request.news, failures: [{ property: "", reason: inOneLine(notPlayedType(request.type)) }] };
    }
    const news = open(request.news);
    const failures: CheckFailure[] = [];
    let inputs = this.withConfig(type, news.properties);
    if (type.autoname !== undefined) {
      const olds = open(request.olds ?? {}).properties;
      const named = withName(type.autoname, request.name, inputs, olds, request.seed);
      inputs = named.inputs;
      if (named.failure !== undefined) failures.push(named.failure);
    }
    const checked = checkInputs(type.inputs, inputs, news.secrecy);
    // A missing name is either to be made up at creation or already complained about.
    failures.push(
      ...checked.failures.filter(
        ({ property }) => property !== type.autoname?.property || inputs[property] !== undefined,
      ),
    );
    const wrong = new Set(failures.map(({ property }) => /^[\w$]*/.exec(property)?.[0]));
    const sound = Object.fromEntries(Object.entries(checked.inputs).filter(([name]) => !wrong.has(name)));
    failures.push(...type.check(sound));
    return { inputs: seal(checked.inputs, news.secrecy), failures };
  }

  /** Compares inputs. @param request.ignored paths the program asked to leave alone */
  diff(request: {
    readonly type: string;
    readonly name: string;
    readonly oldInputs: Properties;
    readonly news: Properties;
    readonly ignored?: readonly string[];
  }): ResourceDiff {
    const olds = open(request.oldInputs).properties;
    return diffResource(typeOf(request.type), olds, open(request.news).properties, request.ignored);
  }

  /** Creates, or in a preview says what is known of the outputs. */
  async create(request: {
    readonly type: string;
    readonly inputs: Properties;
    readonly preview?: boolean;
    readonly timeoutSeconds?: number;
  }): Promise<{ readonly id: string; readonly outputs: Properties }> {
    const type = typeOf(request.type);
    const given = open(request.inputs);
    if (request.preview === true) {
      const computed = Object.fromEntries(type.computed.map((name) => [name, unknownValue]));
      return { id: "", outputs: seal(this.outputsOf(type, given.properties, computed), given.secrecy) };
    }
    return this.hiding([given], async () => {
      const context = this.contextOf(type, given.properties, request.timeoutSeconds);
      const inputs =
        type.autoname === undefined
          ? given.properties
          : withFinishedName(type.autoname, given.properties, this.world.ids);
      let id = "";
      const outputs = async (): Promise<Properties> => {
        const live = await liveState(type, context, { id, inputs, outputs: {} });
        return seal(this.outputsOf(type, inputs, live ?? {}), given.secrecy);
      };
      const exists = (made: string): void => {
        id = made;
      };
      try {
        id = await type.create({ ...context, exists }, inputs);
      } catch (cause) {
        if (id === "" || !(cause instanceof Error)) throw cause;
        throw new UnfinishedResource(id, request.inputs, await outputs(), withoutSecrets(cause.message, given));
      }
      return { id, outputs: await outputs() };
    });
  }

  /**
   * Reads a resource as AWS has it now.
   *
   * @returns an empty id when it is gone
   */
  async read(resource: ResourceState): Promise<Omit<ResourceState, "type">> {
    const type = typeOf(resource.type);
    const inputs = open(resource.inputs);
    const outputs = open(resource.outputs);
    const isImport = isEmpty(inputs.properties) && isEmpty(outputs.properties);
    return this.hiding([inputs, outputs], async () => {
      const known = isImport
        ? importedState(type, resource.id)
        : { id: resource.id, inputs: inputs.properties, outputs: outputs.properties };
      const context = this.contextOf(type, { ...known.outputs, ...known.inputs });
      const live = await liveState(type, context, known);
      if (live === undefined) return { id: "", inputs: {}, outputs: {} };
      const fresh = refreshedInputs(type.inputs, isImport ? {} : known.inputs, live);
      const located = type.regional ? { ...fresh, region: context.region } : fresh;
      const secrecy = bothSecrecies(inputs.secrecy, outputs.secrecy);
      return {
        id: known.id,
        inputs: seal(located, secrecy),
        outputs: seal(this.outputsOf(type, located, live), secrecy),
      };
    });
  }

  /** Changes a resource in place, or in a preview says what is known of the outputs. */
  async update(
    resource: ResourceState & {
      readonly news: Properties;
      readonly preview?: boolean;
      readonly timeoutSeconds?: number;
    },
  ): Promise<{ readonly outputs: Properties }> {
    const type = typeOf(resource.type);
    const olds = open(resource.inputs);
    const news = open(resource.news);
    const outputs = open(resource.outputs).properties;
    if (resource.preview === true) {
      const computed = Object.fromEntries(type.computed.map((name) => [name, outputs[name] ?? unknownValue]));
      return { outputs: seal(this.outputsOf(type, news.properties, computed), news.secrecy) };
    }
    return this.hiding([olds, news], async () => {
      const context = this.contextOf(type, news.properties, resource.timeoutSeconds);
      const prior = { id: resource.id, inputs: olds.properties, outputs };
      const changes = [...diffInputs(type.inputs, olds.properties, news.properties).keys()].map(topLevel);
      // Without any change the engine asks for another try at a resource that did not come up.
      if (changes.length === 0 || changes.some((name) => name !== "tags")) {
        await type.update?.(context, prior, news.properties);
      }
      if (changes.includes("tags")) {
        const before = tagsOf(olds.properties);
        const after = tagsOf(news.properties);
        const removed = Object.keys(before).filter((key) => after[key] === undefined);
        await type.tagging?.write(context, prior, after, removed);
      }
      const live = await liveState(type, context, { ...prior, inputs: news.properties });
      return { outputs: seal(this.outputsOf(type, news.properties, live ?? {}), news.secrecy) };
    });
  }

  /** Takes a resource away; one that is gone already is no failure. */
  async delete(resource: ResourceState & { readonly timeoutSeconds?: number }): Promise<void> {
    const type = typeOf(resource.type);
    const inputs = open(resource.inputs);
    const outputs = open(resource.outputs);
    await this.hiding([inputs, outputs], async () => {
      const context = this.contextOf(type, { ...outputs.properties, ...inputs.properties }, resource.timeoutSeconds);
      await type.delete(context, {
        id: resource.id,
        // What was created before a failed step may have outputs only.
        inputs: isEmpty(inputs.properties) ? outputs.properties : inputs.properties,
        outputs: outputs.properties,
      });
    });
  }

  /** Answers one of the provider's functions, e.g. `aws:index/getRegion:getRegion`. */
  async invoke(
    token: string,
    args: Properties,
  ): Promise<{ readonly value: Properties; readonly failures: readonly CheckFailure[] }> {
    const known = providerFunctions.get(token);
    if (known === undefined) throw notPlayedFunction(token);
    const given = open(args);
    const checked = checkInputs(known.args, given.properties, given.secrecy);
    if (checked.failures.length > 0) return { value: {}, failures: checked.failures };
    return this.hiding([given], async () => {
      const region = typeof checked.inputs.region === "string" ? checked.inputs.region : this.config.region;
      const value = await known.answer(this.contextIn(region), checked.inputs);
      return { value: isEmpty(given.secrecy) ? value : seal(value, true), failures: [] };
    });
  }

  private withConfig(type: ResourceType, inputs: Properties): Properties {
    const region = type.regional && inputs.region === undefined ? { region: this.config.region } : {};
    const tags =
      type.inputs.tags === undefined || isEmpty(this.config.defaultTags) || inputs.tags === unknownValue
        ? {}
        : { tags: { ...this.config.defaultTags, ...(isRecord(inputs.tags) ? inputs.tags : {}) } };
    return { ...inputs, ...region, ...tags };
  }

  private outputsOf(type: ResourceType, inputs: Properties, live: Properties): Properties {
    const taggable = type.inputs.tags === undefined ? {} : { tagsAll: inputs.tags ?? {} };
    return { ...live, ...inputs, ...taggable };
  }

  private contextOf(type: ResourceType, values: Properties, timeoutSeconds?: number): StepContext {
    const region = type.regional && typeof values.region === "string" ? values.region : this.config.region;
    return this.contextIn(region, timeoutSeconds);
  }

  private contextIn(region: string, timeoutSeconds?: number): StepContext {
    const { world, programFolder } = this;
    const call = { accountId: world.accountId, region, principal: administrator };
    return {
      aws: callsTo(world, call),
      accountId: world.accountId,
      region,
      clock: world.clock,
      ids: world.ids,
      programFolder,
      ...(timeoutSeconds === undefined || timeoutSeconds === 0 ? {} : { timeoutSeconds }),
    };
  }

  /** Runs a step and takes every secret out of what it says when it fails. */
  private async hiding<T>(opened: readonly Opened[], step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (cause) {
      if (!(cause instanceof Error) || cause instanceof UnfinishedResource) throw cause;
      const message = opened.reduce((text, each) => withoutSecrets(text, each), cause.message);
      if (message === cause.message) throw cause;
      if (cause instanceof RefusedCall) {
        throw new RefusedCall(cause.operation, cause.code, message.slice(`${cause.operation}: ${cause.code}: `.length));
      }
      throw cause instanceof StepFailure ? new StepFailure(message) : new Error(message);
    }
  }
}

function typeOf(token: string): ResourceType {
  const type = resourceTypes.get(token);
  if (type === undefined) throw notPlayedType(token);
  return type;
}

function tagsOf(inputs: Properties): Record<string, string> {
  return isRecord(inputs.tags) ? (inputs.tags as Record<string, string>) : {};
}

async function liveState(
  type: ResourceType,
  context: StepContext,
  resource: { id: string; inputs: Properties; outputs: Properties },
): Promise<Properties | undefined> {
  const live = await type.read(context, resource);
  if (live === undefined || type.tagging === undefined) return live;
  // Freshly read outputs, because a resource that is just being made or imported has none of its own yet.
  const tags: PropertyValue = await type.tagging.read(context, { ...resource, outputs: live });
  return { ...live, tags };
}
