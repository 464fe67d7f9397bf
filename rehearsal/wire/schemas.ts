/**
 * The only file that touches what the AWS SDK's clients carry inside: the Smithy schemas of their operations. The
 * clients are pinned to exact versions because of it.
 */
import { NormalizedSchema } from "@smithy/core/schema";
import type { World } from "../world/world";

/** A shape: a structure, list, map or simple type, with its traits. */
export type Shape = NormalizedSchema;

export interface Operation {
  /** e.g. `InvokeEndpointAsync` */
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
  /** Method, path template with its fixed query, and the status of success; REST services only. */
  readonly http?: { readonly method: string; readonly template: string; readonly status: number };
}

export interface ServiceModel {
  readonly key: ServiceKey;
  readonly operations: ReadonlyMap<string, Operation>;
  /** Errors by the code a query protocol would use. */
  readonly errors: ReadonlyMap<string, { readonly name: string; readonly namespace: string }>;
  /** XML namespace and API version of query answers. */
  readonly version: string;
}

/** Where each service is: its package, its name in a signature's scope, its version in query answers. */
const services = {
  s3: { package: "@aws-sdk/client-s3", signing: ["s3"], version: "2006-03-01" },
  sqs: { package: "@aws-sdk/client-sqs", signing: ["sqs"], version: "2012-11-05" },
  sns: { package: "@aws-sdk/client-sns", signing: ["sns"], version: "2010-03-31" },
  sagemaker: { package: "@aws-sdk/client-sagemaker", signing: ["sagemaker"], version: "2017-07-24" },
  sagemakerRuntime: { package: "@aws-sdk/client-sagemaker-runtime", signing: [], version: "2017-05-13" },
  cloudwatch: { package: "@aws-sdk/client-cloudwatch", signing: ["monitoring"], version: "2010-08-01" },
  applicationAutoScaling: {
    package: "@aws-sdk/client-application-auto-scaling",
    signing: ["application-autoscaling"],
    version: "2016-02-06",
  },
  iam: { package: "@aws-sdk/client-iam", signing: ["iam"], version: "2010-05-08" },
  kms: { package: "@aws-sdk/client-kms", signing: ["kms"], version: "2014-11-01" },
  sts: { package: "@aws-sdk/client-sts", signing: ["sts"], version: "2011-06-15" },
  logs: { package: "@aws-sdk/client-cloudwatch-logs", signing: ["logs"], version: "2014-03-28" },
  ec2: { package: "@aws-sdk/client-ec2", signing: ["ec2"], version: "2016-11-15" },
  ecr: { package: "@aws-sdk/client-ecr", signing: ["ecr"], version: "2015-09-21" },
  serviceQuotas: { package: "@aws-sdk/client-service-quotas", signing: ["servicequotas"], version: "2019-06-24" },
} as const satisfies Partial<Record<keyof World, { package: string; signing: readonly string[]; version: string }>>;

export type ServiceKey = keyof typeof services;
export const serviceKeys = Object.keys(services) as ServiceKey[];

const loaded = new Map<ServiceKey, ServiceModel>();

/** The service a signature's scope names. */
export function serviceBySigningName(name: string): ServiceKey | undefined {
  return (Object.keys(services) as ServiceKey[]).find((key) =>
    (services[key].signing as readonly string[]).includes(name),
  );
}

/** The operations of a service, read from its client the first time they are asked for. */
export function modelOf(key: ServiceKey): ServiceModel {
  let model = loaded.get(key);
  if (model === undefined) {
    model = readModel(key);
    loaded.set(key, model);
  }
  return model;
}

type StaticOperation = [
  kind: 9,
  namespace: string,
  name: string,
  traits: { http?: [string, string, number] } | 0,
  input: never,
  output: never,
];
type StaticStructure = [
  kind: 3 | 4,
  namespace: string,
  name: string,
  traits: unknown,
  names: string[],
  shapes: unknown[],
  required?: number,
];
type StaticError = [kind: -3, namespace: string, name: string, traits: { awsQueryError?: [string, number] }];

function readModel(key: ServiceKey): ServiceModel {
  const client = require(services[key].package) as Record<string, unknown>;
  const operations = new Map<string, Operation>();
  const errors = new Map<string, { name: string; namespace: string }>();
  for (const [name, value] of Object.entries(client)) {
    if (!name.endsWith("$") || !Array.isArray(value)) continue;
    if (value[0] === 9) {
      const [, , operation, traits, input, output] = value as StaticOperation;
      const http = traits === 0 ? undefined : traits.http;
      operations.set(operation, {
        name: operation,
        input: NormalizedSchema.of(input),
        output: NormalizedSchema.of(output),
        ...(http === undefined ? {} : { http: { method: http[0], template: http[1], status: http[2] } }),
      });
    } else if (value[0] === -3) {
      const [, namespace, error, traits] = value as StaticError;
      errors.set(traits.awsQueryError?.[0] ?? error, { name: error, namespace });
    }
  }
  return { key, operations, errors, version: services[key].version };
}

/** A trait's value, or undefined. */
export function trait<Value = string>(shape: Shape, name: string): Value | undefined {
  return (shape.getMergedTraits() as Record<string, unknown>)[name] as Value | undefined;
}

/** Where a member of a REST operation's input or output travels. At most one of these is there; none: in the body. */
export interface Placed {
  readonly name: string;
  readonly member: Shape;
  readonly header?: string;
  readonly query?: string;
  readonly prefix?: string;
  readonly isLabel: boolean;
  readonly isStatus: boolean;
  /** Whether it is the whole body, and not a member of it. */
  readonly isPayload: boolean;
}

const placed = new WeakMap<Shape, readonly Placed[]>();

/** A REST structure's members with their places, worked out once. */
export function placesOf(shape: Shape): readonly Placed[] {
  let places = placed.get(shape);
  if (places === undefined) {
    places = members(shape).map(([name, member]) => ({
      name,
      member,
      header: trait(member, "httpHeader"),
      query: trait(member, "httpQuery"),
      prefix: trait(member, "httpPrefixHeaders"),
      isLabel: trait<number>(member, "httpLabel") === 1,
      isStatus: trait<number>(member, "httpResponseCode") === 1,
      isPayload: trait<number>(member, "httpPayload") === 1,
    }));
    placed.set(shape, places);
  }
  return places;
}

/** A structure's members by name. */
export function members(shape: Shape): Array<[string, Shape]> {
  return shape.isStructSchema() ? [...shape.structIterator()] : [];
}

/** The names of a structure's members that must be there: they stand first, and the schema's last place counts them. */
export function requiredMembers(shape: Shape): readonly string[] {
  const [, , , , names = [], , count = 0] = shape.getSchema() as unknown as StaticStructure;
  return names.slice(0, count);
}
