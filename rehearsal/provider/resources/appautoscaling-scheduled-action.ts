import { unlessGone } from "../aws-calls";
import { chosenByAws, object, type Properties, replaces, required, text, type Values, whole } from "../property";
import { defineResource, type StepContext } from "../resource-type";
import { autoscalingGone, scaled } from "./appautoscaling-target";

const moment = () =>
  text({
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    patternMeans: "a time such as 2026-01-31T08:00:00Z",
  });

const inputs = {
  ...scaled(),
  // Two targets share a variant's name space of actions, so the provider replaces on a new name.
  name: required(replaces(text({ minLength: 1, maxLength: 255 }))),
  schedule: required(text({ pattern: /^(at|rate|cron)\(.+\)$/, patternMeans: "at(...), rate(...) or cron(...)" })),
  scalableTargetAction: required(object({ minCapacity: whole({ min: 0 }), maxCapacity: whole({ min: 0 }) })),
  startTime: moment(),
  endTime: moment(),
  timezone: chosenByAws(text()),
};
type Inputs = Values<typeof inputs>;

/** Bounds that change by the clock. AWS's provider makes the id of the names that make it up. */
export const appautoscalingScheduledAction = defineResource({
  token: "aws:appautoscaling/scheduledAction:ScheduledAction",
  regional: true,
  importForm: "(AWS's provider cannot import one)",
  inputs,
  computed: ["arn"],
  autoname: { property: "name", maxLength: 255 },
  imported: () => undefined,
  check: ({ scalableTargetAction: bounds }) =>
    bounds !== undefined && bounds.minCapacity === undefined && bounds.maxCapacity === undefined
      ? [{ property: "scalableTargetAction", reason: "ASY-562 got no bound, expected minCapacity or maxCapacity" }]
      : [],
  async create(context, given) {
    await put(context, given);
    const id = `${given.name}-${given.serviceNamespace}-${given.resourceId}`;
    context.exists(id);
    return id;
  },
  async read({ aws }, { inputs: known }) {
    const { ScheduledActions = [] } = await aws.applicationAutoScaling.describeScheduledActions({
      ServiceNamespace: "sagemaker",
      ScheduledActionNames: [String(known.name)],
      ResourceId: String(known.resourceId),
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
    });
    const action = ScheduledActions.find(({ ScheduledActionName }) => ScheduledActionName === known.name);
    if (action === undefined) return undefined;
    return {
      arn: action.ScheduledActionARN,
      name: action.ScheduledActionName,
      serviceNamespace: action.ServiceNamespace,
      resourceId: action.ResourceId,
      scalableDimension: action.ScalableDimension,
      schedule: action.Schedule,
      timezone: action.Timezone ?? "UTC",
      scalableTargetAction: {
        minCapacity: action.ScalableTargetAction?.MinCapacity,
        maxCapacity: action.ScalableTargetAction?.MaxCapacity,
      },
      startTime: asWritten(known, "startTime", action.StartTime),
      endTime: asWritten(known, "endTime", action.EndTime),
    };
  },
  async update(context, _prior, given) {
    await put(context, given);
  },
  async delete({ aws }, { inputs: given }) {
    await unlessGone(autoscalingGone, () =>
      aws.applicationAutoScaling.deleteScheduledAction({
        ScheduledActionName: given.name,
        ServiceNamespace: given.serviceNamespace,
        ResourceId: given.resourceId,
        ScalableDimension: given.scalableDimension,
      }),
    );
  },
});

async function put({ aws }: StepContext, given: Inputs): Promise<void> {
  const { minCapacity, maxCapacity } = given.scalableTargetAction;
  await aws.applicationAutoScaling.putScheduledAction({
    ScheduledActionName: given.name,
    ServiceNamespace: given.serviceNamespace,
    ResourceId: given.resourceId,
    ScalableDimension: given.scalableDimension,
    Schedule: given.schedule,
    Timezone: given.timezone ?? "UTC",
    ScalableTargetAction: {
      ...(minCapacity === undefined ? {} : { MinCapacity: minCapacity }),
      ...(maxCapacity === undefined ? {} : { MaxCapacity: maxCapacity }),
    },
    ...(given.startTime === undefined ? {} : { StartTime: new Date(given.startTime) }),
    ...(given.endTime === undefined ? {} : { EndTime: new Date(given.endTime) }),
  });
}

/** One moment can be written in many ways: the program's stays as long as it means what AWS tells. */
function asWritten(known: Properties, name: string, told: Date | undefined): unknown {
  const written = known[name];
  if (told === undefined) return undefined;
  return typeof written === "string" && Date.parse(written) === told.getTime() ? written : told.toISOString();
}
