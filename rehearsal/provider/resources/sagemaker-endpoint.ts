import {
  deploymentMaximumExecutionSeconds,
  deploymentWaitSeconds,
  nameLengthMax,
  rollbackAlarmsMax,
} from "../../../contract/limits";
import { fromAws, toAws } from "../aws-shapes";
import { StepFailure } from "../failures";
import { choice, fallback, member, object, replaces, required, set, tags, text, whole } from "../property";
import { defineResource, type StepContext } from "../resource-type";
import { notFoundAsGone, sagemakerName, sagemakerTagging, sagemakerTags } from "./sagemaker-names";

const capacity = {
  type: required(choice(["INSTANCE_COUNT", "CAPACITY_PERCENT"])),
  value: required(whole({ min: 1 })),
};

const deployment = {
  autoRollbackConfiguration: replaces(
    object({
      alarms: set(object({ alarmName: required(text({ minLength: 1, maxLength: nameLengthMax.cloudwatchAlarm })) }), {
        minItems: 1,
        maxItems: rollbackAlarmsMax,
      }),
    }),
  ),
  blueGreenUpdatePolicy: object({
    maximumExecutionTimeoutInSeconds: whole(deploymentMaximumExecutionSeconds),
    terminationWaitInSeconds: fallback(0, whole(deploymentWaitSeconds)),
    trafficRoutingConfiguration: required(
      object({
        type: required(choice(["ALL_AT_ONCE", "CANARY", "LINEAR"])),
        waitIntervalInSeconds: required(whole(deploymentWaitSeconds)),
        canarySize: object(capacity),
        linearStepSize: object(capacity),
      }),
    ),
  }),
  rollingUpdatePolicy: object({
    maximumBatchSize: required(object(capacity)),
    maximumExecutionTimeoutInSeconds: whole(deploymentMaximumExecutionSeconds),
    rollbackMaximumBatchSize: object(capacity),
    waitIntervalInSeconds: required(whole(deploymentWaitSeconds)),
  }),
};

const config = { deploymentConfig: member("LastDeploymentConfig", object(deployment)) };

/** How often AWS's provider looks whether an endpoint has come up, and how long it goes on looking. */
const pollSeconds = 30;
const waitSecondsMax = 3600;

/** An endpoint. A new configuration is taken in place; rollback alarms replace it, as in AWS's provider. */
export const sagemakerEndpoint = defineResource({
  token: "aws:sagemaker/endpoint:Endpoint",
  regional: true,
  importForm: "<endpoint name>",
  inputs: {
    name: required(replaces(sagemakerName())),
    endpointConfigName: required(sagemakerName()),
    ...config,
    tags: tags(),
  },
  computed: ["arn"],
  autoname: { property: "name", maxLength: nameLengthMax.sagemaker },
  tagging: sagemakerTagging,
  async create(context, given) {
    await context.aws.sagemaker.createEndpoint({
      EndpointName: given.name,
      EndpointConfigName: given.endpointConfigName,
      ...deploymentOf(given.deploymentConfig),
      Tags: sagemakerTags(given.tags),
    });
    context.exists(given.name);
    await untilInService(context, given.name);
    return given.name;
  },
  async read({ aws }, { id }) {
    const found = await notFoundAsGone(() => aws.sagemaker.describeEndpoint({ EndpointName: id }));
    if (found === undefined || found.EndpointStatus === "Deleting") return undefined;
    return {
      name: found.EndpointName,
      arn: found.EndpointArn,
      endpointConfigName: found.EndpointConfigName,
      ...fromAws(config, found),
    };
  },
  async update(context, { id, inputs: before }, given) {
    const isUnchanged =
      before.endpointConfigName === given.endpointConfigName &&
      JSON.stringify(before.deploymentConfig) === JSON.stringify(given.deploymentConfig);
    if (!isUnchanged) {
      await context.aws.sagemaker.updateEndpoint({
        EndpointName: id,
        EndpointConfigName: given.endpointConfigName,
        ...deploymentOf(given.deploymentConfig),
      });
    }
    await untilInService(context, id);
  },
  async delete({ aws, clock }, { id }) {
    await notFoundAsGone(() => aws.sagemaker.deleteEndpoint({ EndpointName: id }));
    for (let waited = 0; ; waited += pollSeconds) {
      const found = await notFoundAsGone(() => aws.sagemaker.describeEndpoint({ EndpointName: id }));
      if (found === undefined) return;
      if (waited >= waitSecondsMax)
        throw new StepFailure(`endpoint ${id} is still ${found.EndpointStatus} after an hour`);
      await clock.sleep(pollSeconds * 1000);
    }
  },
});

type Deployment = Parameters<StepContext["aws"]["sagemaker"]["createEndpoint"]>[0]["DeploymentConfig"];

function deploymentOf(wanted: object | undefined): { DeploymentConfig?: Deployment } {
  if (wanted === undefined) return {};
  return { DeploymentConfig: toAws<NonNullable<Deployment>>(deployment, { ...wanted }) };
}

/**
 * Waits, in virtual time, until the endpoint is in service.
 *
 * After a rollback SageMaker says InService with the old configuration and AWS's provider takes that for success, and
 * so does this: a program has to look for itself.
 *
 * @throws StepFailure with AWS's reason when it is not
 */
async function untilInService(context: StepContext, name: string): Promise<void> {
  const { aws, clock, timeoutSeconds = waitSecondsMax } = context;
  for (let waited = 0; ; waited += pollSeconds) {
    const found = await aws.sagemaker.describeEndpoint({ EndpointName: name });
    const { EndpointStatus: status, FailureReason: reason } = found;
    if (status === "InService") return;
    if (status === "Failed" || status === "OutOfService" || status === "UpdateRollbackFailed") {
      throw new StepFailure(`the endpoint ${name} is ${status}: ${reason ?? "AWS gave no reason"}`);
    }
    if (waited >= timeoutSeconds) {
      throw new StepFailure(`the endpoint ${name} is still ${status} after ${timeoutSeconds} s`);
    }
    await clock.sleep(pollSeconds * 1000);
  }
}
