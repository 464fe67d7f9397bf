import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { World } from "../world/world";
import { ProviderService } from "./service";

/** The stand-in for Pulumi's `aws` provider, listening. */
export interface RunningProvider {
  /** Loopback port, for `PULUMI_DEBUG_PROVIDERS=aws:<port>`. */
  readonly port: number;
  /** Ends every connection. Safe to call twice. */
  close(): Promise<void>;
}

/** A program of 31 regions with its lists of tags and policies stays far below; gRPC's own limit is 4 MB. */
const messageBytesMax = 64 * 1024 * 1024;

/** Starts the stand-in provider on a free port of 127.0.0.1. */
export async function startProvider(world: World): Promise<RunningProvider> {
  const server = new Server({
    "grpc.max_receive_message_length": messageBytesMax,
    "grpc.max_send_message_length": messageBytesMax,
  });
  server.addService(ResourceProviderService, new ProviderService(world).implementation());
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (cause, bound) => {
      if (cause === null) resolve(bound);
      else reject(cause);
    });
  });
  return {
    port,
    close: async () => server.forceShutdown(),
  };
}
