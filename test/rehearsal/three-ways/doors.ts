import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import type { Properties } from "../../../rehearsal/provider/property";
import { startProvider } from "../../../rehearsal/provider/server";
import { fromStruct, toStruct } from "../../../rehearsal/provider/structs";
import type { ServiceKey } from "../../../rehearsal/wire/schemas";
import { startWire } from "../../../rehearsal/wire/server";
import { administrator, type Call } from "../../../rehearsal/world/call";
import type { World } from "../../../rehearsal/world/world";

export type Operation = (service: ServiceKey, operation: string, input: object) => Promise<Record<string, unknown>>;

/** Calls the world's methods. */
export function directly(world: World, region: string): Operation {
  const call: Call = { accountId: world.accountId, region, principal: administrator };
  return async (service, operation, input) => {
    const method = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}`;
    return (world[service] as unknown as Record<string, (call: Call, input: object) => Promise<never>>)[method]?.call(
      world[service],
      call,
      input,
    ) as Promise<Record<string, unknown>>;
  };
}

const clients: Partial<Record<ServiceKey, [module: string, client: string]>> = {
  s3: ["@aws-sdk/client-s3", "S3Client"],
  sns: ["@aws-sdk/client-sns", "SNSClient"],
  iam: ["@aws-sdk/client-iam", "IAMClient"],
  sagemaker: ["@aws-sdk/client-sagemaker", "SageMakerClient"],
  sagemakerRuntime: ["@aws-sdk/client-sagemaker-runtime", "SageMakerRuntimeClient"],
  applicationAutoScaling: ["@aws-sdk/client-application-auto-scaling", "ApplicationAutoScalingClient"],
  cloudwatch: ["@aws-sdk/client-cloudwatch", "CloudWatchClient"],
};

interface SdkClient {
  send(command: unknown): Promise<Record<string, unknown>>;
  destroy(): void;
}

/** Calls with the unmodified AWS SDK, over HTTP. */
export async function overTheWire(world: World, region: string) {
  const wire = await startWire(world);
  const open = new Map<ServiceKey, SdkClient>();
  const call: Operation = async (service, operation, input) => {
    const [module, name] = clients[service] ?? ["", ""];
    const sdk = require(module) as Record<string, new (argument: object) => SdkClient>;
    const Client = sdk[name];
    const Command = sdk[`${operation}Command`];
    if (Client === undefined || Command === undefined) throw new Error(`no ${operation} in ${module}`);
    const settings = {
      region,
      endpoint: wire.url,
      credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
      forcePathStyle: true,
      // A client that was idle for hours of virtual time signs with the time of before, learns of it, and tries again.
      maxAttempts: 3,
    };
    const client = open.get(service) ?? new Client(settings);
    open.set(service, client);
    return client.send(new Command(input));
  };
  return {
    call,
    close: async () => {
      for (const client of open.values()) client.destroy();
      await wire.close();
    },
  };
}

/** A resource as an engine holds it. */
interface Held {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Makes, changes and deletes resources over gRPC, as an engine does. */
export async function throughTheProvider(world: World, region: string) {
  const server = await startProvider(world);
  const client = new ResourceProviderClient(`127.0.0.1:${server.port}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
  });
  const ask = <Request, Response>(
    method: (request: Request, reply: (cause: ServiceError | null, response: Response) => void) => unknown,
    request: Request,
  ): Promise<Response> =>
    new Promise((resolve, reject) => {
      method.call(client, request, (cause, response) => (cause === null ? resolve(response) : reject(cause)));
    });
  const configuration = new rpc.ConfigureRequest();
  configuration.setArgs(toStruct({ region }));
  await ask(client.configure, configuration);
  const held = new Map<string, Held>();
  const urnOf = (type: string, name: string): string => `urn:pulumi:dev::async-fleet::${type}::${name}`;
  const checked = async (type: string, name: string, news: Properties): Promise<Properties> => {
    const request = new rpc.CheckRequest();
    request.setUrn(urnOf(type, name));
    request.setNews(toStruct(news));
    request.setRandomseed(Buffer.from(name));
    const answer = await ask<rpc.CheckRequest, rpc.CheckResponse>(client.check, request);
    const [failure] = answer.getFailuresList();
    if (failure !== undefined) throw new Error(`${name}.${failure.getProperty()}: ${failure.getReason()}`);
    return fromStruct(answer.getInputs());
  };
  return {
    async create(type: string, name: string, given: Properties): Promise<Held> {
      const inputs = await checked(type, name, given);
      const request = new rpc.CreateRequest();
      request.setUrn(urnOf(type, name));
      request.setProperties(toStruct(inputs));
      const answer = await ask<rpc.CreateRequest, rpc.CreateResponse>(client.create, request);
      const made = { type, name, id: answer.getId(), inputs, outputs: fromStruct(answer.getProperties()) };
      held.set(name, made);
      return made;
    },
    async update(name: string, change: Properties): Promise<void> {
      const before = found(held, name);
      const inputs = await checked(before.type, name, { ...before.inputs, ...change });
      const request = new rpc.UpdateRequest();
      request.setUrn(urnOf(before.type, name));
      request.setId(before.id);
      request.setOldInputs(toStruct(before.inputs));
      request.setOlds(toStruct(before.outputs));
      request.setNews(toStruct(inputs));
      const answer = await ask<rpc.UpdateRequest, rpc.UpdateResponse>(client.update, request);
      held.set(name, { ...before, inputs, outputs: fromStruct(answer.getProperties()) });
    },
    async delete(name: string): Promise<void> {
      const { type, id, inputs, outputs } = found(held, name);
      const request = new rpc.DeleteRequest();
      request.setUrn(urnOf(type, name));
      request.setId(id);
      request.setOldInputs(toStruct(inputs));
      request.setProperties(toStruct(outputs));
      await ask(client.delete, request);
      held.delete(name);
    },
    async close(): Promise<void> {
      client.close();
      await server.close();
    },
  };
}

function found(held: ReadonlyMap<string, Held>, name: string): Held {
  const resource = held.get(name);
  if (resource === undefined) throw new Error(`nothing is named ${name}`);
  return resource;
}
