import { payloadBytesMax } from "../../contract/limits";
import { limitTags } from "../../contract/manifest";
import { declared } from "../async-resources";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const payloadLimitIsDeclared: ResourceRule = {
  name: "payload-limit-is-declared",
  group: "payload",
  displayName: "The payload limit is declared and within 1 GB",
  description: "An asynchronous endpoint configuration declares the largest payload callers may send, at most 1 GB.",
  why: "SageMaker takes 1 GB and tells nobody what this model takes: a declared limit is what clients check before they send.",
  notJudged: "Whether the model really takes that much.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Set async-fleet:requests.payloadBytes, or the tag async-fleet:max-payload-bytes, to at most 1000000000.",
  validateResource: looksAtAsyncConfigs((_async, report, _args, props) => {
    const bytes = declared(props, "payloadBytes");
    if (bytes === undefined)
      report(`tag ${limitTags.payloadBytes} is missing: callers cannot know what the endpoint takes.`);
    else if (!(bytes >= 1 && bytes <= payloadBytesMax))
      report(`tag ${limitTags.payloadBytes} is not a whole number from 1 to ${payloadBytesMax}.`);
  }),
};
