import { looksAtAsyncEndpoints, scalingOf } from "../async-endpoints";
import { types } from "../async-resources";
import type { StackRule } from "../rule";

export const endpointHasOneScalableTarget: StackRule = {
  name: "endpoint-has-one-scalable-target",
  group: "scaling",
  displayName: "An asynchronous endpoint has one scalable target",
  description: "Each asynchronous endpoint of the stack has one scalable target, and not two.",
  why: "Without a target the endpoint keeps its first instance day and night and never gets a second; with two, the last one written wins and destroying either deregisters both.",
  notJudged: "Targets registered outside the stack, and endpoints whose configuration is not in it.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Register one appautoscaling.Target with the resource id endpoint/<endpoint name>/variant/<variant name>.",
  validateStack: looksAtAsyncEndpoints("asynchronous endpoint", (each, say, { resources }) => {
    const targets = scalingOf(each, resources, types.target);
    if (targets.length === 0) say("no scalable target.");
    if (targets.length > 1) say(`${targets.length} scalable targets: ${targets.map(({ name }) => name).join(", ")}.`);
    return true;
  }),
};
