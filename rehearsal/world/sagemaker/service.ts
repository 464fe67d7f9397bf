import type * as sdk from "@aws-sdk/client-sagemaker";
import { AwsError } from "../aws-error";
import { type Answer, administrator, type Call } from "../call";
import { checkQuota } from "../faults/capacity";
import type { Kept } from "../keeper";
import { pageOf } from "../paging";
import { Partitions } from "../partitions";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";
import { type Blueprint, type ConfigState, containersOf, Endpoint, type ModelState } from "./endpoint";
import { checkEndpointConfig } from "./endpoint-config-rules";
import { type KeptEndpoint, resumeEndpoint, reviveEndpoint } from "./kept-endpoint";
import { endpointsPerPage, listing } from "./listings";
import type { RequestRecord } from "./request";
import { checkDeployment, checkMayDeregister, checkRole } from "./rights";
import { namePattern, Validation } from "./validation";

interface RegionState {
  readonly models: Map<string, ModelState>;
  readonly configs: Map<string, ConfigState>;
  readonly endpoints: Map<string, Endpoint>;
}

const code = "ValidationException";
/** An endpoint has at most 50 tags, so one page holds all of them. */
const tagsPageSize = 50;
const busy = new Set<string | undefined>(["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"]);

/** SageMaker's control plane: models, endpoint configurations and endpoints. */
export class SageMaker {
  private readonly regions = new Partitions<RegionState>(() => ({
    models: new Map(),
    configs: new Map(),
    endpoints: new Map(),
  }));
  private readonly tags = new TagStore();

  constructor(private readonly world: World) {}

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

  async createEndpoint(
    call: Call,
    input: sdk.CreateEndpointCommandInput,
  ): Promise<Answer<sdk.CreateEndpointCommandOutput>> {
    const { endpoints } = this.regions.of(call);
    const name = input.EndpointName ?? "";
    new Validation()
      .required("endpointName", input.EndpointName)
      .pattern("endpointName", name, namePattern, 63)
      .end(code);
    this.refuseClash("endpoint", endpoints, name);
    const blueprint = this.blueprint(call, input.EndpointConfigName);
    checkRole(this.world, call, blueprint);
    checkDeployment(this.world, call, blueprint, input.DeploymentConfig, blueprint.variant.InitialInstanceCount ?? 1);
    this.checkQuota(call, blueprint, blueprint.variant.InitialInstanceCount ?? 1);
    const endpoint = this.newEndpoint(call, name, blueprint, this.world.clock.now());
    const { arn } = endpoint;
    endpoints.set(name.toLowerCase(), endpoint);
    this.tags.put(arn, fromTagList(input.Tags));
    endpoint.deploymentConfig = input.DeploymentConfig;
    endpoint.create();
    return { EndpointArn: arn };
  }

  async describeEndpoint(
    call: Call,
    input: sdk.DescribeEndpointCommandInput,
  ): Promise<Answer<sdk.DescribeEndpointCommandOutput>> {
    const endpoint = this.endpoint(call, input.EndpointName);
    return {
      EndpointName: endpoint.name,
      EndpointArn: endpoint.arn,
      EndpointConfigName: endpoint.blueprint.config.name,
      EndpointStatus: endpoint.status,
      CreationTime: new Date(endpoint.createdMs),
      LastModifiedTime: new Date(endpoint.modifiedMs),
      ...(endpoint.async === undefined ? {} : { AsyncInferenceConfig: endpoint.async }),
      ...(endpoint.deploymentConfig === undefined ? {} : { LastDeploymentConfig: endpoint.deploymentConfig }),
      ...(endpoint.failureReason === undefined ? {} : { FailureReason: endpoint.failureReason }),
      ...endpoint.describe(),
    };
  }

  async updateEndpoint(
    call: Call,
    input: sdk.UpdateEndpointCommandInput,
  ): Promise<Answer<sdk.UpdateEndpointCommandOutput>> {
    const endpoint = this.settled(call, input.EndpointName, "update");
    const blueprint = this.blueprint(call, input.EndpointConfigName);
    checkRole(this.world, call, blueprint);
    if (endpoint.async !== undefined && blueprint.config.input.AsyncInferenceConfig === undefined) {
      throw new AwsError(code, "AsyncInferenceConfig cannot be removed from an endpoint.");
    }
    const moved =
      blueprint.variant.InstanceType !== endpoint.blueprint.variant.InstanceType ||
      blueprint.variant.VariantName !== endpoint.variantName;
    if (moved && (await this.isScalable(call, endpoint))) {
      throw new AwsError(
        code,
        `The variant ${endpoint.variantName} of endpoint ${endpoint.name} is registered as a scalable target. Deregister it from Application Auto Scaling before changing its instance type or removing it.`,
      );
    }
    const retains = (property: sdk.VariantPropertyType): boolean =>
      input.RetainAllVariantProperties === true &&
      input.ExcludeRetainedVariantProperties?.some(({ VariantPropertyType: each }) => each === property) !== true;
    const instances = retains("DesiredInstanceCount")
      ? endpoint.desired
      : (blueprint.variant.InitialInstanceCount ?? 1);
    const deployment = input.RetainDeploymentConfig === true ? endpoint.deploymentConfig : input.DeploymentConfig;
    checkDeployment(this.world, call, blueprint, deployment, instances);
    const there = endpoint.paidOf(blueprint.variant.InstanceType ?? "");
    this.checkQuota(call, blueprint, this.world.assumed.updateQuota === "both" ? instances : instances - there);
    endpoint.deploymentConfig = deployment;
    if (!retains("DesiredWeight")) endpoint.weight = undefined;
    endpoint.update(blueprint, instances);
    return { EndpointArn: endpoint.arn };
  }

  async updateEndpointWeightsAndCapacities(
    call: Call,
    input: sdk.UpdateEndpointWeightsAndCapacitiesCommandInput,
  ): Promise<Answer<sdk.UpdateEndpointWeightsAndCapacitiesCommandOutput>> {
    const endpoint = this.settled(call, input.EndpointName, "update");
    for (const { VariantName, DesiredInstanceCount, DesiredWeight } of input.DesiredWeightsAndCapacities ?? []) {
      if (VariantName !== endpoint.variantName)
        throw new AwsError(code, `Could not find variant "${VariantName}" of endpoint ${endpoint.name}.`);
      // A member that is not sent stays as it is.
      if (DesiredWeight !== undefined) endpoint.weight = DesiredWeight;
      if (DesiredInstanceCount === undefined || DesiredInstanceCount === endpoint.desired) continue;
      const fewest = endpoint.async === undefined ? 1 : 0;
      new Validation()
        .range("desiredInstanceCount", DesiredInstanceCount, { min: fewest, max: Number.MAX_SAFE_INTEGER })
        .end(code);
      this.checkQuota(call, endpoint.blueprint, DesiredInstanceCount - endpoint.desired);
      endpoint.scale(DesiredInstanceCount);
    }
    return { EndpointArn: endpoint.arn };
  }

  async deleteEndpoint(
    call: Call,
    input: sdk.DeleteEndpointCommandInput,
  ): Promise<Answer<sdk.DeleteEndpointCommandOutput>> {
    const endpoint = this.endpoint(call, input.EndpointName);
    if (busy.has(endpoint.status)) {
      throw new AwsError(
        code,
        `Cannot delete in-progress endpoint "${endpoint.arn}": its status is ${endpoint.status}.`,
      );
    }
    if (await this.isScalable(call, endpoint)) {
      checkMayDeregister(this.world, call, resourceId(endpoint));
      await this.world.applicationAutoScaling.deregisterScalableTarget(call, {
        ServiceNamespace: "sagemaker",
        ResourceId: resourceId(endpoint),
        ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      });
    }
    endpoint.delete();
    return {};
  }

  async listEndpoints(
    call: Call,
    input: sdk.ListEndpointsCommandInput,
  ): Promise<Answer<sdk.ListEndpointsCommandOutput>> {
    const { items, next } = listing(this.regions.of(call).endpoints.values(), input, endpointsPerPage);
    return {
      Endpoints: items.map((endpoint) => ({
        EndpointName: endpoint.name,
        EndpointArn: endpoint.arn,
        EndpointStatus: endpoint.status,
        CreationTime: new Date(endpoint.createdMs),
        LastModifiedTime: new Date(endpoint.modifiedMs),
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

  /** The endpoint's state, for the runtime and for reports. @throws AwsError as DescribeEndpoint does */
  endpoint(call: Call, name: string | undefined): Endpoint {
    const endpoint = this.regions.of(call).endpoints.get((name ?? "").toLowerCase());
    if (endpoint === undefined)
      throw new AwsError(code, `Could not find endpoint "${this.arn(call, "endpoint", name ?? "")}".`);
    return endpoint;
  }

  /** What became of each request of an endpoint. */
  requestsOf(call: Call, endpointName: string): RequestRecord[] {
    return [...this.endpoint(call, endpointName).queue.records.values()];
  }

  /** Seconds of instances paid for until now. */
  instanceSecondsUsed(call: Call, endpointName: string): number {
    return this.endpoint(call, endpointName).instanceSeconds;
  }

  /** Every endpoint there is, with where it is. */
  endpoints(): Array<{ readonly accountId: string; readonly region: string; readonly endpoint: Endpoint }> {
    return [...this.regions.all()].flatMap(({ accountId, region, state }) =>
      [...state.endpoints.values()].map((endpoint) => ({ accountId, region, endpoint })),
    );
  }

  /** How many instances of a type an account's endpoints run in a region. */
  instancesOf(call: Call, instanceType: string): number {
    const endpoints = [...this.regions.of(call).endpoints.values()];
    return endpoints.reduce((sum, endpoint) => sum + endpoint.paidOf(instanceType), 0);
  }

  private checkQuota(call: Call, { variant }: Blueprint, more: number): void {
    const pool = { region: call.region, instanceType: variant.InstanceType ?? "" };
    checkQuota(this.world, pool, this.instancesOf(call, pool.instanceType), more);
  }

  /** Tells CloudWatch the minute that began at `minuteStartMs`. */
  async onMinute(minuteStartMs: number): Promise<void> {
    const endpoints = [...this.regions.all()].flatMap(({ state }) => [...state.endpoints.values()]);
    await Promise.all(endpoints.map((endpoint) => endpoint.checkHealth()));
    for (const endpoint of endpoints) await endpoint.publishMetrics(minuteStartMs);
  }

  /** An endpoint as it was when its process ended, at `endedMs`. Nothing of it runs before `resume`. */
  revivedEndpoint(where: Pick<Call, "accountId" | "region">, kept: KeptEndpoint, endedMs: number): Endpoint {
    return reviveEndpoint(kept, this.regions.of(where), endedMs, (blueprint) =>
      this.newEndpoint({ ...where, principal: administrator }, kept.name, blueprint, kept.createdMs),
    );
  }

  /** Goes on with what an earlier process left, and queues its unfinished requests again. */
  resume(kept: Kept): void {
    for (const { state } of this.regions.all()) {
      for (const endpoint of state.endpoints.values()) {
        endpoint.queue.resume(kept);
        resumeEndpoint(endpoint);
      }
    }
  }

  async close(): Promise<void> {
    for (const { state } of this.regions.all()) for (const endpoint of state.endpoints.values()) endpoint.close();
  }

  /** The combination is refused at the endpoint and not before, as AWS does. */
  private blueprint(call: Call, configName: string | undefined): Blueprint {
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

  private newEndpoint(call: Call, name: string, blueprint: Blueprint, createdMs: number): Endpoint {
    const { endpoints } = this.regions.of(call);
    const arn = this.arn(call, "endpoint", name);
    return new Endpoint(this.world, call, name, arn, blueprint, createdMs, () => {
      endpoints.get(name.toLowerCase())?.queue.forget();
      endpoints.delete(name.toLowerCase());
      this.tags.forget(arn);
      this.world.keeper?.changed("sagemaker", call.region);
    });
  }

  private async isScalable(call: Call, endpoint: Endpoint): Promise<boolean> {
    const { ScalableTargets: targets = [] } = await this.world.applicationAutoScaling.describeScalableTargets(call, {
      ServiceNamespace: "sagemaker",
      ResourceIds: [resourceId(endpoint)],
    });
    return targets.length > 0;
  }

  private settled(call: Call, name: string | undefined, doing: string): Endpoint {
    const endpoint = this.endpoint(call, name);
    if (busy.has(endpoint.status)) throw new AwsError(code, `Cannot ${doing} in-progress endpoint "${endpoint.arn}".`);
    if (endpoint.status === "Failed") {
      throw new AwsError(code, `Cannot ${doing} endpoint "${endpoint.arn}" in state Failed: it can only be deleted.`);
    }
    return endpoint;
  }

  private model(call: Call, name: string | undefined): ModelState {
    const state = this.regions.of(call).models.get((name ?? "").toLowerCase());
    if (state === undefined) throw new AwsError(code, `Could not find model "${this.arn(call, "model", name ?? "")}".`);
    return state;
  }

  private config(call: Call, name: string | undefined): ConfigState {
    const state = this.regions.of(call).configs.get((name ?? "").toLowerCase());
    if (state === undefined)
      throw new AwsError(
        code,
        `Could not find endpoint configuration "${this.arn(call, "endpoint-config", name ?? "")}".`,
      );
    return state;
  }

  /** @throws AwsError ValidationException for an ARN of nothing that is here */
  private checkTaggable(call: Call, arn: string | undefined): void {
    const { models, configs, endpoints } = this.regions.of(call);
    for (const kind of [models, configs, endpoints]) {
      for (const each of kind.values()) if (each.arn === arn) return;
    }
    throw new AwsError(code, `Could not find resource with arn "${arn}".`);
  }

  private refuseClash(kind: string, existing: ReadonlyMap<string, { readonly arn: string }>, name: string): void {
    const same = existing.get(name.toLowerCase());
    if (same !== undefined) throw new AwsError(code, `Cannot create already existing ${kind} "${same.arn}".`);
  }

  private arn(call: Call, kind: string, name: string): string {
    return `arn:aws:sagemaker:${call.region}:${call.accountId}:${kind}/${name.toLowerCase()}`;
  }
}

function unsupported(): AwsError {
  return new AwsError(code, "One or more endpoint features are not supported using this configuration.");
}

function resourceId(endpoint: Endpoint): string {
  return `endpoint/${endpoint.name}/variant/${endpoint.variantName}`;
}
