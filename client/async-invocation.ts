import { randomUUID } from "node:crypto";
import {
  InvokeEndpointAsync$,
  InvokeEndpointAsyncCommand,
  type InvokeEndpointAsyncCommandOutput,
  type SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import type { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import { retryMiddleware } from "@smithy/core/retry";
import type { FinalizeHandler, HandlerExecutionContext, Identity, RetryStrategyV2 } from "@smithy/types";
import { DayKeySigner } from "./request-signer";

type Config = SageMakerRuntimeClient["config"];
type Resolving = InvokeEndpointAsyncCommand["resolveMiddleware"];
type Stack = Parameters<Resolving>[0];
type Attempt = FinalizeHandler<object, InvokeEndpointAsyncCommandOutput>;
type Options = { readonly abortSignal?: AbortSignal } | undefined;
type Headers = Readonly<Record<string, string>>;

/** How the SDK's client writes requests and reads answers. */
interface Protocol {
  setSerdeContext(config: unknown): void;
  serializeRequest(operation: unknown, input: object, context: unknown): Promise<HttpRequest>;
  deserializeResponse(
    operation: unknown,
    context: unknown,
    response: HttpResponse,
  ): Promise<InvokeEndpointAsyncCommandOutput>;
}

/** What the SDK puts on a client's stack and `ShortWay` does, too, with the listener that connect() adds. */
const known = new Set([
  "loggerMiddleware",
  "serializerMiddleware",
  "contentLengthMiddleware",
  "getUserAgentMiddleware",
  "hostHeaderMiddleware",
  "recursionDetectionMiddleware",
  "retryMiddleware",
  "httpSigningMiddleware",
  "deserializerMiddleware",
  "serverClock",
]);

/**
 * InvokeEndpointAsync, the one call that is made by the thousand, with what is the same for all requests of a client
 * found out once: the SDK's stack of middleware asks anew each time where AWS is, how to sign and what to call itself,
 * which takes longer than the request. Serializing, signing, retrying and reading the answer are the SDK's own.
 *
 * Where the stack holds anything that is not known here, the whole of it is gone through.
 */
export class AsyncInvocation extends InvokeEndpointAsyncCommand {
  constructor(
    input: InvokeEndpointAsyncCommand["input"],
    private readonly heard: (headers: Headers) => void = () => {},
  ) {
    super(input);
  }

  override resolveMiddleware(...[stack, config, options]: Parameters<Resolving>): ReturnType<Resolving> {
    const whole = (altered: Config): ReturnType<Resolving> => super.resolveMiddleware(stack, altered, options);
    // In Lambda each request carries the trace of its own event.
    if (!isKnown(stack) || process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined) return whole(config);
    let way = ways.get(config);
    if (way === undefined) {
      way = ShortWay.learn(config, whole);
      ways.set(config, way);
      // Learnt anew by the next: credentials may be there by then.
      way.catch(() => ways.delete(config));
    }
    const learnt = way;
    return async () => (await learnt).send(this.input, options as Options, this.heard);
  }
}

const verdicts = new WeakMap<Stack, { isKnown: boolean | undefined }>();
const changes = ["add", "addRelativeTo", "remove", "removeByTag"] as const;

/** Asked anew only when something has been added to the stack, or taken out of it: asking takes long, too. */
function isKnown(stack: Stack): boolean {
  let verdict = verdicts.get(stack);
  if (verdict === undefined) {
    const made: { isKnown: boolean | undefined } = { isKnown: undefined };
    for (const change of changes) {
      const own = stack[change] as (...args: unknown[]) => never;
      stack[change] = (...args: unknown[]): never => {
        made.isKnown = undefined;
        return own(...args);
      };
    }
    verdict = made;
    verdicts.set(stack, made);
  }
  verdict.isKnown ??= stack.identify().every((name) => known.has(name.split(" ", 1)[0] ?? ""));
  return verdict.isKnown;
}

const ways = new WeakMap<Config, Promise<ShortWay>>();
/** The headers that are the same for every request of a client. */
const sameHeaders = ["host", "user-agent", "x-amz-user-agent"];

class ShortWay {
  private readonly protocol: Protocol;
  private readonly serde: object;
  private readonly operation: object;
  /** The client's own but for the signer; a clock that is found to be off is noted here. */
  private readonly signingConfig: Config;

  private constructor(
    private readonly config: Config,
    endpoint: { protocol: string; hostname: string; port?: number; path: string },
    private readonly headers: Headers,
    private readonly signing: { readonly signingRegion: string; readonly signingName: string },
    private readonly firstAttempt: string,
    private readonly signer: Config["httpAuthSchemes"][number]["signer"],
  ) {
    const [, namespace, name, traits, input, output] = InvokeEndpointAsync$;
    this.operation = { namespace, name, traits, input, output };
    this.serde = { ...config, endpoint: async () => endpoint };
    // One signer for all requests; of itself the SDK makes one for each.
    const dayKeySigner = new DayKeySigner(() => config.credentials());
    this.signingConfig = Object.create(config, { signer: { value: async () => dayKeySigner } }) as Config;
    this.protocol = config.protocol as unknown as Protocol;
    this.protocol.setSerdeContext(config);
  }

  /** Lets the SDK prepare a request, which is not sent, and keeps what others will have in common with it. */
  static async learn(config: Config, whole: (altered: Config) => ReturnType<Resolving>): Promise<ShortWay> {
    let prepared: HttpRequest | undefined;
    const requestHandler = {
      metadata: config.requestHandler.metadata,
      handle: async (request: HttpRequest): Promise<never> => {
        prepared = request;
        throw new Error("prepared, and not sent");
      },
    };
    const input = { EndpointName: "e", InputLocation: "s3://b/k" };
    await whole({ ...config, requestHandler } as unknown as Config)({ input }).catch((cause: unknown) => {
      if (prepared === undefined) throw cause;
    });
    if (prepared === undefined) throw new Error("the SDK prepared no request");
    const { protocol, hostname, port, path, headers } = prepared;
    const [, signingRegion = "", signingName = ""] =
      /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
    const scheme = config.httpAuthSchemes.find(({ schemeId }) => schemeId === "aws.auth#sigv4");
    if (scheme === undefined || signingName === "") throw new Error("the SDK signs in a way unknown here");
    return new ShortWay(
      config,
      { protocol, hostname, ...(port === undefined ? {} : { port }), path: path.replace(/\/endpoints\/e\/.*$/, "") },
      Object.fromEntries(Object.entries(headers).filter(([name]) => sameHeaders.includes(name))),
      { signingRegion, signingName },
      `attempt=1; max=${await config.maxAttempts()}`,
      scheme.signer,
    );
  }

  async send(
    input: InvokeEndpointAsyncCommand["input"],
    options: Options,
    heard: (headers: Headers) => void,
  ): Promise<{ output: InvokeEndpointAsyncCommandOutput; response: unknown }> {
    const request = await this.protocol.serializeRequest(this.operation, input, this.serde);
    Object.assign(request.headers, this.headers);
    const { body } = request as { body?: Uint8Array };
    if (body !== undefined) request.headers["content-length"] = String(body.byteLength);
    const context = { __smithy_context: { abortSignal: options?.abortSignal } } as HandlerExecutionContext;
    const attempt = () => this.attempt(request, context, options, heard);
    // Of the older kind are only strategies that callers bring, and connect() takes none.
    const strategy = (await this.config.retryStrategy()) as RetryStrategyV2;
    const token = await strategy.acquireInitialRetryToken("");
    request.headers["amz-sdk-invocation-id"] = randomUUID();
    request.headers["amz-sdk-request"] = this.firstAttempt;
    try {
      const result = await attempt();
      strategy.recordSuccess(token);
      return result;
    } catch (cause) {
      return this.goOn(cause, attempt, context, request);
    }
  }

  /** Hands a failed attempt to the SDK's own retrying, which takes it for its first. */
  private goOn(
    cause: unknown,
    attempt: () => ReturnType<Attempt>,
    context: HandlerExecutionContext,
    request: HttpRequest,
  ) {
    let isFirst = true;
    const next: Attempt = async () => {
      if (!isFirst) return attempt();
      isFirst = false;
      throw cause;
    };
    return retryMiddleware(this.config)(next, context)({ input: {}, request });
  }

  private async attempt(
    request: HttpRequest,
    context: HandlerExecutionContext,
    options: Options,
    heard: (headers: Headers) => void,
  ): ReturnType<Attempt> {
    const { config, signer } = this;
    const properties = { ...this.signing, config: this.signingConfig, context };
    const signed = (await signer.sign(
      request,
      (await config.credentials()) as unknown as Identity,
      properties,
    )) as HttpRequest;
    let response: HttpResponse | undefined;
    try {
      const answer = await config.requestHandler.handle(signed, options);
      response = answer.response as HttpResponse;
      heard(response.headers);
      const output = await this.protocol.deserializeResponse(this.operation, this.serde, response);
      signer.successHandler?.(response, properties);
      return { response, output };
    } catch (cause) {
      if (response !== undefined) tellOfAnswer(cause as Error, response);
      if (signer.errorHandler === undefined) throw cause;
      return signer.errorHandler(properties)(cause as Error);
    }
  }
}

/** Retries and the correction of a skewed clock read the answer's headers, callers its status. */
function tellOfAnswer(cause: Error, response: HttpResponse): void {
  Object.defineProperty(cause, "$response", { value: response, enumerable: false });
  if (!("$metadata" in cause)) Object.assign(cause, { $metadata: { httpStatusCode: response.statusCode } });
}
