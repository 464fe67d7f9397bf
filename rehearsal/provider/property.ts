/** A value as it travels between program, engine and provider, with secrets, outputs and references taken apart. */
export type PropertyValue = unknown;

/** A resource's inputs or outputs by property name. */
export type Properties = Readonly<Record<string, PropertyValue>>;

interface Shared {
  readonly required: boolean;
  /** A change cannot be made in place: the resource is replaced. */
  readonly replaces: boolean;
  /** What the provider fills in where the program says nothing. */
  readonly fallback?: PropertyValue;
  /** AWS or the provider chooses a value where the program says nothing, so its presence in what AWS tells is no drift. */
  readonly chosenByAws: boolean;
  /** AWS does not tell it back (it steers the provider, or AWS keeps it to itself). */
  readonly untold: boolean;
  /** AWS's name of the member, where it is not the property's own with a capital; absent for the provider's own knobs. */
  readonly member?: string;
}

/** What kind of value a property takes, and what AWS's provider checks about it before anything is sent. */
export type Kind =
  | {
      readonly kind: "text";
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly pattern?: RegExp;
      /** What the pattern asks for, in words. */
      readonly patternMeans?: string;
      readonly oneOf?: readonly string[];
    }
  | {
      readonly kind: "number";
      readonly whole: boolean;
      readonly min?: number;
      readonly max?: number;
      readonly oneOf?: readonly number[];
    }
  | { readonly kind: "flag" }
  /** A JSON document: text, or an object that is sent as text. Compared by meaning. */
  | { readonly kind: "document" }
  | {
      readonly kind: "list";
      readonly of: Property;
      readonly minItems?: number;
      readonly maxItems?: number;
      /** A set: order means nothing. */
      readonly unordered: boolean;
    }
  | { readonly kind: "map"; readonly of: Property }
  | { readonly kind: "object"; readonly properties: Schema }
  | { readonly kind: "asset" };

/** One property of a resource. `V` is the type its value has once it was checked, `R` whether it must be given. */
export type Property<V = unknown, R extends boolean = boolean> = Kind &
  Shared & {
    readonly required: R;
    /** Only for the type checker. */
    readonly value?: V;
  };

/** The properties of a resource or of an object within it. */
export type Schema = Readonly<Record<string, Property>>;

type RequiredKeys<S extends Schema> = {
  [K in keyof S]: S[K] extends Property<unknown, infer R> ? (R extends true ? K : never) : never;
}[keyof S];

type ValueOf<P> = P extends { readonly value?: infer V } ? Exclude<V, undefined> : never;

/** Values that have passed the schema's check. */
export type Values<S extends Schema> = { readonly [K in RequiredKeys<S>]: ValueOf<S[K]> } & {
  readonly [K in Exclude<keyof S, RequiredKeys<S>>]?: ValueOf<S[K]>;
};

function property<V>(kind: Kind): Property<V, false> {
  return { ...kind, required: false, replaces: false, chosenByAws: false, untold: false };
}

/** Text, with the limits AWS's provider checks. */
export function text(limits: Omit<Extract<Kind, { kind: "text" }>, "kind" | "oneOf"> = {}): Property<string, false> {
  return property({ kind: "text", ...limits });
}

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[]): Property<Word, false> {
  return property({ kind: "text", oneOf: words });
}

/** An ARN, of one service where it is named. */
export function arn(service = "[a-z0-9-]+"): Property<string, false> {
  return text({
    pattern: new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:([0-9]{12}|aws)?:.+$`),
    patternMeans: service.startsWith("[") ? "an ARN" : `an ARN of ${service}`,
  });
}

/** A whole number. */
export function whole(range: { min?: number; max?: number; oneOf?: readonly number[] } = {}): Property<number, false> {
  return property({ kind: "number", whole: true, ...range });
}

/** Any number. */
export function decimal(range: { min?: number; max?: number } = {}): Property<number, false> {
  return property({ kind: "number", whole: false, ...range });
}

export function flag(): Property<boolean, false> {
  return property({ kind: "flag" });
}

/** A JSON document, such as a policy. */
export function document(): Property<string, false> {
  return property({ kind: "document" });
}

export function list<P extends Property>(
  of: P,
  limits: { minItems?: number; maxItems?: number } = {},
): Property<ReadonlyArray<ValueOf<P>>, false> {
  return property({ kind: "list", of, unordered: false, ...limits });
}

/** A list whose order means nothing. */
export function set<P extends Property>(
  of: P,
  limits: { minItems?: number; maxItems?: number } = {},
): Property<ReadonlyArray<ValueOf<P>>, false> {
  return property({ kind: "list", of, unordered: true, ...limits });
}

export function map<P extends Property>(of: P): Property<Readonly<Record<string, ValueOf<P>>>, false> {
  return property({ kind: "map", of });
}

export function object<S extends Schema>(properties: S): Property<Values<S>, false> {
  return property({ kind: "object", properties });
}

/** A file or an archive that the program hands over. */
export function asset(): Property<Properties, false> {
  return property({ kind: "asset" });
}

export function required<V>(of: Property<V, boolean>): Property<V, true> {
  return { ...of, required: true };
}

/** A change of this property replaces the resource. */
export function replaces<V, R extends boolean>(of: Property<V, R>): Property<V, R> {
  return { ...of, replaces: true };
}

/** Filled in by the provider where the program says nothing, as AWS's provider does. */
export function fallback<V, R extends boolean>(value: V, of: Property<V, R>): Property<V, R> {
  return { ...of, fallback: value };
}

/** AWS chooses a value where the program says nothing. */
export function chosenByAws<V, R extends boolean>(of: Property<V, R>): Property<V, R> {
  return { ...of, chosenByAws: true };
}

/** AWS does not tell it back. */
export function untold<V, R extends boolean>(of: Property<V, R>): Property<V, R> {
  return { ...of, untold: true };
}

/** AWS's member has a name of its own. */
export function member<V, R extends boolean>(name: string, of: Property<V, R>): Property<V, R> {
  return { ...of, member: name };
}

/** The tags of a resource. */
export const tags = (): Property<Readonly<Record<string, string>>, false> => map(text({ maxLength: 256 }));
