import { unlessGone } from "../aws-calls";
import { fromAws, pick, toAws } from "../aws-shapes";
import { choice, chosenByAws, flag, object, replaces, required, tags, text, whole } from "../property";
import { defineResource, type Tagging } from "../resource-type";

export const autoscalingGone = ["ObjectNotFoundException", "ResourceNotFoundException"] as const;

/** What is scaled: the three properties that name it, none of which can change. */
export const scaled = () => ({
  serviceNamespace: required(replaces(choice(["sagemaker"]))),
  resourceId: required(
    replaces(
      text({
        pattern: /^endpoint\/[a-zA-Z0-9-]{1,63}\/variant\/[a-zA-Z0-9-]{1,63}$/,
        patternMeans: "endpoint/<endpoint name>/variant/<variant name>",
      }),
    ),
  ),
  scalableDimension: required(replaces(choice(["sagemaker:variant:DesiredInstanceCount"]))),
});

/** `<namespace>/<resource id>/<dimension>` and what follows, as ids are imported. */
export function importedScaled(
  id: string,
): { serviceNamespace: string; resourceId: string; scalableDimension: string; rest: string } | undefined {
  const [, serviceNamespace, resourceId, scalableDimension, rest = ""] =
    /^([a-z0-9-]+)\/(endpoint\/[^/]+\/variant\/[^/]+)\/([^/]+)(?:\/(.+))?$/.exec(id) ?? [];
  if (serviceNamespace === undefined || resourceId === undefined || scalableDimension === undefined) return undefined;
  return { serviceNamespace, resourceId, scalableDimension, rest };
}

const tagging: Tagging = {
  async read({ aws }, { outputs }) {
    const { Tags = {} } = await aws.applicationAutoScaling.listTagsForResource({ ResourceARN: String(outputs.arn) });
    return Tags;
  },
  async write({ aws }, { outputs }, put, removed) {
    const ResourceARN = String(outputs.arn);
    if (removed.length > 0) await aws.applicationAutoScaling.untagResource({ ResourceARN, TagKeys: [...removed] });
    if (Object.keys(put).length > 0) await aws.applicationAutoScaling.tagResource({ ResourceARN, Tags: { ...put } });
  },
};

const inputs = {
  ...scaled(),
  minCapacity: required(whole({ min: 0 })),
  maxCapacity: required(whole({ min: 0 })),
  roleArn: chosenByAws(text()),
  suspendedState: chosenByAws(
    object({
      dynamicScalingInSuspended: flag(),
      dynamicScalingOutSuspended: flag(),
      scheduledScalingSuspended: flag(),
    }),
  ),
  tags: tags(),
};
const sent = pick(
  inputs,
  "serviceNamespace",
  "resourceId",
  "scalableDimension",
  "minCapacity",
  "maxCapacity",
  "suspendedState",
);
type Sent = Parameters<import("../aws-calls").AwsCalls["applicationAutoScaling"]["registerScalableTarget"]>[0];

/**
 * The bounds of what may be scaled. Its id is the resource id. Endpoint variants are the only thing played; AWS ignores
 * a role for them.
 */
export const appautoscalingTarget = defineResource({
  token: "aws:appautoscaling/target:Target",
  regional: true,
  importForm: "sagemaker/endpoint/<endpoint>/variant/<variant>/sagemaker:variant:DesiredInstanceCount",
  inputs,
  computed: ["arn", "roleArn"],
  tagging,
  imported(id) {
    const named = importedScaled(id);
    if (named === undefined || named.rest !== "") return undefined;
    const { rest: _rest, ...three } = named;
    return { id: named.resourceId, inputs: three };
  },
  check: ({ minCapacity, maxCapacity }) =>
    typeof minCapacity === "number" && typeof maxCapacity === "number" && minCapacity > maxCapacity
      ? [{ property: "minCapacity", reason: `ASY-562 got ${minCapacity}, expected at most maxCapacity ${maxCapacity}` }]
      : [],
  async create({ aws, exists }, given) {
    await aws.applicationAutoScaling.registerScalableTarget({
      ...toAws<Sent>(sent, given),
      ...(given.tags === undefined ? {} : { Tags: { ...given.tags } }),
    });
    exists(given.resourceId);
    return given.resourceId;
  },
  async read({ aws }, { id, inputs: known }) {
    const { ScalableTargets = [] } = await aws.applicationAutoScaling.describeScalableTargets({
      ServiceNamespace: "sagemaker",
      ResourceIds: [id],
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
    });
    const target = ScalableTargets.find(({ ResourceId }) => ResourceId === id);
    if (target === undefined) return undefined;
    return { arn: target.ScalableTargetARN, roleArn: known.roleArn ?? target.RoleARN, ...fromAws(sent, target) };
  },
  async update({ aws }, _prior, given) {
    await aws.applicationAutoScaling.registerScalableTarget(toAws<Sent>(sent, given));
  },
  async delete({ aws }, { id }) {
    await unlessGone(autoscalingGone, () =>
      aws.applicationAutoScaling.deregisterScalableTarget({
        ServiceNamespace: "sagemaker",
        ResourceId: id,
        ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      }),
    );
  },
});
