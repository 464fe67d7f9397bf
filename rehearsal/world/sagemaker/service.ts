import type * as sdk from "@aws-sdk/client-sagemaker";
import { AwsError } from "../aws-error";
import { type Answer, administrator, type Call } from "../call";
import { checkQuota } from "../faults/capacity";
import type { Kept } from "../keeper";
import { fromTagList } from "../tags";
import type { Blueprint } from "./blueprint";
import { Catalog } from "./catalog";
import { Endpoint } from "./endpoint";
import { type KeptEndpoint, resumeEndpoint, reviveEndpoint } from "./kept-endpoint";
import { endpointsPerPage, listing } from "./listings";
import type { RequestRecord } from "./request";
import { checkDeployment, checkMayDeregister, checkRole } from "./rights";
import { namePattern, Validation } from "./validation";

const code = "ValidationException";
const busy = new Set<string | undefined>(["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"]);

/** SageMaker's control plane: endpoints, beside the models and configurations they are made of. */
export class SageMaker extends Catalog {
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
}

function resourceId(endpoint: Endpoint): string {
  return `endpoint/${endpoint.name}/variant/${endpoint.variantName}`;
}
