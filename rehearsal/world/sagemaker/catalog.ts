import type * as sdk from "@aws-sdk/client-sagemaker";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { pageOf } from "../paging";
import { Partitions } from "../partitions";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";
import { type Blueprint, type ConfigState, containersOf, type ModelState } from "./blueprint";
import type { Endpoint } from "./endpoint";
import { checkEndpointConfig } from "./endpoint-config-rules";
import { listing } from "./listings";
import { namePattern, Validation } from "./validation";

interface RegionState {
  readonly models: Map<string, ModelState>;
  readonly configs: Map<string, ConfigState>;
  readonly endpoints: Map<string, Endpoint>;
}

const code = "ValidationException";
/** An endpoint has at most 50 tags, so one page holds all of them. */
const tagsPageSize = 50;

/** Models and endpoint configurations, the tags of everything, and what a configuration comes to. */
export abstract class Catalog {
  protected readonly regions = new Partitions<RegionState>(() => ({
    models: new Map(),
    configs: new Map(),
    endpoints: new Map(),
  }));
  protected readonly tags = new TagStore();

  constructor(protected readonly world: World) {}

  async createModel(call: Call, input: sdk.CreateModelCommandInput): Promise<Answer<sdk.CreateModelCommandOutput>> {
    const { models } = this.regions.of(call);
    const name = input.ModelName ?? "";
    new Validation().required("modelName", input.ModelName).pattern("modelName", name, namePattern, 63).end(code);
    if (input.PrimaryContainer === undefined && (input.Containers ?? []).length === 0) {
      throw new AwsError(code, "At least one container definition must be specified.");
    }
    this.refuseClash("model", models, name);
    const state = { name, arn: this.arn(call, "model", name), createdMs: this.world.clock.now(), input };
    models.set(name.toLowerCase(), state);
    this.tags.put(state.arn, fromTagList(input.Tags));
    return { ModelArn: state.arn };
  }

  async describeModel(
    call: Call,
    input: sdk.DescribeModelCommandInput,
  ): Promise<Answer<sdk.DescribeModelCommandOutput>> {
    const { name, arn, createdMs, input: made } = this.model(call, input.ModelName);
    const { Tags: _tags, ModelName: _name, PrimaryContainer: container, ...rest } = made;
    return {
      ModelName: name,
      ModelArn: arn,
      CreationTime: new Date(createdMs),
      EnableNetworkIsolation: false,
      ...(container === undefined ? {} : { PrimaryContainer: { Mode: "SingleModel" as const, ...container } }),
      ...rest,
    };
  }

  async deleteModel(call: Call, input: sdk.DeleteModelCommandInput): Promise<Answer<sdk.DeleteModelCommandOutput>> {
    const model = this.model(call, input.ModelName);
    this.regions.of(call).models.delete(model.name.toLowerCase());
    this.tags.forget(model.arn);
    return {};
  }

  async listModels(call: Call, input: sdk.ListModelsCommandInput): Promise<Answer<sdk.ListModelsCommandOutput>> {
    const { items, next } = listing(this.regions.of(call).models.values(), input, this.world.assumed.modelsPerPage);
    return {
      Models: items.map(({ name, arn, createdMs }) => ({
        ModelName: name,
        ModelArn: arn,
        CreationTime: new Date(createdMs),
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  }

  async createEndpointConfig(
    call: Call,
    input: sdk.CreateEndpointConfigCommandInput,
  ): Promise<Answer<sdk.CreateEndpointConfigCommandOutput>> {
    const { configs } = this.regions.of(call);
    const name = input.EndpointConfigName ?? "";
    checkEndpointConfig(input);
    for (const { ModelName } of input.ProductionVariants ?? [])
      if (ModelName !== undefined) this.model(call, ModelName);
    this.refuseClash("endpoint configuration", configs, name);
    const state = { name, arn: this.arn(call, "endpoint-config", name), createdMs: this.world.clock.now(), input };
    configs.set(name.toLowerCase(), state);
    this.tags.put(state.arn, fromTagList(input.Tags));
    return { EndpointConfigArn: state.arn };
  }

  async describeEndpointConfig(
    call: Call,
    input: sdk.DescribeEndpointConfigCommandInput,
  ): Promise<Answer<sdk.DescribeEndpointConfigCommandOutput>> {
    const { name, arn, createdMs, input: made } = this.config(call, input.EndpointConfigName);
    const { Tags: _tags, EndpointConfigName: _name, ...rest } = made;
    return {
      EndpointConfigName: name,
      EndpointConfigArn: arn,
      CreationTime: new Date(createdMs),
      ...rest,
    } as Answer<sdk.DescribeEndpointConfigCommandOutput>;
  }

  async deleteEndpointConfig(
    call: Call,
    input: sdk.DeleteEndpointConfigCommandInput,
  ): Promise<Answer<sdk.DeleteEndpointConfigCommandOutput>> {
    const config = this.config(call, input.EndpointConfigName);
    const { configs, endpoints } = this.regions.of(call);
    const user = [...endpoints.values()].find((endpoint) => endpoint.uses(config) && endpoint.status !== "Failed");
    if (user !== undefined) {
      throw new AwsError(
        code,
        `Cannot delete endpoint configuration "${config.arn}" because it is in use by endpoint "${user.arn}".`,
      );
    }
    configs.delete(config.name.toLowerCase());
    this.tags.forget(config.arn);
    return {};
  }

  async listEndpointConfigs(
    call: Call,
    input: sdk.ListEndpointConfigsCommandInput,
  ): Promise<Answer<sdk.ListEndpointConfigsCommandOutput>> {
    const { items, next } = listing(this.regions.of(call).configs.values(), input, this.world.assumed.modelsPerPage);
    return {
      EndpointConfigs: items.map(({ name, arn, createdMs }) => ({
        EndpointConfigName: name,
        EndpointConfigArn: arn,
        CreationTime: new Date(createdMs),
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  }

  async addTags(call: Call, input: sdk.AddTagsCommandInput): Promise<Answer<sdk.AddTagsCommandOutput>> {
    this.checkTaggable(call, input.ResourceArn);
    this.tags.put(input.ResourceArn ?? "", fromTagList(input.Tags));
    return { Tags: toTagList(this.tags.of(input.ResourceArn ?? "")) };
  }

  async listTags(call: Call, input: sdk.ListTagsCommandInput): Promise<Answer<sdk.ListTagsCommandOutput>> {
    this.checkTaggable(call, input.ResourceArn);
    const { items, next } = pageOf(toTagList(this.tags.of(input.ResourceArn ?? "")), ({ Key }) => Key, {
      size: input.MaxResults ?? tagsPageSize,
      token: input.NextToken,
      invalidToken: code,
    });
    return { Tags: items, ...(next === undefined ? {} : { NextToken: next }) };
  }

  async deleteTags(call: Call, input: sdk.DeleteTagsCommandInput): Promise<Answer<sdk.DeleteTagsCommandOutput>> {
    this.checkTaggable(call, input.ResourceArn);
    this.tags.remove(input.ResourceArn ?? "", input.TagKeys ?? []);
    return {};
  }

  /** The combination is refused at the endpoint and not before, as AWS does. */
  protected blueprint(call: Call, configName: string | undefined): Blueprint {
    const config = this.config(call, configName);
    const { input } = config;
    const [variant, ...more] = input.ProductionVariants ?? [];
    if (variant === undefined) throw new AwsError(code, "At least one production variant must be specified.");
    const isUnsupported =
      input.AsyncInferenceConfig !== undefined &&
      (more.length > 0 ||
        input.DataCaptureConfig !== undefined ||
        (input.ShadowProductionVariants ?? []).length > 0 ||
        variant.ServerlessConfig !== undefined ||
        variant.InstanceType?.startsWith("ml.inf1.") === true);
    if (isUnsupported) throw unsupported();
    const model = this.model(call, variant.ModelName);
    const [container, ...others] = containersOf(model);
    const isPipeline = others.length > 0 || container?.Mode === "MultiModel";
    if (input.AsyncInferenceConfig !== undefined && isPipeline) throw unsupported();
    const image = container?.Image ?? "";
    if (!this.world.containers.knows(image) || !this.world.ecr.canPull(call, image)) {
      throw new AwsError(code, `Requested image ${image} not found.`);
    }
    return { config, variant, model };
  }

  protected model(call: Call, name: string | undefined): ModelState {
    const state = this.regions.of(call).models.get((name ?? "").toLowerCase());
    if (state === undefined) throw new AwsError(code, `Could not find model "${this.arn(call, "model", name ?? "")}".`);
    return state;
  }

  protected config(call: Call, name: string | undefined): ConfigState {
    const state = this.regions.of(call).configs.get((name ?? "").toLowerCase());
    if (state === undefined)
      throw new AwsError(
        code,
        `Could not find endpoint configuration "${this.arn(call, "endpoint-config", name ?? "")}".`,
      );
    return state;
  }

  /** @throws AwsError ValidationException for an ARN of nothing that is here */
  protected checkTaggable(call: Call, arn: string | undefined): void {
    const { models, configs, endpoints } = this.regions.of(call);
    for (const kind of [models, configs, endpoints]) {
      for (const each of kind.values()) if (each.arn === arn) return;
    }
    throw new AwsError(code, `Could not find resource with arn "${arn}".`);
  }

  protected refuseClash(kind: string, existing: ReadonlyMap<string, { readonly arn: string }>, name: string): void {
    const same = existing.get(name.toLowerCase());
    if (same !== undefined) throw new AwsError(code, `Cannot create already existing ${kind} "${same.arn}".`);
  }

  protected arn(call: Call, kind: string, name: string): string {
    return `arn:aws:sagemaker:${call.region}:${call.accountId}:${kind}/${name.toLowerCase()}`;
  }
}

function unsupported(): AwsError {
  return new AwsError(code, "One or more endpoint features are not supported using this configuration.");
}
