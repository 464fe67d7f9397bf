import { regions } from "../../contract/regions";
import type { Clock } from "../world/clock";
import type { Ids } from "../world/ids";
import type { Autoname } from "./autonaming";
import type { AwsCalls } from "./aws-calls";
import type { CheckFailure } from "./check";
import { choice, type Properties, type Property, replaces, type Schema, type Values } from "./property";

/** What a resource type works with while it carries out one step. */
export interface StepContext {
  /** AWS in the resource's own region. */
  readonly aws: AwsCalls;
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Folder that relative paths of files handed over by the program start from. */
  readonly programFolder: string;
  /** How long the step may take, seconds of virtual time; absent when the program set no limit of its own. */
  readonly timeoutSeconds?: number;
}

/** A step that creates. */
interface CreateContext extends StepContext {
  /**
   * Says that the resource exists from now on under `id`: a later failure then leaves it in the stack's state, as
   * created but not finished, instead of losing it.
   */
  readonly exists: (id: string) => void;
}

/** What a resource was before the step. */
interface Prior<S extends Schema> {
  readonly id: string;
  readonly inputs: Values<S>;
  /** Outputs of the last step. */
  readonly outputs: Properties;
}

/** How a resource's tags are kept. The provider calls it only when tags differ. */
export interface Tagging {
  read(context: StepContext, resource: Prior<Schema>): Promise<Readonly<Record<string, string>>>;
  /** Sets `put` and takes the keys of `removed` away. */
  write(
    context: StepContext,
    resource: Prior<Schema>,
    put: Readonly<Record<string, string>>,
    removed: readonly string[],
  ): Promise<void>;
}

/** One resource type in the words of its own inputs. */
export interface Definition<S extends Schema> {
  /** Pulumi's type token, e.g. `aws:sns/topic:Topic`. */
  readonly token: string;
  /** Whether the resource lies in a region (IAM's do not). */
  readonly regional: boolean;
  readonly inputs: S;
  /** Outputs that are known only once the resource exists. */
  readonly computed: readonly string[];
  readonly autoname?: Autoname;
  readonly tagging?: Tagging;
  /** Rules between properties; each property has passed its own before. Unknown values may stand anywhere. */
  check?(inputs: Partial<Values<S>>): readonly CheckFailure[];
  /** Makes the resource and returns its id in the form AWS's provider uses. */
  create(context: CreateContext, inputs: Values<S>): Promise<string>;
  /**
   * What AWS tells about the resource: inputs and computed outputs by property name, or nothing when it is gone.
   * Absent stays absent.
   */
  read(context: StepContext, resource: Prior<Schema>): Promise<Properties | undefined>;
  /** Absent where every change replaces the resource (tags aside). */
  update?(context: StepContext, resource: Prior<S>, inputs: Values<S>): Promise<void>;
  /** Takes the resource away; one that is gone already is no failure. */
  delete(context: StepContext, resource: Prior<S>): Promise<void>;
  /**
   * What an id given to `pulumi import` says, where it says more than the id in the state.
   *
   * @returns the state's id and what is needed to read the resource, or nothing when the id has another form
   */
  imported?(id: string): { readonly id: string; readonly inputs: Properties } | undefined;
  /** The form of an id given to `pulumi import`, for messages. */
  readonly importForm: string;
}

/** A resource type as the provider works with it: whatever the inputs are, they have passed the schema. */
export type ResourceType = Omit<Definition<Schema>, "create" | "update" | "delete" | "check"> & {
  check(inputs: Properties): readonly CheckFailure[];
  create(context: CreateContext, inputs: Properties): Promise<string>;
  readonly update?: (context: StepContext, resource: Prior<Schema>, inputs: Properties) => Promise<void>;
  delete(context: StepContext, resource: Prior<Schema>): Promise<void>;
};

/** Where the resource lies. AWS's provider knows its partition's regions, so a slip of the pen shows at once. */
const region = (): Property<string, false> => replaces(choice(regions.map(({ code }) => code)));

/** Makes a resource type of a definition. Regional ones get the property `region`, whose change replaces them. */
export function defineResource<S extends Schema>(definition: Definition<S>): ResourceType {
  const { update, check } = definition;
  const inputs: Schema = definition.regional ? { ...definition.inputs, region: region() } : definition.inputs;
  // Inputs reach these functions only through the check of the very schema that their type is derived from.
  const typed = (values: Properties): Values<S> => values as Values<S>;
  const prior = (resource: Prior<Schema>): Prior<S> => ({ ...resource, inputs: typed(resource.inputs) });
  return {
    ...definition,
    inputs,
    check: (values) => check?.(typed(values)) ?? [],
    create: (context, values) => definition.create(context, typed(values)),
    ...(update === undefined
      ? { update: undefined }
      : {
          update: (context: StepContext, resource: Prior<Schema>, values: Properties) =>
            update(context, prior(resource), typed(values)),
        }),
    delete: (context, resource) => definition.delete(context, prior(resource)),
  } as ResourceType;
}
