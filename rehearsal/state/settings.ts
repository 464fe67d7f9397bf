import type { Call } from "../world/call";
import { Partitions } from "../world/partitions";
import { toPlain } from "../world/plain";
import { TagStore } from "../world/tags";
import type { World } from "../world/world";
import { notKept, shapes } from "./kept-shapes";
import type { Row } from "./table";

type Fields = Readonly<Record<string, unknown>>;

/** A part of a service that is kept: values by key, in one account and region or everywhere. */
export interface Place {
  /** e.g. `kms.regions.keys` */
  readonly path: string;
  /** `account/region`, or nothing for what is not parted. */
  readonly where: string;
  readonly values: Map<string, unknown> | unknown[];
}

/** Services of a world whose fields are looked through. */
export const keptServices = [
  "applicationAutoScaling",
  "cloudwatch",
  "ecr",
  "iam",
  "kms",
  "lambda",
  "logs",
  "s3",
  "sagemaker",
  "sns",
  "sqs",
] as const satisfies ReadonlyArray<keyof World>;

/**
 * Finds what has changed in the settings of services: whatever they hold in maps and lists, by account and region, is
 * compared with what was written down last. So a service need not say what it changes, and none can forget to.
 */
export class Settings {
  private readonly written = new Map<string, Map<string, string>>();
  private readonly marked = new Map<string, { readonly service: string; readonly region: string | undefined }>();

  /** Takes what the world holds now as written. */
  constructor(private readonly world: World) {
    for (const service of keptServices) this.mark(service);
    this.changes();
    watchOperations(world, (service, region) => world.keeper?.changed(service, region));
  }

  /** @param region that alone is looked through @default - all of the service */
  mark(service: string, region?: string): void {
    this.marked.set(`${service}/${region ?? ""}`, { service, region });
  }

  /** What has changed in the marked services since the last time. */
  changes(): Row[] {
    const rows: Row[] = [];
    for (const { service, region } of this.marked.values()) {
      for (const place of placesOf(this.world, service as (typeof keptServices)[number], region)) {
        rows.push(...this.changesOf(place));
      }
    }
    this.marked.clear();
    return rows;
  }

  private changesOf({ path, where, values }: Place): Row[] {
    const name = collectionOf(path, where);
    const before = this.written.get(name) ?? new Map<string, string>();
    this.written.set(name, before);
    const rows: Row[] = [];
    const shape = shapes[path]?.plain ?? ((value: never) => value);
    const entries: Iterable<[string, unknown]> = Array.isArray(values) ? [["", values]] : values;
    const left = new Set(before.keys());
    for (const [key, value] of entries) {
      left.delete(key);
      const plain = toPlain(shape(value as never));
      const text = JSON.stringify(plain);
      if (before.get(key) === text) continue;
      before.set(key, text);
      rows.push([name, key, plain]);
    }
    for (const key of left) {
      before.delete(key);
      rows.push([name, key]);
    }
    return rows;
  }
}

/** The name of a place's collection in the journal. */
export function collectionOf(path: string, where: string): string {
  return `settings/${path}/${where}`;
}

/** Everything of a service that is kept. @param onUnknown told of fields that are neither kept nor named as not kept */
export function* placesOf(
  world: World,
  service: (typeof keptServices)[number],
  region?: string,
  onUnknown: (path: string) => void = () => undefined,
): Generator<Place> {
  yield* placesIn(world[service] as unknown as Fields, service, { region, onUnknown });
}

function* placesIn(
  fields: Fields,
  path: string,
  looking: { readonly region: string | undefined; readonly onUnknown: (path: string) => void },
  where = "",
): Generator<Place> {
  for (const [name, value] of Object.entries(fields)) {
    const at = `${path}.${name}`;
    if (value === null || typeof value !== "object" || name === "world" || notKept[at] !== undefined) continue;
    if (value instanceof Map || Array.isArray(value)) yield { path: at, where, values: value };
    else if (value instanceof TagStore) yield { path: at, where, values: value.all };
    else if (value instanceof Partitions) {
      for (const part of value.all()) {
        if (looking.region !== undefined && part.region !== looking.region && part.region !== "") continue;
        const inPart = `${part.accountId}/${part.region}`;
        if (part.state instanceof Map || Array.isArray(part.state))
          yield { path: at, where: inPart, values: part.state };
        else yield* placesIn(part.state as Fields, at, looking, inPart);
      }
    } else if (isOurs(value)) yield* placesIn(value as Fields, at, looking, where);
    else looking.onUnknown(at);
  }
}

/** Whether an object is of a class of this project, whose fields can be looked through. */
function isOurs(value: object): boolean {
  const name = value.constructor?.name ?? "Object";
  return name !== "Object" && (globalThis as Record<string, unknown>)[name] === undefined;
}

/** Operations by which a service's settings may change. */
export const changing =
  /^(add|associate|attach|change|confirm|create|delete|deregister|detach|disable|disassociate|enable|put|register|remove|schedule|set|start|subscribe|tag|unsubscribe|untag|update)([A-Z]|$)/;

/** Operations that are written down one by one where they happen: there are many of them. */
export const writtenDownThere: ReadonlySet<string> = new Set([
  "putMetricData",
  "putLogEvents",
  "createLogStream",
  "putObject",
  "putObjectTagging",
  "deleteObject",
  "deleteObjects",
  "createMultipartUpload",
  "deleteMessage",
  "deleteMessageBatch",
  "changeMessageVisibility",
  "changeMessageVisibilityBatch",
]);

/** Has it told whenever an operation that may change settings has run, whoever called it. */
function watchOperations(world: World, onChange: (service: string, region: string | undefined) => void): void {
  for (const service of keptServices) {
    const target = world[service] as unknown as Record<string, unknown>;
    for (const name of methodsOf(target)) {
      const method = target[name];
      if (typeof method !== "function" || !changing.test(name) || writtenDownThere.has(name)) continue;
      target[name] = (call: unknown, ...more: unknown[]): unknown => {
        const answer: unknown = method.call(target, call, ...more);
        // Helpers have names like operations; only these are given a caller.
        if (!isCall(call) || !(answer instanceof Promise)) return answer;
        return answer.finally(() => onChange(service, call.region));
      };
    }
  }
}

function isCall(value: unknown): value is Call {
  return typeof value === "object" && value !== null && "principal" in value && "region" in value;
}

/** Names of an object's public operations, its classes' own and inherited. */
export function methodsOf(target: object): string[] {
  const names = new Set<string>();
  for (let at: unknown = Object.getPrototypeOf(target); at !== Object.prototype && at !== null; ) {
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
    at = Object.getPrototypeOf(at);
  }
  return [...names];
}
