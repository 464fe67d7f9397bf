import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { UsageError } from "../contract/errors";
import { readOnce, type StackQuestion } from "./read-once";

/** What an engine says before it asks for the first verdict, in this order. Each may refuse by throwing. */
export interface AnalyzerCalls {
  /** Which stack, and its configuration. A caller without a stack leaves it out. */
  readonly configureStack: (stack: string, config: Readonly<Record<string, string>>) => void;
  /** Asked for the rules and their levels. */
  readonly describe: () => void;
  /** Parameters by rule, as the caller layered them. */
  readonly configure: (parameters: Readonly<Record<string, unknown>>) => void;
}

type Done = (error: Partial<grpc.ServiceError> | null, answer?: unknown) => void;
type Handler<Request> = (call: { readonly request: Request }, done: Done) => unknown;

/**
 * Listens to what the engine tells the SDK's server, which passes on neither the stack's configuration nor the names of
 * rules it does not know. The next gRPC server of this process is the one; it belongs to the SDK.
 */
export function listenToAnalyzerCalls(calls: AnalyzerCalls): void {
  // The SDK's own copy: another package may have brought another.
  const { Server, status } = createRequire(require.resolve("@pulumi/policy"))("@grpc/grpc-js") as typeof grpc;
  const { addService } = Server.prototype;
  const before =
    <Request>(look: (request: Request) => void, handler: unknown): Handler<Request> =>
    (call, done) => {
      try {
        look(call.request);
      } catch (cause) {
        const mendable = cause instanceof UsageError;
        const details = mendable ? `\n\n${cause.message}\n` : String((cause as Error).stack ?? cause);
        return done({ code: mendable ? status.INVALID_ARGUMENT : status.INTERNAL, details });
      }
      return (handler as Handler<Request>)(call, done);
    };
  Server.prototype.addService = function (service, handlers) {
    Server.prototype.addService = addService;
    return addService.call(this, service, {
      ...handlers,
      analyzeStack: (call: { readonly request: messages.AnalyzeStackRequest }, done: Done) =>
        (handlers.analyzeStack as unknown as Handler<StackQuestion>)({ request: readOnce(call.request) }, done),
      configureStack: before<messages.AnalyzerStackConfigureRequest>(
        (request) => calls.configureStack(request.getStack(), Object.fromEntries(request.getConfigMap().toArray())),
        handlers.configureStack,
      ),
      getAnalyzerInfo: before(() => calls.describe(), handlers.getAnalyzerInfo),
      configure: before<messages.ConfigureAnalyzerRequest>((request) => {
        const parameters: Record<string, unknown> = {};
        request.getPolicyconfigMap().forEach((config, name) => {
          parameters[name] = config.getProperties()?.toJavaScript() ?? {};
        });
        calls.configure(parameters);
      }, handlers.configure),
    } as grpc.UntypedServiceImplementation);
  };
}
