import { textAt, types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";

export const targetTrackingAlarmsAreLeftAlone: ResourceRule = {
  name: "target-tracking-alarms-are-left-alone",
  group: "alarms",
  displayName: "Target tracking keeps its own alarms",
  description:
    "No alarm has a name that begins with TargetTracking-, as the alarms that target tracking makes for itself do.",
  why: "Target tracking makes, changes and deletes its own alarms: written by a program as well, they are changed back and forth, and scaling stops when the program deletes them.",
  notJudged: "Alarms changed outside the program.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Change the target value or the cooldowns of the policy, or add an alarm under another name.",
  validateResource: looksAt([types.alarm], (props, report) => {
    const name = textAt(props, "name");
    if (name?.startsWith("TargetTracking-")) report(`${name} is an alarm of target tracking.`);
  }),
};
