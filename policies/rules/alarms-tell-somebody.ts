import type { PolicyResource } from "@pulumi/policy";
import { isOn, watchedBy } from "../alarms";
import { looksAtAsyncEndpoints } from "../async-endpoints";
import { inner, isSet, known, listAt, type Props, textAt, types } from "../async-resources";
import { comesFrom } from "../links";
import { ofType, type StackRule } from "../rule";

export const alarmsTellSomebody: StackRule = {
  name: "alarms-tell-somebody",
  group: "alarms",
  displayName: "Alarms have an action",
  description:
    "Each alarm on an asynchronous endpoint has an action, is part of a composite alarm, or rolls an update back.",
  why: "An alarm without an action turns red on a page that nobody looks at.",
  notJudged: "Who listens to the topic, and tools that read the alarms' states themselves.",
  severity: "low",
  enforcementLevel: "advisory",
  controls: [],
  remediationSteps: "Name topics in async-fleet:alarms.notify, or set alarmActions.",
  validateStack: looksAtAsyncEndpoints("alarm on an asynchronous endpoint", (each, say, { resources }) => {
    const alarms = ofType(resources, types.alarm).filter((alarm) =>
      watchedBy(alarm.props as Props).some((watched) => isOn(alarm, watched, each)),
    );
    const silent = alarms.filter((alarm) => !acts(alarm) && !isUsed(alarm, resources));
    if (silent.length > 0) say(`nobody is told by ${silent.map(({ name }) => name).join(", ")}.`);
    return alarms.length > 0;
  }),
};

function acts({ props }: PolicyResource): boolean {
  if (isSet(props, "actionsEnabled") && known(props, "actionsEnabled") === false) return false;
  if (!isSet(props, "alarmActions")) return false;
  const actions = known(props, "alarmActions") as Props | undefined;
  return actions === undefined || Number(actions.length) > 0;
}

/** Whether a composite alarm or an endpoint's rollback names it. */
function isUsed(alarm: PolicyResource, resources: readonly PolicyResource[]): boolean {
  const name = known(alarm.props, "name");
  const inComposite = ofType(resources, types.compositeAlarm).some(
    (each) =>
      comesFrom(each, "alarmRule", alarm) ||
      (name !== undefined && (textAt(each.props, "alarmRule") ?? "").includes(String(name))),
  );
  return (
    inComposite ||
    ofType(resources, types.endpoint).some(
      (each) =>
        comesFrom(each, "deploymentConfig", alarm) ||
        listAt(inner(each.props, "deploymentConfig", "autoRollbackConfiguration"), "alarms").some(
          (rollback) => name !== undefined && known(rollback, "alarmName") === name,
        ),
    )
  );
}
