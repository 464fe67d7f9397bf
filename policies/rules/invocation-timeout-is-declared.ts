import { invocationTimeoutSeconds } from "../../contract/limits";
import { limitTags } from "../../contract/manifest";
import { declared } from "../async-resources";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const invocationTimeoutIsDeclared: ResourceRule = {
  name: "invocation-timeout-is-declared",
  group: "time",
  displayName: "The invocation timeout is declared and within an hour",
  description: `An asynchronous endpoint configuration declares how long one invocation may take, ${invocationTimeoutSeconds.min} to ${invocationTimeoutSeconds.max} seconds.`,
  why: "Without a declared timeout every caller waits as long as it likes.",
  notJudged: "How long the model really takes, and what callers send.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Set async-fleet:requests.invocationTimeoutSeconds, or the tag async-fleet:invocation-timeout-seconds.",
  validateResource: looksAtAsyncConfigs((_async, report, _args, props) => {
    const seconds = declared(props, "invocationTimeoutSeconds");
    const { min, max } = invocationTimeoutSeconds;
    if (seconds === undefined) report(`tag ${limitTags.invocationTimeoutSeconds} is missing.`);
    else if (!(seconds >= min && seconds <= max))
      report(`tag ${limitTags.invocationTimeoutSeconds} is not a whole number from ${min} to ${max}.`);
  }),
};
