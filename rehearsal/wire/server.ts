import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../world/aws-error";
import type { Call } from "../world/call";
import { constrain } from "../world/constraints";
import { diskFull, isDiskFull } from "../world/disk-full";
import { like } from "../world/iam/evaluate";
import type { World } from "../world/world";
import { type Protocol, type Reply, sendError, sendOutput } from "./answer";
import { answeredSafely } from "./answered-safely";
import { checkAuthorization, unsigned } from "./authorization";
import { methodOf } from "./coverage";
import { afterWork, Dropped, strike, throttlingError } from "./fault-answers";
import { Flow, type Patience, patienceDefault } from "./flow";
import { bucketOfHost } from "./hosts";
import { bodyBytes, type Incoming, readIncoming } from "./incoming";
import { fromJson } from "./json-codec";
import { listenLocally } from "./listener";
import { decodedPart, Malformed, malformed } from "./malformed";
import { asksForPage, pageDoor } from "./page-door";
import { checkPresigned } from "./presigned";
import { formOf, fromQuery } from "./query-codec";
import { refuseIncomplete } from "./required";
import { matchRest, parsedJson, restInput } from "./rest";
import { callerOf, judge } from "./rights";
import { modelOf, type Operation, type ServiceModel } from "./schemas";

export interface WireOptions {
  /** Loopback port. @default - any free one */
  readonly port?: number;
  /** Told of exceptions that are this server's own fault. @default - a process warning */
  readonly onFault?: (cause: unknown) => void;
  /** The time that clients sign by, milliseconds since the Unix epoch. @default - this machine's */
  readonly wallNow?: () => number;
  /** How long clients that stand still are waited for. @default patienceDefault */
  readonly patience?: Partial<Patience>;
}

export interface Wire {
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const bodyBytesMax = 16 * 1024 * 1024;

/**
 * Serves the world over HTTP for any AWS SDK, on 127.0.0.1 only. Nothing is passed on to anybody.
 *
 * @throws UsageError ASY-540 when the port is taken
 */
export async function startWire(world: World, options: WireOptions = {}): Promise<Wire> {
  const onFault =
    options.onFault ??
    ((cause: unknown) =>
      process.emitWarning(`the rehearsal's server failed: ${String((cause as Error).stack ?? cause)}`));
  const wallNow = options.wallNow ?? Date.now;
  const patience = { ...patienceDefault, ...options.patience };
  const told = { onFault, wallNow, patience, beganMs: world.clock.now() };
  const showPage = pageDoor(world);
  const { port, close } = await listenLocally(options.port ?? 0, patience, (message, response, expectsContinue) => {
    if (asksForPage(message)) showPage(message, response);
    else void serve(world, message, response, expectsContinue, told);
  });
  const url = `http://127.0.0.1:${port}`;
  world.sqs.queueUrlBase = url;
  world.sns.deliveries.confirmUrlBase = url;
  return { url, port, close };
}

type Told = Required<Pick<WireOptions, "onFault" | "wallNow">> & {
  readonly patience: Patience;
  readonly beganMs: number;
};

/** Whoever waits for an answer, or has gone away. */
class Caller {
  isGone = false;
  private leaving: AbortController | undefined;

  left(): void {
    this.isGone = true;
    this.leaving?.abort();
  }

  /** For those alone that wait long: a signal for each request costs as much as its rights. */
  signal(): AbortSignal {
    this.leaving ??= new AbortController();
    if (this.isGone) this.leaving.abort();
    return this.leaving.signal;
  }
}

async function serve(
  world: World,
  message: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
  { onFault, wallNow, patience, beganMs }: Told,
): Promise<void> {
  const reply: Reply = { response, requestId: world.ids.uuid() };
  // Whoever asks for the last minutes must know which minutes they are.
  response.setHeader("Date", new Date(world.clock.now()).toUTCString());
  const head = message.method === "HEAD";
  const caller = new Caller();
  response.once("close", () => {
    if (!response.writableFinished) caller.left();
  });
  // A connection that breaks is the client's affair; without a listener it would be this process's end.
  message.on("error", () => caller.left());
  response.on("error", () => caller.left());
  let protocol: Protocol = "json";
  let model: ServiceModel | undefined;
  let waitsForWord = expectsContinue;
  const flow = new Flow(world.clock, message, response, patience, () => {
    if (response.headersSent) return message.destroy();
    response.setHeader("Connection", "close");
    // An answered request hears nothing more of its connection: whoever reads its body must be told.
    response.once("finish", () => message.destroy());
    sendError(reply, protocol, model, stalled(), head);
  });
  try {
    const incoming = readIncoming(message);
    incoming.onBody = () => {
      if (waitsForWord) response.writeContinue();
      waitsForWord = false;
    };
    if (asksWhetherReady(incoming)) {
      response.end("AWS is played here.\n");
      return;
    }
    protocol = protocolOf(incoming);
    if (incoming.service === undefined) throw unserved(incoming, protocol);
    model = modelOf(incoming.service);
    checkPresigned(incoming, (key) => world.iam.secretOf(key), wallNow());
    const clocks = { wallMs: wallNow(), worldMs: world.clock.now(), beganMs };
    const checkBody = checkAuthorization(incoming, protocol, world.iam.secretOf(incoming.accessKeyId), clocks);
    const { operation, input } = await readInput(model, incoming, protocol);
    checkBody?.(incoming.body ?? Buffer.alloc(0));
    const call: Call = {
      accountId: /^\d{12}$/.test(incoming.accessKeyId) ? incoming.accessKeyId : world.accountId,
      region: incoming.region || world.s3.regionOf(String(input.Bucket)) || "us-east-1",
      principal: callerOf(world, incoming.service, incoming.accessKeyId, incoming.sessionToken),
    };
    const played = model;
    const action = `${incoming.service}:${operation.name}`;
    const fate = world.faults.call(call.region, action);
    if (fate.delayMs > 0) {
      flow.letGo();
      await world.clock.sleep(fate.delayMs, caller.signal());
      flow.takeUp();
      response.setHeader("Date", new Date(world.clock.now()).toUTCString());
    }
    strike(fate, protocol);
    refuseByAccount(world, protocol, call.region, action);
    if (isPlayed(world, model, operation)) refuseIncomplete(model, operation, input);
    judge(world, incoming.service, operation.name, call, input);
    constrain(incoming.service, methodOf(operation.name), input);
    const done = await answeredSafely(world, () => perform(world, played, operation, call, input, caller, flow));
    const output = afterWork(fate, protocol, done);
    flow.takeUp();
    await sendOutput(reply, protocol, model, operation, output, head);
  } catch (cause) {
    // Who was not asked for his body will not send it: the connection is of no more use.
    if (waitsForWord && !response.headersSent) response.setHeader("Connection", "close");
    const isOver = caller.isGone || (message.destroyed && !message.complete);
    if (isOver || cause instanceof Dropped) response.destroy();
    else if (cause instanceof AwsError) sendError(reply, protocol, model, cause, head);
    else if (cause instanceof Malformed) sendError(reply, protocol, model, malformed(cause, protocol), head);
    else {
      const isFull = isDiskFull(cause);
      if (!isFull) onFault(cause);
      sendError(reply, protocol, model, isFull ? diskFull() : failed(), head);
    }
  } finally {
    flow.end();
    // What was not read of a refused upload must not stand before the next request.
    if (!message.complete) message.unpipe().resume();
  }
}

function stalled(): AwsError {
  return new AwsError(
    "RequestTimeout",
    "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
  );
}

function failed(): AwsError {
  return new AwsError("InternalFailure", "The rehearsal failed; its own log says why.", 500);
}

/** `GET /` without a signature: whoever started the rehearsal waits for it. */
function asksWhetherReady({ method, path, query, service }: Incoming): boolean {
  return (method === "GET" || method === "HEAD") && path === "/" && service === undefined && query.size === 0;
}

/** The protocol of the service, or, where no signature names one, that of requests which look so. */
function protocolOf({ message, method, path, service }: Incoming): Protocol {
  const isForm = /x-www-form-urlencoded/.test(message.headers["content-type"] ?? "");
  if (service === "s3") return "restXml";
  if (service === "sagemakerRuntime") return "restJson";
  if (service === "ec2") return "ec2";
  if (message.headers["x-amz-target"] !== undefined) return "json";
  if (service !== undefined || (isForm && path === "/")) return "query";
  return method === "POST" && path.startsWith("/endpoints/") ? "restJson" : "restXml";
}

/** Nobody signed, or for a service that is not played. */
function unserved({ accessKeyId }: Incoming, protocol: Protocol): AwsError {
  if (accessKeyId === "") return unsigned(protocol);
  return new AwsError("UnknownService", "The request's signature names no service this rehearsal plays.");
}

async function readInput(
  model: ServiceModel,
  incoming: Incoming,
  protocol: Protocol,
): Promise<{ operation: Operation; input: Record<string, unknown> }> {
  if (protocol === "restJson" || protocol === "restXml") {
    const { bucket, path } =
      protocol === "restXml" ? splitBucket(incoming) : { bucket: undefined, path: incoming.path };
    const match =
      bucket === "" && incoming.method === "GET"
        ? listing(model)
        : matchRest(model, incoming, path, bucket === undefined ? undefined : bucket !== "");
    if (match === undefined && protocol === "restXml")
      throw new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
    if (match === undefined)
      throw new AwsError(
        "UnknownOperationException",
        `${incoming.method} ${incoming.path} is no operation of ${model.key}.`,
        404,
      );
    const input = await restInput(match, incoming, protocol === "restXml" ? "xml" : "json");
    return {
      operation: match.operation,
      input: bucket === undefined || bucket === "" ? input : { ...input, Bucket: bucket },
    };
  }
  const text = (await bodyBytes(incoming, bodyBytesMax)).toString("utf8");
  if (protocol === "json") {
    const name = String(incoming.message.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const operation = known(model, name);
    return {
      operation,
      input: (fromJson(operation.input, text === "" ? {} : parsedJson(text)) ?? {}) as Record<string, unknown>,
    };
  }
  const form = formOf(text === "" ? incoming.query : new URLSearchParams(text));
  const operation = known(model, form.get("Action") ?? "");
  const dialect = protocol === "ec2" ? "ec2" : "awsQuery";
  return { operation, input: (fromQuery(operation.input, form, "", dialect) ?? {}) as Record<string, unknown> };
}

/** What AWS refuses before an operation begins: callers of a region that the account has not enabled, and too many calls. */
function refuseByAccount({ account }: World, protocol: Protocol, region: string, action: string): void {
  if (account.conditions.throttledActions?.some((pattern) => like(pattern, action))) {
    throw throttlingError(protocol);
  }
  if (account.isEnabled(region)) return;
  const token = "The security token included in the request is invalid.";
  if (protocol === "ec2") {
    throw new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
  }
  if (protocol === "json" || protocol === "restJson") throw new AwsError("UnrecognizedClientException", token);
  throw new AwsError(protocol === "query" ? "InvalidClientTokenId" : "InvalidAccessKeyId", token, 403);
}

function known(model: ServiceModel, name: string): Operation {
  const operation = model.operations.get(name);
  if (operation === undefined)
    throw new AwsError("UnknownOperationException", `${name || "nothing"} is no operation of ${model.key}.`, 404);
  return operation;
}

function listing(model: ServiceModel) {
  return { operation: known(model, "ListBuckets"), labels: {} };
}

/** The bucket is the first part of the path, or of the host when that has one more than the rehearsal's own. */
function splitBucket({ host, path }: Incoming): { bucket: string; path: string } {
  const hosted = bucketOfHost(host);
  if (hosted !== undefined) return { bucket: hosted, path };
  const [, bucket = "", rest = ""] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  return { bucket: decodedPart(bucket), path: rest === "" ? "/" : rest };
}

function isPlayed(world: World, { key }: ServiceModel, { name }: Operation): boolean {
  return typeof (world[key] as unknown as Record<string, unknown>)[methodOf(name)] === "function";
}

type Method = (call: Call, input: unknown) => Promise<Record<string, unknown>>;

/** Long polls wait for virtual time, so the clock is let go of before an operation that may wait. */
async function perform(
  world: World,
  model: ServiceModel,
  operation: Operation,
  call: Call,
  input: Record<string, unknown>,
  caller: Caller,
  flow: Flow,
): Promise<Record<string, unknown>> {
  const service = world[model.key] as unknown as Record<string, Method | undefined>;
  const method = service[methodOf(operation.name)];
  if (typeof method !== "function") {
    throw new AwsError("NotImplemented", `${operation.name} of ${model.key} is not played by this rehearsal.`, 501);
  }
  const waits = operation.name === "ReceiveMessage";
  if (waits) flow.letGo();
  return method.call(service, call, waits ? { ...input, signal: caller.signal() } : input);
}
