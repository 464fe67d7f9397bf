import { requestTtlSeconds } from "../../contract/limits";
import { limitTags } from "../../contract/manifest";
import { declared } from "../async-resources";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

/** Two minutes until the alarm and five for an instance: assumed here on purpose, not taken from the program. */
const wakeSecondsDefault = 420;

export const timeToLiveCoversWaking: ResourceRule = {
  name: "time-to-live-covers-waking",
  group: "time",
  displayName: "Requests live longer than waking takes",
  description: `The declared time to live is ${requestTtlSeconds.min} to ${requestTtlSeconds.max} seconds and not below the time of waking plus one invocation.`,
  why: "A request whose time to live is shorter than waking expires while the fleet wakes for it.",
  notJudged:
    "How long waking really takes (AWS publishes no figure, so it is a parameter), and how long the queue grows.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Raise async-fleet:requests.timeToLiveSeconds or lower async-fleet:requests.invocationTimeoutSeconds.",
  configSchema: {
    properties: {
      wakeSeconds: {
        type: "integer",
        minimum: 0,
        maximum: requestTtlSeconds.max,
        default: wakeSecondsDefault,
        description: "Seconds from a request at zero instances to its start.",
      },
    },
  },
  validateResource: looksAtAsyncConfigs((_async, report, args, props) => {
    const seconds = declared(props, "timeToLiveSeconds");
    const { min, max } = requestTtlSeconds;
    if (seconds === undefined) return report(`tag ${limitTags.timeToLiveSeconds} is missing.`);
    if (!(seconds >= min && seconds <= max))
      return report(`tag ${limitTags.timeToLiveSeconds} is not a whole number from ${min} to ${max}.`);
    // The engine fills in a schema's defaults; without an engine they are missing.
    const wakeSeconds = args.getConfig<{ wakeSeconds?: number }>().wakeSeconds ?? wakeSecondsDefault;
    const timeout = declared(props, "invocationTimeoutSeconds") ?? 0;
    if (seconds < wakeSeconds + timeout) {
      report(
        `the time to live of ${seconds} seconds is below waking (${wakeSeconds}) plus one invocation (${timeout}).`,
      );
    }
  }),
};
