import type { handleUnaryCall, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { regions } from "../../contract/regions";
import type { World } from "../world/world";
import type { CheckFailure } from "./check";
import type { LocalProvider } from "./local-provider";
import type { Properties } from "./property";
import { isRecord, open, unknownValue } from "./property-values";
import { type ResourceDiff, topLevel } from "./resource-diff";
import { stepError } from "./step-errors";
import { empty, fromStruct, toStruct } from "./structs";

/** The version of `@pulumi/aws` whose types the rehearsal plays. */
const pluginVersion = "7.48.0";

/** A schema without anything in it: programs bring their own classes. */
const noSchema = JSON.stringify({ name: "aws", version: pluginVersion });

/**
 * The engine's side of the provider: takes messages apart, hands them to a `LocalProvider`, and puts the answers
 * together.
 *
 * An engine that attaches has one connection per provider of the program, all to this one server, so configurations are
 * told apart by the connection they came over.
 */
export class ProviderService {
  private readonly providers = new Map<string, LocalProvider>();
  private latest: LocalProvider | undefined;
  private programFolder = process.cwd();

  constructor(private readonly world: World) {}

  implementation(): UntypedServiceImplementation {
    return {
      handshake: this.unary((request: rpc.ProviderHandshakeRequest) => {
        this.programFolder = request.getProgramDirectory() || this.programFolder;
        return capabilities(new rpc.ProviderHandshakeResponse());
      }),
      attach: this.unary(() => empty()),
      cancel: this.unary(() => empty()),
      getPluginInfo: this.unary(() => {
        const info = new PluginInfo();
        info.setVersion(pluginVersion);
        return info;
      }),
      getSchema: this.unary(() => {
        const answer = new rpc.GetSchemaResponse();
        answer.setSchema(noSchema);
        return answer;
      }),
      checkConfig: this.unary((request: rpc.CheckRequest) => {
        const news = fromStruct(request.getNews());
        return checked(news, regionFailures(open(news).properties));
      }),
      diffConfig: this.unary(() => {
        const answer = new rpc.DiffResponse();
        answer.setChanges(rpc.DiffResponse.DiffChanges.DIFF_NONE);
        return answer;
      }),
      configure: this.unary((request: rpc.ConfigureRequest, peer) => {
        this.configure(peer, open(fromStruct(request.getArgs())).properties);
        const answer = capabilities(new rpc.ConfigureResponse());
        answer.setSupportspreview(true);
        return answer;
      }),
      check: this.unary((request: rpc.CheckRequest, peer) => {
        const { inputs, failures } = this.providerOf(peer).check({
          type: request.getType() || typeIn(request.getUrn()),
          name: request.getName() || nameIn(request.getUrn()),
          news: fromStruct(request.getNews()),
          olds: fromStruct(request.getOlds()),
          seed: request.getRandomseed_asU8(),
        });
        return checked(inputs, failures);
      }),
      diff: this.unary((request: rpc.DiffRequest, peer) =>
        diffed(
          this.providerOf(peer).diff({
            type: request.getType() || typeIn(request.getUrn()),
            name: request.getName() || nameIn(request.getUrn()),
            oldInputs: fromStruct(request.getOldInputs()),
            news: fromStruct(request.getNews()),
            ignored: request.getIgnorechangesList(),
          }),
        ),
      ),
      create: this.unary(async (request: rpc.CreateRequest, peer) => {
        const { id, outputs } = await this.providerOf(peer).create({
          type: request.getType() || typeIn(request.getUrn()),
          inputs: fromStruct(request.getProperties()),
          preview: request.getPreview(),
          timeoutSeconds: request.getTimeout(),
        });
        const answer = new rpc.CreateResponse();
        answer.setId(id);
        answer.setProperties(toStruct(outputs));
        return answer;
      }),
      read: this.unary(async (request: rpc.ReadRequest, peer) => {
        const { id, inputs, outputs } = await this.providerOf(peer).read({
          type: request.getType() || typeIn(request.getUrn()),
          id: request.getId(),
          inputs: fromStruct(request.getInputs()),
          outputs: fromStruct(request.getProperties()),
        });
        const answer = new rpc.ReadResponse();
        answer.setId(id);
        if (id === "") return answer;
        answer.setInputs(toStruct(inputs));
        answer.setProperties(toStruct(outputs));
        return answer;
      }),
      update: this.unary(async (request: rpc.UpdateRequest, peer) => {
        const { outputs } = await this.providerOf(peer).update({
          type: request.getType() || typeIn(request.getUrn()),
          id: request.getId(),
          inputs: fromStruct(request.getOldInputs()),
          outputs: fromStruct(request.getOlds()),
          news: fromStruct(request.getNews()),
          preview: request.getPreview(),
          timeoutSeconds: request.getTimeout(),
        });
        const answer = new rpc.UpdateResponse();
        answer.setProperties(toStruct(outputs));
        return answer;
      }),
      delete: this.unary(async (request: rpc.DeleteRequest, peer) => {
        await this.providerOf(peer).delete({
          type: request.getType() || typeIn(request.getUrn()),
          id: request.getId(),
          inputs: fromStruct(request.getOldInputs()),
          outputs: fromStruct(request.getProperties()),
          timeoutSeconds: request.getTimeout(),
        });
        return empty();
      }),
      invoke: this.unary(async (request: rpc.InvokeRequest, peer) => {
        const { value, failures } = await this.providerOf(peer).invoke(request.getTok(), fromStruct(request.getArgs()));
        const answer = new rpc.InvokeResponse();
        answer.setReturn(toStruct(value));
        answer.setFailuresList(failures.map(failureMessage));
        return answer;
      }),
    };
  }

  private unary<Request, Response>(
    answer: (request: Request, peer: string) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    return (call: ServerUnaryCall<Request, Response>, reply) => {
      // Somebody outside is at work: the clock lets him finish before it jumps.
      this.world.clock.touch();
      Promise.resolve()
        .then(() => answer(call.request, call.getPeer()))
        .finally(() => this.world.keeper?.flushed())
        .then(
          (response) => reply(null, response),
          (cause: unknown) => reply(stepError(cause)),
        )
        .finally(() => this.world.clock.touch());
    };
  }

  private configure(peer: string, config: Properties): void {
    const region = String(config.region);
    const defaultTags = tagsIn(config.defaultTags);
    // Its resource types take longer to load than the server does, and no engine may ever come.
    const provider = require("./local-provider") as typeof import("./local-provider");
    this.latest = new provider.LocalProvider(this.world, { region, defaultTags }, this.programFolder);
    this.providers.set(peer, this.latest);
  }

  private providerOf(peer: string): LocalProvider {
    const provider = this.providers.get(peer) ?? this.latest;
    if (provider === undefined) throw new Error("the provider was asked before it was configured");
    return provider;
  }
}

function capabilities<Answer extends rpc.ProviderHandshakeResponse | rpc.ConfigureResponse>(answer: Answer): Answer {
  if (answer instanceof rpc.ConfigureResponse) {
    answer.setAcceptsecrets(true);
    answer.setAcceptresources(false);
    answer.setAcceptoutputs(false);
  } else {
    answer.setAcceptSecrets(true);
    answer.setAcceptResources(false);
    answer.setAcceptOutputs(false);
  }
  return answer;
}

function checked(inputs: Properties, failures: readonly CheckFailure[]): rpc.CheckResponse {
  const answer = new rpc.CheckResponse();
  answer.setInputs(toStruct(inputs));
  answer.setFailuresList(failures.map(failureMessage));
  return answer;
}

function failureMessage({ property, reason }: CheckFailure): rpc.CheckFailure {
  const message = new rpc.CheckFailure();
  message.setProperty(property);
  message.setReason(reason);
  return message;
}

function diffed({ changes, replaces, deleteBeforeReplace }: ResourceDiff): rpc.DiffResponse {
  const answer = new rpc.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  answer.setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME);
  answer.setReplacesList([...replaces]);
  answer.setDeletebeforereplace(deleteBeforeReplace);
  answer.setDiffsList([...new Set([...changes.keys()].map(topLevel))]);
  answer.setHasdetaileddiff(true);
  const { Kind } = rpc.PropertyDiff;
  for (const [path, change] of changes) {
    const detail = new rpc.PropertyDiff();
    const kinds = {
      add: [Kind.ADD, Kind.ADD_REPLACE],
      delete: [Kind.DELETE, Kind.DELETE_REPLACE],
      update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
    } as const;
    detail.setKind(kinds[change.kind][change.replaces ? 1 : 0]);
    detail.setInputdiff(true);
    answer.getDetaileddiffMap().set(path, detail);
  }
  return answer;
}

function regionFailures({ region }: Properties): CheckFailure[] {
  if (region === unknownValue || regions.some(({ code }) => code === region)) return [];
  const got = region === undefined ? "nothing" : JSON.stringify(region);
  return [{ property: "region", reason: `ASY-566 got ${got}, expected a commercial region with SageMaker` }];
}

/** Nested settings of a provider travel as JSON. */
function tagsIn(setting: unknown): Record<string, string> {
  const value: unknown = typeof setting === "string" ? JSON.parse(setting) : setting;
  const tags = isRecord(value) ? value.tags : undefined;
  return isRecord(tags) ? Object.fromEntries(Object.entries(tags).map(([key, tag]) => [key, String(tag)])) : {};
}

/** `urn:pulumi:<stack>::<project>::<parents$type>::<name>` */
function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
