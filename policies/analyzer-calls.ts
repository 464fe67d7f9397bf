import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { UsageError } from "../contract/errors";
import type { OneReading, StackQuestion } from "./one-reading";

/** What an engine says before it asks for the first verdict, in this order. Each may refuse by throwing. */
export interface AnalyzerCalls {
  /** Which stack, and its configuration. A caller without a stack leaves it out. */
  readonly configureStack: (stack: string, config: Readonly<Record<string, string>>) => void;
  /** Asked for the rules and their levels. */
  readonly describe: () => void;
  /** Parameters by rule, as the caller layered them. */
  readonly configure: (parameters: Readonly<Record<string, unknown>>) => void;
  /** Whether any rule is to mend what it finds; `told` has the rules whose level the caller named, and whether it was that. */
  readonly mends: (told: ReadonlyMap<string, boolean>) => boolean;
  /** Gives rules about stacks their resources. */
  readonly reading: OneReading;
}

type Done = (error: Partial<grpc.ServiceError> | null, answer?: unknown) => void;
type Handler<Request> = (call: { readonly request: Request }, done: Done) => unknown;

/**
 * Listens to what the engine tells the SDK's server, which passes on neither the stack's configuration nor the names of
 * rules it does not know. The next gRPC server of this process is the one; it belongs to the SDK.
 */
export function listenToAnalyzerCalls(calls: AnalyzerCalls): void {
  // The SDK's own copy: another package may have brought another.
  const ofSdk = createRequire(require.resolve("@pulumi/policy"));
  const { Server, status } = ofSdk("@grpc/grpc-js") as typeof grpc;
  const { EnforcementLevel, RemediateResponse } = ofSdk("@pulumi/pulumi/proto/analyzer_pb") as typeof messages;
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
  const mending = new Map<string, boolean>();
  Server.prototype.addService = function (service, handlers) {
    Server.prototype.addService = addService;
    return addService.call(this, service, {
      ...handlers,
      // An engine asks this of each resource, and the SDK unpacks it whole before it looks whether any rule mends.
      remediate: (call: { readonly request: messages.AnalyzeRequest }, done: Done) =>
        calls.mends(mending)
          ? (handlers.remediate as unknown as Handler<messages.AnalyzeRequest>)(call, done)
          : done(null, new RemediateResponse()),
      analyzeStack: ({ request }: { readonly request: messages.AnalyzeStackRequest }, done: Done) =>
        calls.reading.answer(request, (question) =>
          (handlers.analyzeStack as unknown as Handler<StackQuestion>)({ request: question }, done),
        ),
      configureStack: before<messages.AnalyzerStackConfigureRequest>(
        (request) => calls.configureStack(request.getStack(), Object.fromEntries(request.getConfigMap().toArray())),
        handlers.configureStack,
      ),
      getAnalyzerInfo: before(() => calls.describe(), handlers.getAnalyzerInfo),
      configure: before<messages.ConfigureAnalyzerRequest>((request) => {
        const parameters: Record<string, unknown> = {};
        mending.clear();
        request.getPolicyconfigMap().forEach((config, name) => {
          parameters[name] = config.getProperties()?.toJavaScript() ?? {};
          mending.set(name, config.getEnforcementlevel() === EnforcementLevel.REMEDIATE);
        });
        calls.configure(parameters);
      }, handlers.configure),
    } as grpc.UntypedServiceImplementation);
  };
}
