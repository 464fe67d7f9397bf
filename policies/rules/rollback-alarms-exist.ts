import type { PolicyResource } from "@pulumi/policy";
import { rollbackAlarmsMax } from "../../contract/limits";
import { looksAtAsyncEndpoints, sameRegion } from "../async-endpoints";
import { inner, isSet, known, listAt, textAt, types } from "../async-resources";
import { comesFrom } from "../links";
import { inTurn, ofType, type StackRule } from "../rule";

export const rollbackAlarmsExist: StackRule = {
  name: "rollback-alarms-exist",
  group: "rollout",
  displayName: "The alarms that roll an update back are there",
  description: `An asynchronous endpoint that rolls updates back names 1 to ${rollbackAlarmsMax} alarms, each of the stack and of the endpoint's region.`,
  why: "An update whose rollback alarm is missing, or is in another region, is refused or never rolled back.",
  notJudged: "Alarms made outside the stack, and whether the alarms say anything of the new version.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Name alarms of the endpoint's region in deploymentConfig.autoRollbackConfiguration.alarms, or leave the part out.",
  validateStack: looksAtAsyncEndpoints("asynchronous endpoint that rolls updates back", (each, say, { resources }) => {
    const { endpoint } = each;
    const rollback = inner(endpoint.props, "deploymentConfig", "autoRollbackConfiguration");
    if (rollback === undefined) return false;
    const named = listAt(rollback, "alarms");
    if (named.length < 1 || named.length > rollbackAlarmsMax)
      say(`${named.length} rollback alarms, where AWS takes 1 to ${rollbackAlarmsMax}.`);
    const alarms = [types.alarm, types.compositeAlarm].flatMap((type) => ofType(resources, type));
    inTurn(
      Array.from({ length: named.length }, (_, index) => () => {
        // The alarms' names may be unknown until the alarms exist; then their dependency says it.
        if (!isSet(named[index], "alarmName")) return say("a rollback alarm without a name.");
        const name = known(named[index] ?? {}, "alarmName");
        const used = alarms.filter((alarm) => comesFrom(endpoint, "deploymentConfig", alarm));
        if (name === undefined && used.length > 0) return judgeRegions(used, endpoint, say);
        const wanted = textAt(named[index], "alarmName");
        const same = alarms.filter((alarm) => known(alarm.props, "name") === wanted);
        if (same.length === 0) say(`its rollback alarm ${wanted} is not in the stack.`);
        else if (!same.some((alarm) => sameRegion(alarm, endpoint)))
          say(`its rollback alarm ${wanted} is in ${known(same[0]?.props ?? {}, "region")}.`);
      }),
    );
    return true;
  }),
};

function judgeRegions(used: readonly PolicyResource[], endpoint: PolicyResource, say: (problem: string) => void): void {
  for (const alarm of used)
    if (!sameRegion(alarm, endpoint)) say(`its rollback alarm ${alarm.name} is in ${known(alarm.props, "region")}.`);
}
